package dev.parvi.persistence.postgres;

import dev.parvi.entity.NotServing;
import dev.parvi.persistence.PersistenceSettings;
import dev.parvi.persistence.postgres.Connections.Session;
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

/**
 * A few threads that read, before a bounded queue. Each has a connection, opened when it is needed: with as many connections as threads
 * a pool would have nothing to decide.
 */
final class PostgresReaders implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresReaders.class);

    private final Connections connections;
    private final PersistenceSettings settings;
    private final ArrayBlockingQueue<Seat> idle;
    private final ThreadPoolExecutor threads;

    PostgresReaders(Connections connections, PersistenceSettings settings) {
        this.connections = connections;
        this.settings = settings;
        var count = connections.settings().readers();
        this.idle = new ArrayBlockingQueue<>(count);
        for (var n = 0; n < count; n++) idle.add(new Seat());
        var names = new AtomicInteger();
        this.threads = new ThreadPoolExecutor(
                count,
                count,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(settings.readerQueueMax()),
                work -> PostgresStore.thread("parvi-store-reader-" + names.incrementAndGet(), work));
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

    /** Takes no more reads. */
    void stop() {
        threads.shutdown();
    }

    /** Waits for what was accepted, for a while. */
    @Override
    public void close() {
        stop();
        if (!PostgresStore.await(millis -> threads.awaitTermination(millis, TimeUnit.MILLISECONDS)))
            LOG.warn("{}: reads are left unanswered", connections.url());
        idle.forEach(Seat::leave);
    }

    private <T> void run(Query<T> query, CompletableFuture<T> future) {
        // There are as many seats as threads, so one is always idle.
        var seat = idle.remove();
        try {
            var result = query.of(seat.connected());
            seat.onUsed();
            future.complete(result);
        } catch (SQLException failure) {
            seat.leave();
            future.completeExceptionally(new NotServing(PostgresFailure.sentence(connections.url(), failure), failure));
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
        T of(PostgresReads reads) throws SQLException;
    }

    /** Room for a connection. One that failed is given up. */
    private final class Seat {
        private @Nullable Session session;
        private @Nullable PostgresReads reads;

        PostgresReads connected() throws SQLException {
            if (session != null && !session.isAlive(connections.settings().connectTimeout())) leave();
            var ready = reads;
            if (ready != null) return ready;
            var opened = connections.openReader();
            session = opened;
            ready = new PostgresReads(opened.connection, connections.url(), settings.verifySnapshots());
            reads = ready;
            return ready;
        }

        void onUsed() {
            if (session != null) session.onUsed();
        }

        void leave() {
            if (session != null) session.drop();
            session = null;
            reads = null;
        }
    }
}
