package dev.parvi.persistence.postgres;

import dev.parvi.entity.NotServing;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.EventStore.EntityPage;
import dev.parvi.persistence.PersistenceSettings;
import dev.parvi.persistence.RecordChecksum;
import dev.parvi.persistence.StoreCounters;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The store in a PostgreSQL database, which the nodes of a cluster share. */
final class PostgresStore implements EventStore {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresStore.class);
    private static final long SMALL_TASK_BYTES = 256;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** A row of the server's index must fit a third of a page. */
    private static final int NAME_BYTES_MAX = 2_000;

    private final Connections connections;
    private final StoreCounters counters = new StoreCounters();
    private final WriteLanes lanes;
    private final List<PostgresWriter> writers = new ArrayList<>();
    private final List<Thread> writerThreads = new ArrayList<>();
    private final PostgresReaders readers;

    private PostgresStore(Connections connections, PersistenceSettings settings, PostgresTables.Fence fence) {
        this.connections = connections;
        this.lanes = new WriteLanes(settings, connections.settings().writers());
        this.readers = new PostgresReaders(connections, settings);
        for (var lane = 0; lane < connections.settings().writers(); lane++) {
            var writer = new PostgresWriter(lane, lanes, connections, fence, counters);
            writers.add(writer);
            writerThreads.add(thread("parvi-store-writer-" + (lane + 1), writer));
        }
        writerThreads.forEach(Thread::start);
    }

    static PostgresStore open(PostgresUrl url, PersistenceSettings settings, PostgresSettings own) {
        return open(url, settings, own, PostgresTables.Fence.EQUAL_HEADS);
    }

    static PostgresStore open(
            PostgresUrl url, PersistenceSettings settings, PostgresSettings own, PostgresTables.Fence fence) {
        var connections = new Connections(url, own);
        var schema = new PostgresSchema(connections);
        if (settings.autoMigrate()) schema.migrate();
        schema.check();
        return new PostgresStore(connections, settings, fence);
    }

    /** Makes or changes the tables, and says which version they have now. */
    static String migrate(PostgresUrl url, PostgresSettings own) {
        new PostgresSchema(new Connections(url, own)).migrate();
        return url + ": the schema \"" + own.schema() + "\" has version " + PostgresSchema.VERSION;
    }

    @Override
    public CompletableFuture<AppendResult> append(Append append) {
        // Here and not in the task: the threads that write have enough to do.
        var keyHashes = keyHashes(append.records());
        var addsEntity = append.expectedRevision() == 0;
        return submit(append.writer(), new WriteTask<>(append.entity(), append.sizeBytes(), addsEntity) {
            @Override
            AppendResult write(PostgresTables tables, boolean inDoubt) throws SQLException {
                return tables.append(append, keyHashes, inDoubt);
            }

            @Override
            void onStored(AppendResult stored) {
                counters.onAnswered(append, stored);
            }
        });
    }

    @Override
    public CompletableFuture<Long> head(String entity) {
        return readers.read(reads -> reads.head(entity));
    }

    @Override
    public CompletableFuture<Void> replay(String entity, long from, long to, long max, Consumer<StoredEvent> onEvent) {
        return readers.read(reads -> {
            reads.replay(entity, from, to, max, onEvent);
            return null;
        });
    }

    @Override
    public CompletableFuture<List<StoredEvent>> find(String entity, String key) {
        if (key.isEmpty()) return CompletableFuture.completedFuture(List.of());
        var hash = RecordChecksum.ofKey(key);
        return readers.read(reads -> reads.find(entity, hash));
    }

    @Override
    public CompletableFuture<Void> deleteTo(String entity, long revision) {
        return change(entity, SMALL_TASK_BYTES, false, "", tables -> tables.deleteTo(entity, revision));
    }

    @Override
    public CompletableFuture<Void> save(Snapshot snapshot, int kept) {
        var sizeBytes = SMALL_TASK_BYTES + snapshot.record().size();
        return change(snapshot.entity(), sizeBytes, true, snapshot.writer(), tables -> tables.save(snapshot, kept));
    }

    @Override
    public CompletableFuture<Optional<Snapshot>> load(String entity, SnapshotRange range) {
        return readers.read(reads -> reads.load(entity, range));
    }

    @Override
    public CompletableFuture<Void> deleteSnapshots(String entity, SnapshotRange range) {
        return change(entity, SMALL_TASK_BYTES, false, "", tables -> tables.deleteSnapshots(entity, range));
    }

    @Override
    public CompletableFuture<EntityPage> entities(String prefix, String cursor, int max) {
        return readers.read(reads -> reads.entities(prefix, cursor, max));
    }

    @Override
    public CompletableFuture<FeedPage> feed(Slices slices, String prefix, String cursor, int max) {
        return readers.read(reads -> reads.feed().read(slices, prefix, cursor, max));
    }

    @Override
    public CompletableFuture<String> feedEnd() {
        return readers.read(reads -> reads.feed().end());
    }

    @Override
    public Stats stats() {
        var stalled = writers.stream().map(PostgresWriter::stalled).max(Comparator.naturalOrder());
        return counters.toStats(lanes.unanswered(), stalled.orElse(Duration.ZERO));
    }

    /** Never: a server that was away or lost its disk is asked again, and what it has stored is what it says then. */
    @Override
    public Optional<String> failure() {
        return Optional.empty();
    }

    @Override
    public void close() {
        lanes.close();
        readers.stop();
        for (var thread : writerThreads)
            if (!await(millis -> {
                thread.join(millis);
                return !thread.isAlive();
            }))
                LOG.error(
                        "{}: the server does not answer, the store is left open; what was not acknowledged may be lost",
                        connections.url());
        readers.close();
    }

    /** Of each record's key; what stands for an empty one is not looked at. */
    private static long[] keyHashes(List<Record> records) {
        var hashes = new long[records.size()];
        for (var n = 0; n < hashes.length; n++) {
            var key = records.get(n).key();
            if (!key.isEmpty()) hashes[n] = RecordChecksum.ofKey(key);
        }
        return hashes;
    }

    private CompletableFuture<Void> change(
            String entity, long sizeBytes, boolean addsEntity, String writer, Change change) {
        return submit(writer, new WriteTask<>(entity, sizeBytes, addsEntity) {
            @Override
            @Nullable
            Void write(PostgresTables tables, boolean inDoubt) throws SQLException {
                change.make(tables);
                return null;
            }
        });
    }

    private <T> CompletableFuture<T> submit(String writer, WriteTask<T> task) {
        if (!isStorable(task.entity) || !isStorable(writer))
            return CompletableFuture.failedFuture(
                    new IllegalArgumentException("an entity id or a writer is longer than " + NAME_BYTES_MAX
                            + " bytes, or holds a character that PostgreSQL does not store"));
        var refusal = lanes.offer(task);
        if (refusal.isEmpty()) return task.future;
        counters.onFailed(1);
        return CompletableFuture.failedFuture(new NotServing(refusal));
    }

    /** What the server or the driver would refuse later, when it is in a group with others. */
    private static boolean isStorable(String name) {
        CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
        return name.indexOf('\0') < 0
                && encoder.canEncode(name)
                && name.getBytes(StandardCharsets.UTF_8).length <= NAME_BYTES_MAX;
    }

    /** A thread that is named, and never the reason that a JVM does not end. */
    static Thread thread(String name, Runnable work) {
        var thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /** False if it did not end in time. An interrupt does not shorten the wait, the data is worth it. */
    static boolean await(Wait wait) {
        var end = System.nanoTime() + PATIENCE.toNanos();
        var interrupted = false;
        try {
            while (true) {
                var left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) return false;
                try {
                    return wait.ended(left);
                } catch (InterruptedException again) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) Thread.currentThread().interrupt();
        }
    }

    /** What to wait for, at most so long. */
    interface Wait {
        boolean ended(long millis) throws InterruptedException;
    }

    private interface Change {
        void make(PostgresTables tables) throws SQLException;
    }
}
