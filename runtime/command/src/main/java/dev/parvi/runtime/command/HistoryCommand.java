package dev.parvi.runtime.command;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.parvi.entity.CommandPipeline;
import dev.parvi.entity.Entity;
import dev.parvi.entity.NotServing;
import dev.parvi.persistence.DamagedRecord;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.EventStore.StoredEvent;
import dev.parvi.protobuf.EventRecord;
import dev.parvi.protobuf.JournalRecord;
import dev.parvi.runtime.EntityCatalog;
import dev.parvi.runtime.Json;
import dev.parvi.runtime.NodeSettings;
import dev.parvi.runtime.StartFailure;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code parvi history}: what happened to one entity. */
@Command(
        name = "history",
        description = "Prints the events of one entity as they are stored.",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        optionListHeading = "%nOptions:%n",
        footer = {
            "",
            "Examples:",
            "  parvi history account/alice",
            "  parvi history account/alice --from 100 --max 10 --json"
        })
final class HistoryCommand implements Callable<Integer> {
    @Parameters(paramLabel = "ENTITY", description = "The entity, such as account/alice.")
    private String entity = "";

    @Option(names = "--from", paramLabel = "R", defaultValue = "1", description = "The first revision. Default: 1")
    private long from = 1;

    @Option(names = "--max", paramLabel = "N", defaultValue = "1000", description = "Events at most. Default: 1000")
    private long max = 1_000;

    @Mixin
    private StoreOptions options = new StoreOptions();

    @Mixin
    private EntityOptions entities = new EntityOptions();

    @Option(names = "--json", description = "One JSON object a line.")
    private boolean json;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() {
        LogSetup.installForAnswers();
        if (from < 1) throw StartFailure.usage("--from must be at least 1, but is " + from + ".");
        if (max < 1) throw StartFailure.usage("--max must be at least 1, but is " + max + ".");
        var config = options.layers(entities.keys()).effective();
        StoreOptions.requireThere(config);
        var known = EntityCatalog.load(NodeSettings.from(config).entityFolders());
        var out = spec.commandLine().getOut();
        try (var store = StoreOptions.open(config)) {
            var head = store.head(entity).join();
            if (head == 0) throw StartFailure.of(StartFailure.Exit.USAGE, "No events of " + entity + " are stored.");
            print(store, known, out);
            if (!json) out.println(entity + " is at revision " + head + ".");
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof NotServing silent)
                throw StartFailure.of(StartFailure.Exit.MACHINE, NodeSettings.sentence(silent.getMessage()));
            if (!(failure.getCause() instanceof DamagedRecord damaged)) throw failure;
            throw StartFailure.of(StartFailure.Exit.DAMAGE, NodeSettings.sentence(damaged.getMessage()));
        } finally {
            out.flush();
        }
        return StartFailure.Exit.OK.code();
    }

    private void print(EventStore store, List<Entity<?, ?>> known, PrintWriter out) {
        var lines = new ArrayList<String>();
        try {
            store.replay(entity, from, Long.MAX_VALUE, max, event -> lines.add(line(event, known)))
                    .join();
        } finally {
            // What comes before a damaged record is shown all the same.
            lines.forEach(out::println);
        }
    }

    private String line(StoredEvent stored, List<Entity<?, ?>> known) {
        try {
            var record = JournalRecord.parseFrom(stored.record());
            if (!record.hasEvent()) return unknown(stored, stored.record().size() + " bytes of another program");
            return json ? asJson(stored, record.getEvent(), known) : asText(stored, record.getEvent(), known);
        } catch (InvalidProtocolBufferException unreadable) {
            return unknown(stored, "not readable");
        }
    }

    private String unknown(StoredEvent stored, String what) {
        if (!json) return String.format(Locale.ROOT, "%6d  %s", stored.revision(), what);
        return Json.object(fields -> {
            fields.writeNumberField("revision", stored.revision());
            fields.writeStringField("unknown", what);
            fields.writeStringField("writer", stored.writer());
        });
    }

    private static String asText(StoredEvent stored, EventRecord event, List<Entity<?, ?>> known) {
        var key = event.getOutcome().getIdempotencyKey();
        return String.format(
                Locale.ROOT,
                "%6d  %s  %-12s  %s%s",
                stored.revision(),
                time(event),
                event.getMethod(),
                payload(event, known),
                key.isEmpty() ? "" : "  key " + key);
    }

    private static String asJson(StoredEvent stored, EventRecord event, List<Entity<?, ?>> known) {
        return Json.object(fields -> {
            fields.writeNumberField("revision", stored.revision());
            fields.writeStringField("time", time(event).toString());
            fields.writeStringField("method", event.getMethod());
            fields.writeStringField("type", event.getType());
            fields.writeFieldName("event");
            fields.writeRawValue(payload(event, known));
            fields.writeStringField("key", event.getOutcome().getIdempotencyKey());
            fields.writeStringField("principal", event.getPrincipal());
            fields.writeStringField("writer", stored.writer());
        });
    }

    private static Instant time(EventRecord event) {
        return Instant.ofEpochMilli(event.getTimeMillis()).truncatedTo(ChronoUnit.MILLIS);
    }

    /** As JSON, if one of the entities on the class path knows the message; else its size. */
    private static String payload(EventRecord event, List<Entity<?, ?>> known) {
        if (CommandPipeline.isTombstone(event)) return "\"deleted\"";
        for (var entity : known) {
            var prototype = entity.type().event();
            if (!prototype.getDescriptorForType().getFullName().equals(event.getType())) continue;
            try {
                return JsonFormat.printer()
                        .omittingInsignificantWhitespace()
                        .print(prototype.getParserForType().parseFrom(event.getPayload()));
            } catch (InvalidProtocolBufferException unreadable) {
                break;
            }
        }
        return "\"" + event.getType() + ", " + event.getPayload().size() + " bytes\"";
    }
}
