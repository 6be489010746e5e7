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
import java.time.Duration;
import java.util.Locale;
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
        var config = options.config();
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

    final Config config() {
        return options.config();
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

    /** Says what was done, in one line. */
    final void report(String done, Totals totals, Duration elapsed, String where) {
        report(out(), done, totals, elapsed, where);
    }

    final void report(PrintWriter out, String done, Totals totals, Duration elapsed, String where) {
        var seconds = Math.max(1, elapsed.toMillis()) / 1e3;
        if (json) {
            out.println(Json.object(fields -> {
                fields.writeNumberField("entities", totals.entities());
                fields.writeNumberField("events", totals.events());
                fields.writeNumberField("snapshots", totals.snapshots());
                fields.writeNumberField("seconds", seconds);
            }));
        } else {
            out.println(String.format(
                    Locale.ROOT,
                    "%s %,d entities, %,d events and %,d snapshots%s in %.1f s, %,.0f events/s.",
                    done,
                    totals.entities(),
                    totals.events(),
                    totals.snapshots(),
                    where,
                    seconds,
                    totals.events() / seconds));
        }
        out.flush();
    }
}
