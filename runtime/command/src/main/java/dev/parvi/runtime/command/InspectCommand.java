package dev.parvi.runtime.command;

import dev.parvi.persistence.pekkojournal.JournalReport;
import dev.parvi.persistence.pekkojournal.JournalReport.Progress;
import dev.parvi.persistence.pekkojournal.PekkoJournal;
import dev.parvi.runtime.ConfigLayers;
import dev.parvi.runtime.StartFailure;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code parvi inspect}: what two writers did to each other in a journal that Parvi has not written. */
@Command(
        name = "inspect",
        description = {
            "Reads a journal of pekko-persistence-cassandra, or of Akka's plugin, and reports every number that",
            "two writers wrote, what a replay discards there, and missing numbers. Never writes."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true,
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        footer = {
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
    private static final int PROGRESS_SECONDS = 5;

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

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Settings in HOCON, JSON or properties. May be repeated; the first wins.")
    private List<Path> files = new ArrayList<>();

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Any one setting. May be repeated.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    private int ticks;

    @Override
    public Integer call() {
        if (max < 1) throw StartFailure.usage("--max must be at least 1, but is " + max + ".");
        LogSetup.installForAnswers();
        var config = ConfigLayers.of(System.getenv(), files, settings).effective();
        var report = StoreOptions.orSentence(() -> {
            try (var journal = PekkoJournal.open(url, config)) {
                return inspect(journal);
            }
        });
        return (report.isClean() ? StartFailure.Exit.OK : StartFailure.Exit.DAMAGE).code();
    }

    private JournalReport inspect(PekkoJournal journal) {
        var out = spec.commandLine().getOut();
        var err = spec.commandLine().getErr();
        JournalReport report;
        if (json) {
            report = journal.inspect(finding -> out.println(FindingJson.of(finding)), progress -> say(progress, err));
            out.println(FindingJson.of(report));
        } else {
            var text = new FindingText(out, max);
            report = journal.inspect(text::print, progress -> say(progress, err));
            text.print(report);
        }
        out.flush();
        return report;
    }

    private void say(Progress progress, PrintWriter err) {
        if (++ticks % PROGRESS_SECONDS != 0) return;
        err.println(String.format(
                Locale.ROOT,
                "%,d persistence ids, %,d events so far, %,d events a second",
                progress.persistenceIds(),
                progress.events(),
                progress.rate()));
        err.flush();
    }
}
