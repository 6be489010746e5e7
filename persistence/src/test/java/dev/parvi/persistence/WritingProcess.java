package dev.parvi.persistence;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import dev.parvi.persistence.EventStore.Append;
import dev.parvi.persistence.EventStore.Record;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A process that writes until it is killed, or until its input ends. Every acknowledged event is a line on its output:
 * entity, revision and the record's hash. No Pekko, no logging, no configuration: it must start fast.
 */
final class WritingProcess {
    private static final int EVENTS_MAX = 3;

    private final EventStore store;
    private final String writer = UUID.randomUUID().toString();
    private final FileOutputStream output = new FileOutputStream(FileDescriptor.out);
    private volatile boolean ending;

    private WritingProcess(EventStore store) {
        this.store = store;
    }

    public static void main(String[] arguments) throws IOException {
        var store = SqliteStore.open(Path.of(arguments[0]), settings());
        var process = new WritingProcess(store);
        process.print("ready\n");
        for (var entity = 0; entity < Integer.parseInt(arguments[1]); entity++) process.start("entity-" + entity);
        while (System.in.read() >= 0) Thread.onSpinWait();
        process.ending = true;
        store.close();
        process.print("closed " + store.stats() + "\n");
    }

    /** A short log, so that checkpoints are killed too. */
    static PersistenceSettings settings() {
        return new PersistenceSettings(
                "sqlite:by-hand",
                false,
                10_000,
                64 << 20,
                512,
                Duration.ofMillis(4),
                1,
                10_000,
                Duration.ofSeconds(20),
                1 << 20,
                true,
                2);
    }

    static String line(String entity, long revision, ByteString record) {
        return entity + " " + revision + " " + record.hashCode();
    }

    private void start(String entity) {
        var unused = store.head(entity).thenAccept(head -> append(entity, head));
    }

    private void append(String entity, long head) {
        if (ending) return;
        var records = new ArrayList<Record>();
        for (var n = ThreadLocalRandom.current().nextInt(EVENTS_MAX); n >= 0; n--)
            records.add(record(writer + " " + entity + " " + head + " "
                    + ThreadLocalRandom.current().nextLong()));
        var unused = store.append(new Append(entity, head, writer, records)).whenComplete((result, failure) -> {
            if (failure != null) print("failed " + failure.getMessage() + "\n");
            else
                result.fold(appended -> acknowledge(entity, head, records), fenced -> {
                    append(entity, fenced.headRevision());
                    return head;
                });
        });
    }

    /** Found by its own text. */
    private static Record record(String text) {
        return new Record(ByteString.copyFromUtf8(text), text);
    }

    private long acknowledge(String entity, long head, List<Record> records) {
        var lines = new StringBuilder();
        var revision = head;
        for (var record : records)
            lines.append(line(entity, ++revision, record.bytes())).append('\n');
        print(lines.toString());
        append(entity, revision);
        return revision;
    }

    private void print(String lines) {
        try {
            output.write(lines.getBytes(UTF_8));
        } catch (IOException closed) {
            ending = true;
        }
    }
}
