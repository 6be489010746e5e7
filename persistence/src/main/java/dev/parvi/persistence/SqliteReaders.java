package dev.parvi.persistence;

import dev.parvi.entity.NotServing;
import java.sql.SQLException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A few threads that read, each with a connection, before a bounded queue. */
final class SqliteReaders implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteReaders.class);

    private final SqliteFile file;
    private final PersistenceSettings settings;
    private final ArrayBlockingQueue<Seat> idle;
    private final ThreadPoolExecutor threads;

    SqliteReaders(SqliteFile file, PersistenceSettings settings) throws SQLException {
        this.file = file;
        this.settings = settings;
        this.idle = new ArrayBlockingQueue<>(settings.readers());
        for (var n = 0; n < settings.readers(); n++) idle.add(new Seat());
        for (var seat : idle) seat.connected();
        var names = new AtomicInteger();
        this.threads = new ThreadPoolExecutor(
                settings.readers(),
                settings.readers(),
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(settings.readerQueueMax()),
                work -> SqliteStore.Threads.of("parvi-store-reader-" + names.incrementAndGet(), work));
    }

    <T> CompletableFuture<T> read(Query<T> query) {
        var future = new CompletableFuture<T>();
        try {
            threads.execute(() -> run(query, future));
        } catch (RejectedExecutionException full) {
            future.completeExceptionally(new NotServing(
                    threads.isShutdown() ? "the store is closed" : "too many reads wait for the store", full));
        }
        return future;
    }

    /** Ends what was accepted first. */
    @Override
    public void close() {
        threads.shutdown();
        SqliteStore.Threads.await(threads);
        idle.forEach(Seat::disconnect);
    }

    private <T> void run(Query<T> query, CompletableFuture<T> future) {
        // There are as many seats as threads, so one is always idle.
        var seat = idle.remove();
        try {
            future.complete(query.of(seat.connected()));
        } catch (SQLException failure) {
            seat.disconnect();
            future.completeExceptionally(
                    new NotServing(SqliteFailure.of(failure).of(file, failure), failure));
        } catch (RuntimeException | Error failure) {
            future.completeExceptionally(failure);
        } finally {
            idle.add(seat);
        }
    }

    /** What to read. */
    @FunctionalInterface
    interface Query<T> {
        @Nullable
        T of(SqliteReads reads) throws SQLException;
    }

    /** Room for a connection. One that failed is given up: the driver has closed its statement, and its transaction may hang. */
    private final class Seat {
        private @Nullable SqliteReads reads;

        SqliteReads connected() throws SQLException {
            if (reads == null) reads = new SqliteReads(file, settings.verifySnapshots());
            return reads;
        }

        void disconnect() {
            try {
                if (reads != null) reads.close();
            } catch (SQLException failure) {
                LOG.warn("{}: a reader could not be closed", file, failure);
            }
            reads = null;
        }
    }
}
