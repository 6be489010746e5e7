package dev.parvi.runtime.command;

import dev.parvi.persistence.pekkojournal.JournalReport;
import dev.parvi.persistence.pekkojournal.JournalReport.Progress;
import dev.parvi.persistence.pekkojournal.PekkoJournal;
import dev.parvi.persistence.transfer.Totals;
import dev.parvi.runtime.StartFailure;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code parvi inspect}: what two writers did to each other in a journal that Parvi has not written. */
@Command(
        name = "inspect",
        description = "Reports what a journal of pekko-persistence-cassandra has lost. Never writes.",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        footer = {
            "",
            "That is every number that two writers wrote, what a replay discards there, and missing numbers.",
            "Akka's plugin for Cassandra has the same tables.",
            "",
            "Exit code 0: nothing is wrong, 6: something is. User, password and TLS are settings of",
            "parvi.persistence.cassandra; how the application replays is told in parvi.pekko-journal.",
            "",
            "Examples:",
            "  parvi inspect cassandra://10.0.0.1:9042/pekko",
            "  parvi inspect cassandra://10.0.0.1/akka --set parvi.persistence.cassandra.user=reader",
            "  parvi inspect cassandra://10.0.0.1/pekko --json > findings.jsonl"
        })
final class InspectCommand implements Callable<Integer> {
    @Parameters(paramLabel = "URL", description = "cassandra://<host>:<port>/<keyspace of the journal>")
    private String url = "";

    @Option(names = "--json", description = "One JSON object a line: each finding, then the report.")
    private boolean json;

    @Option(
            names = "--max",
            paramLabel = "N",
            defaultValue = "20",
            description = "Findings shown of each persistence id; all are counted. Default: 20")
    private int max;

    @Mixin
    private SettingsOptions options = new SettingsOptions();

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() {
        if (max < 1) throw StartFailure.usage("--max must be at least 1, but is " + max + ".");
        LogSetup.installForAnswers();
        var config = options.layers(Map.of()).effective();
        var report = StoreOptions.orSentence(() -> {
            try (var journal = PekkoJournal.open(url, config)) {
                return inspect(journal);
            }
        });
        return (report.isClean() ? StartFailure.Exit.OK : StartFailure.Exit.DAMAGE).code();
    }

    private JournalReport inspect(PekkoJournal journal) {
        var out = spec.commandLine().getOut();
        var progress = new ProgressLine(spec.commandLine().getErr(), "inspecting", LogSetup.isTerminal());
        JournalReport report;
        if (json) {
            report = journal.inspect(finding -> out.println(FindingJson.of(finding)), so -> progress.on(read(so), -1));
            progress.end();
            out.println(FindingJson.of(report));
        } else {
            var text = new FindingText(out, max);
            report = journal.inspect(text::print, so -> progress.on(read(so), -1));
            progress.end();
            text.print(report);
        }
        out.flush();
        return report;
    }

    private static Totals read(Progress soFar) {
        return new Totals(soFar.persistenceIds(), soFar.events(), 0);
    }
}
