package dev.parvi.testkit.drill;

import dev.parvi.entity.Entity;
import dev.parvi.persistence.UnusableStore;
import dev.parvi.runtime.EntityCatalog;
import dev.parvi.runtime.Json;
import dev.parvi.runtime.NodeSettings;
import dev.parvi.runtime.StartFailure;
import dev.parvi.runtime.command.LogSetup;
import dev.parvi.runtime.command.Parvi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sun.misc.Signal;

/** {@code parvi drill}: random failures from a seed, against a real cluster under load, with a verdict and a report. */
@Command(
        name = "parvi drill",
        description = "Makes nodes fail at random while clients write, and says whether anything was lost.",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        optionListHeading = "%nOptions:%n",
        footer = {
            "",
            "Nodes are killed, frozen, stopped and cut off from each other; in the end all is repaired, and what",
            "clients were told is compared with the journal. Cutting needs root on Linux with iptables; without,",
            "it is left out, and the report says so. Ctrl-C ends a drill early: what was done is judged.",
            "",
            "Examples:",
            "  parvi drill --seed 42 --minutes 10",
            "  parvi drill --minutes 10 --entities ./jars --type room",
            "  parvi drill --send 'deposit {\"amount\": 1}' --send 'withdraw {\"amount\": 1}'",
            "",
            "Exit codes: 0 nothing was violated, 1 something was, 2 wrong option or setting, 3 folder or store",
            "not usable."
        })
public final class DrillCommand implements Callable<Integer> {
    private static final int SENTENCES_SHOWN = 5;

    @Mixin
    private DrillOptions options = new DrillOptions();

    @Option(names = "--json", description = "The result as one JSON object; what happens goes to standard error.")
    private boolean json;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    public static void main(String[] arguments) {
        System.exit(Parvi.execute(new DrillCommand(), arguments));
    }

    @Override
    public Integer call() throws InterruptedException {
        LogSetup.installForAnswers();
        var report = options.report();
        var entities = EntityCatalog.load(options.folders());
        var folder = newFolder();
        var out = spec.commandLine().getOut();
        var narrator = new Narrator(json ? spec.commandLine().getErr() : out, LogSetup.isTerminal() && !json);
        var drill = prepared(entities, folder, narrator);
        endOnSignals(drill, narrator);
        introduce(drill, narrator);
        var result = run(drill, folder);
        try {
            Report.write(result, report);
        } catch (IOException unwritable) {
            throw StartFailure.of(
                    StartFailure.Exit.MACHINE, "The report cannot be written: " + unwritable.getMessage() + ".");
        }
        conclude(result, report, narrator);
        if (json) out.println(toJson(result, report));
        out.flush();
        return (result.passed() ? StartFailure.Exit.OK : StartFailure.Exit.FAULT).code();
    }

    /** A mistake is found before anything has begun, so nothing stays. */
    private Drill prepared(List<Entity<?, ?>> entities, Path folder, Narrator narrator) {
        try {
            var arguments = spec.commandLine().getParseResult().originalArgs();
            return new Drill(options.toPlan(entities, folder, arguments), entities, narrator);
        } catch (StartFailure mistake) {
            remove(folder);
            throw mistake;
        }
    }

    private static DrillResult run(Drill drill, Path folder) throws InterruptedException {
        try {
            var result = drill.run();
            if (!result.passed()) return result.keeping(folder);
            remove(folder);
            return result;
        } catch (UnusableStore failure) {
            throw StartFailure.of(StartFailure.Exit.MACHINE, NodeSettings.sentence(failure.getMessage()));
        } catch (IllegalStateException failure) {
            var told = String.valueOf(failure.getMessage());
            if (!told.startsWith("the node ended") && !told.startsWith("no answer within")) throw failure;
            var why = told.lines()
                    .filter(line -> line.startsWith("parvi: "))
                    .reduce((first, second) -> second)
                    .map(line -> line.substring("parvi: ".length()))
                    .orElse(told.lines().findFirst().orElse(""));
            throw StartFailure.of(
                    StartFailure.Exit.MACHINE,
                    "The nodes did not start: " + NodeSettings.sentence(why) + " Their logs are in " + folder + ".");
        }
    }

    private static void introduce(Drill drill, Narrator narrator) {
        var plan = drill.plan();
        narrator.say("Drill of " + String.join(", ", plan.requests().typeNames()) + ": seed " + plan.seed() + ", "
                + Chronicle.clock(plan.duration()) + ", " + plan.nodes() + " nodes, " + plan.clients() + " clients, "
                + plan.ids() + " entities of each type, on " + plan.store() + ".");
        drill.skipped().forEach(narrator::say);
        narrator.say("Whatever goes wrong from here on is done on purpose, unless the verdict says otherwise.");
        narrator.say("");
    }

    private static void conclude(DrillResult result, Path report, Narrator narrator) {
        narrator.say("");
        narrator.say(result.sentence());
        result.violations().stream().limit(SENTENCES_SHOWN).forEach(sentence -> narrator.say("  " + sentence));
        result.remarks().forEach(narrator::say);
        narrator.say("The report is " + report + ".");
        result.kept().forEach(kept -> narrator.say("Data and logs of the nodes are in " + kept + "."));
    }

    /** The first one ends the drill in good order, the second at once; the nodes end with this process. */
    private static void endOnSignals(Drill drill, Narrator narrator) {
        for (var name : List.of("INT", "TERM")) {
            Signal.handle(new Signal(name), signal -> {
                if (drill.stop())
                    narrator.say("Ending early: all is repaired, and what was done is judged. Again to end at once.");
                else new Thread(() -> System.exit(StartFailure.Exit.FAULT.code())).start();
            });
        }
    }

    private static String toJson(DrillResult result, Path report) {
        var counts = result.verdict().counts();
        return Json.object(object -> {
            object.writeBooleanField("passed", result.passed());
            object.writeNumberField("seed", result.plan().seed());
            object.writeNumberField("seconds", result.took().toMillis() / 1e3);
            object.writeBooleanField("endedEarly", result.wasStopped());
            object.writeNumberField("episodes", result.played());
            object.writeNumberField("faults", result.faults());
            object.writeNumberField("acknowledged", counts.acknowledged());
            object.writeNumberField("answered", counts.answered());
            object.writeNumberField("refused", counts.refused());
            object.writeNumberField("undecided", counts.undecided());
            object.writeNumberField("seen", counts.seen());
            object.writeNumberField("longestWaitSeconds", result.longestWait().toMillis() / 1e3);
            object.writeObjectFieldStart("violations");
            for (var check : result.verdict().violations().entrySet())
                object.writeNumberField(check.getKey(), check.getValue());
            object.writeNumberField("repair", result.failures().size());
            object.writeEndObject();
            object.writeArrayFieldStart("sentences");
            for (var sentence : result.violations()) object.writeString(sentence);
            object.writeEndArray();
            object.writeArrayFieldStart("remarks");
            for (var remark : result.remarks()) object.writeString(remark);
            object.writeEndArray();
            object.writeStringField("report", report.toString());
        });
    }

    private static Path newFolder() {
        try {
            return Files.createTempDirectory("parvi-drill");
        } catch (IOException noRoom) {
            throw StartFailure.of(
                    StartFailure.Exit.MACHINE, "There is no folder for the nodes' data: " + noRoom.getMessage() + ".");
        }
    }

    private static void remove(Path folder) {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        } catch (IOException failure) {
            throw new UncheckedIOException("the data of the drill could not be removed", failure);
        }
    }
}
