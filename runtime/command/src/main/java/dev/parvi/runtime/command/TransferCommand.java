package dev.parvi.runtime.command;

import com.typesafe.config.Config;
import dev.parvi.persistence.DamagedRecord;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.transfer.Totals;
import dev.parvi.persistence.transfer.TransferFailure;
import dev.parvi.runtime.Json;
import dev.parvi.runtime.NodeSettings;
import dev.parvi.runtime.StartFailure;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the commands that go through a whole store have in common. */
abstract class TransferCommand implements Callable<Integer> {
    @Mixin
    private StoreOptions options = new StoreOptions();

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            description = "Only entities of this type, such as account. Default: all")
    private @Nullable String type;

    @Option(names = "--json", description = "The result as one JSON object.")
    private boolean json;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    private final String participle;

    /** @param participle what it is doing, for the line of progress */
    TransferCommand(String participle) {
        this.participle = participle;
    }

    /** Goes through the store; gives the exit code. */
    abstract int run(EventStore store, String prefix, ProgressLine progress);

    /** Whether a store that is not there yet may be made. */
    boolean makesStore() {
        return false;
    }

    @Override
    public final Integer call() {
        LogSetup.installForAnswers();
        var config = config();
        if (!makesStore()) StoreOptions.requireThere(config);
        var progress = new ProgressLine(spec.commandLine().getErr(), participle, LogSetup.isTerminal());
        try (var store = StoreOptions.open(config)) {
            return run(store, type == null ? "" : type + "/", progress);
        } catch (TransferFailure failure) {
            progress.end();
            throw StartFailure.of(StartFailure.Exit.MACHINE, NodeSettings.sentence(failure.sentence()));
        } catch (DamagedRecord damaged) {
            progress.end();
            throw StartFailure.of(StartFailure.Exit.DAMAGE, NodeSettings.sentence(damaged.getMessage()));
        }
    }

    /** The settings that all options make together. */
    Config config() {
        return options.config();
    }

    final StoreOptions options() {
        return options;
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    final PrintWriter err() {
        return spec.commandLine().getErr();
    }

    final boolean isJson() {
        return json;
    }

    /** What was gone through: counts that belong to each other, and what they are of. */
    static Map<String, Long> counts(Totals totals) {
        var counts = new LinkedHashMap<String, Long>();
        counts.put("entities", totals.entities());
        counts.put("events", totals.events());
        counts.put("snapshots", totals.snapshots());
        return counts;
    }

    /**
     * Says what was done: in one line, or as an object with all counts.
     *
     * @param sentence goes on with the time that it took
     */
    final void report(PrintWriter out, String sentence, Map<String, Long> counts, ProgressLine progress) {
        progress.end();
        var seconds = Math.max(1, progress.elapsed().toMillis()) / 1e3;
        if (json) {
            out.println(Json.object(fields -> {
                for (var count : counts.entrySet()) fields.writeNumberField(count.getKey(), count.getValue());
                fields.writeNumberField("seconds", seconds);
            }));
        } else {
            var rate = counts.getOrDefault("events", 0L) / seconds;
            out.println(sentence + String.format(Locale.ROOT, " in %.1f s, %,.0f events a second.", seconds, rate));
        }
        out.flush();
    }

    /** As a person says it: 1 entity, 2 events and 0 snapshots. */
    static String spoken(Totals totals) {
        return spoken(totals.entities(), "entity", "entities") + ", " + spoken(totals.events(), "event", "events")
                + " and " + spoken(totals.snapshots(), "snapshot", "snapshots");
    }

    static String spoken(long count, String one, String many) {
        return String.format(Locale.ROOT, "%,d %s", count, count == 1 ? one : many);
    }
}
