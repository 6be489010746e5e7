package dev.parvi.persistence;

import com.typesafe.config.Config;
import dev.parvi.entity.NotServing;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The store in one SQLite file, which the processes of one host may share. */
final class SqliteStore implements EventStore {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteStore.class);
    private static final long SMALL_TASK_BYTES = 256;

    private final SqliteFile file;
    private final ToLongFunction<String> keyHash;
    private final StoreCounters counters = new StoreCounters();
    private final WriteQueue queue;
    private final SqliteWriter writer;
    private final SqliteReaders readers;
    private final SqliteUpkeep upkeep;
    private final Thread writerThread;
    private final Thread upkeepThread;

    private SqliteStore(
            SqliteFile file, PersistenceSettings settings, SqliteWriter.Opener opener, ToLongFunction<String> keyHash)
            throws SQLException, IOException {
        this.file = file;
        this.keyHash = keyHash;
        this.queue = new WriteQueue(settings);
        this.writer = new SqliteWriter(file, opener, queue, counters);
        this.readers = new SqliteReaders(file, settings);
        this.upkeep = new SqliteUpkeep(file, writer, counters, settings.walBytesMax());
        this.writerThread = Threads.of("parvi-store-writer", writer);
        this.upkeepThread = Threads.of("parvi-store-upkeep", upkeep);
        writerThread.start();
        upkeepThread.start();
    }

    static SqliteStore open(Path path, PersistenceSettings settings) {
        return open(path, settings, SqliteConnection::new);
    }

    static SqliteStore open(Path path, PersistenceSettings settings, SqliteWriter.Opener opener) {
        return open(path, settings, opener, RecordChecksum::ofKey);
    }

    static SqliteStore open(
            Path path, PersistenceSettings settings, SqliteWriter.Opener opener, ToLongFunction<String> keyHash) {
        var file = new SqliteFile(path, settings);
        file.createFolder();
        new SqliteSchema(file).migrate();
        try {
            return new SqliteStore(file, settings, opener, keyHash);
        } catch (SQLException failure) {
            throw new UnusableStore(SqliteFailure.of(failure).of(file, failure), failure);
        } catch (IOException failure) {
            throw new UnusableStore(file + " could not be opened: " + failure, failure);
        }
    }

    @Override
    public CompletableFuture<AppendResult> append(Append append) {
        // Here and not in the task: the one thread that writes has enough to do.
        var keyHashes = keyHashes(append.records());
        return submit(new WriteQueue.Task<>(append.sizeBytes()) {
            @Override
            AppendResult write(SqliteTables tables) throws SQLException {
                return tables.append(append, keyHashes);
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
        var hash = keyHash.applyAsLong(key);
        return readers.read(reads -> reads.find(entity, hash));
    }

    @Override
    public CompletableFuture<Void> deleteTo(String entity, long revision) {
        return change(SMALL_TASK_BYTES, tables -> tables.deleteTo(entity, revision));
    }

    @Override
    public CompletableFuture<Void> save(Snapshot snapshot, int kept) {
        return change(SMALL_TASK_BYTES + snapshot.record().size(), tables -> tables.save(snapshot, kept));
    }

    @Override
    public CompletableFuture<Optional<Snapshot>> load(String entity, SnapshotRange range) {
        return readers.read(reads -> reads.load(entity, range));
    }

    @Override
    public CompletableFuture<Void> deleteSnapshots(String entity, SnapshotRange range) {
        return change(SMALL_TASK_BYTES, tables -> tables.deleteSnapshots(entity, range));
    }

    @Override
    public CompletableFuture<EntityPage> entities(String prefix, String cursor, int max) {
        return readers.read(reads -> reads.entities(prefix, cursor, max));
    }

    @Override
    public CompletableFuture<FeedPage> feed(Slices slices, String prefix, String cursor, int max) {
        return readers.read(reads -> reads.feed(slices, prefix, cursor, max));
    }

    @Override
    public CompletableFuture<String> feedEnd() {
        return readers.read(reads -> Long.toString(reads.lastPosition()));
    }

    @Override
    public Stats stats() {
        return counters.toStats(queue.unanswered(), writer.stalled());
    }

    @Override
    public Optional<String> failure() {
        return writer.failure();
    }

    @Override
    public void close() {
        queue.close();
        upkeep.stop();
        readers.close();
        var ended = Threads.await(writerThread) && Threads.await(upkeepThread);
        if (ended) upkeep.close();
        else
            LOG.error(
                    "{}: the disk does not answer, the store is left open; what was not acknowledged may be lost",
                    file);
    }

    /** Of each record's key; what stands for an empty one is not looked at. */
    private long[] keyHashes(List<Record> records) {
        var hashes = new long[records.size()];
        for (var n = 0; n < hashes.length; n++) {
            var key = records.get(n).key();
            if (!key.isEmpty()) hashes[n] = keyHash.applyAsLong(key);
        }
        return hashes;
    }

    private CompletableFuture<Void> change(long sizeBytes, Change change) {
        return submit(new WriteQueue.Task<>(sizeBytes) {
            @Override
            @Nullable
            Void write(SqliteTables tables) throws SQLException {
                change.make(tables);
                return null;
            }
        });
    }

    private <T> CompletableFuture<T> submit(WriteQueue.Task<T> task) {
        var refusal = queue.offer(task);
        if (refusal.isEmpty()) return task.future;
        counters.onFailed(1);
        return CompletableFuture.failedFuture(new NotServing(refusal));
    }

    /** What {@code sqlite:} means. */
    static final class Kind implements Provider {
        @Override
        public String scheme() {
            return SqliteFile.SCHEME;
        }

        @Override
        public String example() {
            return "sqlite:<file>";
        }

        @Override
        public EventStore open(PersistenceSettings settings, Config config) {
            return SqliteStore.open(SqliteFile.pathOf(settings.store()), settings);
        }

        /** Opening does it: one file has one owner of its schema. */
        @Override
        public String migrate(PersistenceSettings settings, Config config) {
            open(settings, config).close();
            return SqliteFile.pathOf(settings.store()) + " has schema version " + SqliteSchema.VERSION;
        }
    }

    private interface Change {
        void make(SqliteTables tables) throws SQLException;
    }

    /** The store's own threads: named, and never the reason that a JVM does not end. */
    static final class Threads {
        private static final long PATIENCE_SECONDS = 30;

        private Threads() {}

        static Thread of(String name, Runnable work) {
            var thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        }

        /** Waits until the thread has ended; false if it is stuck. An interrupt does not shorten the wait, the data is worth it. */
        static boolean await(Thread thread) {
            return await(millis -> {
                thread.join(millis);
                return !thread.isAlive();
            });
        }

        static boolean await(ExecutorService threads) {
            return await(millis -> threads.awaitTermination(millis, TimeUnit.MILLISECONDS));
        }

        private static boolean await(Wait wait) {
            var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
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

        private interface Wait {
            boolean ended(long millis) throws InterruptedException;
        }
    }
}
