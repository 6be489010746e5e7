package dev.parvi.persistence.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parvi.entity.OutcomeUnknown;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.EventStore.AppendResult;
import dev.parvi.persistence.StoreClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * First appends to entities that nobody has touched, a few at a time, whether the last ones were answered or not: as callers from
 * outside come. Each needs a look at the ring before it can be sent.
 */
final class Newcomers extends Thread {
    private static final int BURST = 36;
    private static final long PAUSE_MILLIS = 900;

    private final EventStore store;
    private final List<Arrival> arrivals = new ArrayList<>();
    private volatile boolean isOver;

    Newcomers(EventStore store) {
        super("newcomers");
        this.store = store;
    }

    @Override
    public void run() {
        try {
            while (!isOver) {
                arriveTogether();
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    /** Enough of them for the driver to send some to each node, even to one that has been slow to answer others. */
    void arriveTogether() {
        for (var n = 0; n < BURST; n++) arrive().append(store);
    }

    private Arrival arrive() {
        synchronized (arrivals) {
            var arrival = new Arrival("new/" + arrivals.size(), System.nanoTime());
            arrivals.add(arrival);
            return arrival;
        }
    }

    /** No more come; returns when all are answered. */
    void end() throws InterruptedException {
        isOver = true;
        join();
        for (var arrival : all()) arrival.answered.join();
    }

    List<Arrival> all() {
        return between(Long.MIN_VALUE, Long.MAX_VALUE);
    }

    /** Those that came in this time, on the clock of {@link System#nanoTime}. */
    List<Arrival> between(long from, long to) {
        synchronized (arrivals) {
            return arrivals.stream()
                    .filter(arrival -> arrival.at >= from && arrival.at < to)
                    .toList();
        }
    }

    /** What was acknowledged is there once; what was refused is not there. */
    void verify() {
        var client = new StoreClient(store);
        for (var arrival : all()) {
            var stored = client.records(arrival.entity);
            if (arrival.failure instanceof OutcomeUnknown) assertThat(stored).isIn(List.of(), List.of(arrival.entity));
            else if (arrival.failure != null)
                assertThat(stored).as(arrival.toString()).isEmpty();
            else assertThat(stored).as(arrival.toString()).containsExactly(arrival.entity);
        }
    }

    /** One of them, and how it went. */
    static final class Arrival {
        private final String entity;
        private final long at;
        private final CompletableFuture<Duration> answered = new CompletableFuture<>();
        private volatile @Nullable Throwable failure;

        Arrival(String entity, long at) {
            this.entity = entity;
            this.at = at;
        }

        private void append(EventStore store) {
            var unused = store.append(StoreClient.appendOf(entity, 0, "newcomer", entity))
                    .whenComplete(this::onAnswer);
        }

        private void onAnswer(@Nullable AppendResult result, @Nullable Throwable cause) {
            failure = cause == null ? null : Requests.unwrap(cause);
            answered.complete(Duration.ofNanos(System.nanoTime() - at));
        }

        /** None while it waits. */
        Optional<Throwable> failure() {
            return Optional.ofNullable(failure);
        }

        boolean isAnswered() {
            return answered.isDone();
        }

        /** Until it was answered, which must have been. */
        Duration patience() {
            return answered.join();
        }

        @Override
        public String toString() {
            return entity + (isAnswered() ? " after " + patience() + ": " + failure : " waits");
        }
    }
}
