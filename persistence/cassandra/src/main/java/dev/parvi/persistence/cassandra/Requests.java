package dev.parvi.persistence.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.Statement;
import dev.parvi.entity.NotServing;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Sends requests, and knows whether the ring answers. Futures are completed on the driver's threads. */
final class Requests implements AutoCloseable {
    private final CqlSession session;
    private final Breaker breaker;
    private volatile boolean isClosed;

    Requests(CqlSession session, CassandraSettings settings) {
        this.session = session;
        this.breaker = new Breaker(settings.breakerFailures(), settings.breakerPause());
    }

    /** Fails with {@link NotServing}, and sends nothing, while the ring is silent. */
    CompletableFuture<AsyncResultSet> send(Statement<?> statement) {
        if (isClosed) return CompletableFuture.failedFuture(new NotServing("the store is closed"));
        if (!breaker.permits(System.nanoTime()))
            return CompletableFuture.failedFuture(new NotServing("Cassandra does not answer"));
        return sendAnyway(statement);
    }

    /** Whatever the breaker says: for those who must find out what became of a request. */
    CompletableFuture<AsyncResultSet> sendAnyway(Statement<?> statement) {
        return note(() -> session.executeAsync(statement));
    }

    /** The page after this one, which must say that there is one. */
    CompletableFuture<AsyncResultSet> nextPage(AsyncResultSet rows) {
        return note(rows::fetchNextPage);
    }

    private CompletableFuture<AsyncResultSet> note(Supplier<CompletionStage<AsyncResultSet>> request) {
        var answer = new CompletableFuture<AsyncResultSet>();
        CompletionStage<AsyncResultSet> sent;
        try {
            sent = request.get();
        } catch (RuntimeException unsendable) {
            return CompletableFuture.failedFuture(unsendable);
        }
        sent.whenCompleteAsync(
                (rows, failure) -> {
                    note(failure);
                    if (failure == null) answer.complete(rows);
                    else answer.completeExceptionally(unwrap(failure));
                },
                Runnable::run);
        return answer;
    }

    /** Refuses what comes from now on, and lets go of the connections. */
    @Override
    public void close() {
        isClosed = true;
        session.close();
    }

    /** What the ring says of a condition. The driver calls an answer that says nothing of it a success; we do not. */
    static boolean isApplied(AsyncResultSet rows) {
        if (!rows.getColumnDefinitions().contains("[applied]"))
            throw new IllegalStateException("Cassandra's answer does not say whether the condition held");
        return rows.wasApplied();
    }

    /** Completes after a pause, in which nothing is held but a timer. */
    static CompletableFuture<Void> after(long millis) {
        return CompletableFuture.runAsync(
                () -> {}, CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS, Runnable::run));
    }

    static Throwable unwrap(Throwable failure) {
        var cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? unwrap(cause) : failure;
    }

    private void note(@Nullable Throwable failure) {
        if (failure == null || Silence.isAnswer(unwrap(failure))) breaker.onAnswer();
        else breaker.onSilence(System.nanoTime());
    }

    /**
     * Refuses requests while the ring is silent, so that nothing piles up behind requests that nobody answers. It counts silence only:
     * a ring that refuses answers. Once open it lets one request through after each pause, and the first answer closes it (Nygard,
     * <i>Release It!</i>, "Circuit Breaker").
     */
    static final class Breaker {
        private final int failuresMax;
        private final long pauseNanos;
        private int failures;
        private long tryAgainAt;

        Breaker(int failuresMax, Duration pause) {
            this.failuresMax = failuresMax;
            this.pauseNanos = pause.toNanos();
        }

        /** Whether a request may be sent at this time, on the clock of {@link System#nanoTime}. */
        synchronized boolean permits(long now) {
            if (failures < failuresMax) return true;
            if (now - tryAgainAt < 0) return false;
            tryAgainAt = now + pauseNanos;
            return true;
        }

        synchronized void onAnswer() {
            failures = 0;
        }

        synchronized void onSilence(long now) {
            if (failures < failuresMax) failures++;
            if (failures == failuresMax) tryAgainAt = now + pauseNanos;
        }
    }
}
