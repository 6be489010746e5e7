package dev.parvi.persistence.cassandra;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import dev.parvi.entity.NotServing;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The number by which the change feed sorts announcements, shared by all nodes. It only grows, one at a time, and never faster than one a
 * {@link #LENGTH}. So whoever has read it a moment ago knows how far it can be now.
 */
final class Epochs implements AutoCloseable {
    /** Between two moves lies at least this. Part of the protocol: all nodes must have the same. */
    static final Duration LENGTH = Duration.ofSeconds(1);
    /** So many epochs behind the current one are open: something may still be announced in them. */
    static final long OPEN = 4;
    /** What was read less than this ago is at most one move behind. */
    private static final Duration RECENT = LENGTH.dividedBy(2);

    /** A move forgets no more than this, also where fewer are to be kept than before. */
    private static final long FORGOTTEN_MAX = 50;

    private static final Duration REFRESH = LENGTH.dividedBy(5);

    private final Requests requests;
    private final FeedCql cql;
    private final Clocks clocks;
    private final ScheduledExecutorService clock;
    private volatile Consumer<Seen> onRead = seen -> {};
    private volatile @Nullable Seen seen;
    private @Nullable CompletableFuture<Seen> running;
    private @Nullable CompletableFuture<Seen> waiting;
    private long since;
    private long sinceNanos;

    Epochs(Requests requests, FeedCql cql, Clocks clocks) {
        this.requests = requests;
        this.cql = cql;
        this.clocks = clocks;
        this.clock = Executors.newSingleThreadScheduledExecutor(work -> {
            var thread = new Thread(work, "parvi-store-epochs");
            thread.setDaemon(true);
            return thread;
        });
        clock.scheduleWithFixedDelay(this::read, 0, REFRESH.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** As a read finds it that begins after this call. One read is under way at a time, for all who ask meanwhile. */
    CompletableFuture<Seen> read() {
        CompletableFuture<Seen> answer;
        synchronized (this) {
            if (running != null) {
                if (waiting == null) waiting = new CompletableFuture<>();
                return waiting;
            }
            answer = new CompletableFuture<>();
            running = answer;
        }
        start(answer);
        return answer;
    }

    /** Hands over what every read finds from now on. */
    void listen(Consumer<Seen> listener) {
        onRead = listener;
    }

    /** What is known, if that is at most one move behind; else a read. */
    CompletableFuture<Seen> recent() {
        var known = seen;
        return known != null && isRecent(known) ? CompletableFuture.completedFuture(known) : read();
    }

    /** Moves from this epoch to the next, if it has lasted long enough for that. What is too old is forgotten. */
    CompletableFuture<Void> move(Seen from, long kept) {
        synchronized (this) {
            if (since != from.current || clocks.nanos().getAsLong() - sinceNanos < LENGTH.toNanos())
                return CompletableFuture.completedFuture(null);
        }
        var first = Math.max(from.first, Math.min(from.first + FORGOTTEN_MAX, from.current + 1 - kept));
        return requests.send(cql.moveEpoch(from.current, first)).thenAccept(rows -> {
            if (Requests.isApplied(rows)) forget(from.first, first);
        });
    }

    /** Nobody waits for it: what a crash or a failure leaves behind are a few rows that nobody reads. */
    private void forget(long from, long to) {
        for (var epoch = from; epoch < to; epoch++) {
            var unused = requests.send(cql.forgetMarks(epoch));
        }
    }

    private void start(CompletableFuture<Seen> answer) {
        var begunNanos = clocks.nanos().getAsLong();
        var begunMillis = clocks.millis().getAsLong();
        requests.send(cql.findEpoch())
                .thenApply(rows -> seen(rows, begunNanos, begunMillis))
                .whenComplete((found, failure) -> {
                    CompletableFuture<Seen> next;
                    synchronized (this) {
                        next = waiting;
                        running = next;
                        waiting = null;
                    }
                    if (failure == null) onRead.accept(found);
                    if (failure == null) answer.complete(found);
                    else answer.completeExceptionally(Requests.unwrap(failure));
                    if (next != null) startSoon(next);
                });
    }

    /** Not at once: while requests are refused, one would call the next. */
    private void startSoon(CompletableFuture<Seen> next) {
        try {
            clock.execute(() -> start(next));
        } catch (RejectedExecutionException closed) {
            next.completeExceptionally(new NotServing("the store is closed"));
        }
    }

    private synchronized Seen seen(AsyncResultSet rows, long begunNanos, long begunMillis) {
        var row = rows.one();
        if (row == null) throw new IllegalStateException("the table feed_epoch is empty");
        var found = new Seen(row.getLong("current"), row.getLong("first"), begunNanos, begunMillis);
        if (found.current > since) {
            since = found.current;
            sinceNanos = clocks.nanos().getAsLong();
        }
        seen = found;
        return found;
    }

    /** By two clocks, since one may have stood still with the process. */
    private boolean isRecent(Seen known) {
        var wallMillis = clocks.millis().getAsLong() - known.begunMillis;
        return clocks.nanos().getAsLong() - known.begunNanos < RECENT.toNanos()
                && wallMillis >= 0
                && wallMillis < RECENT.toMillis();
    }

    /** On the clock that says when a read began. */
    long nanoTime() {
        return clocks.nanos().getAsLong();
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }

    /**
     * What a read found.
     *
     * @param current the epoch
     * @param first the first one that is not forgotten
     */
    record Seen(long current, long first, long begunNanos, long begunMillis) {
        /** The first epoch in which something may still be announced by somebody whose knowledge is recent. */
        long open() {
            return Math.max(first, current - OPEN);
        }

        /** Whether an append that was announced in this epoch, and is stored by now, will be found there. */
        boolean finds(long epoch) {
            return epoch > 0 && current < epoch + OPEN;
        }
    }

    /** What tells the time: one that only grows, and one that people set. */
    record Clocks(LongSupplier nanos, LongSupplier millis) {
        static final Clocks SYSTEM = new Clocks(System::nanoTime, System::currentTimeMillis);
    }
}
