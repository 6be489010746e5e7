package dev.parvi.runtime;

import dev.parvi.persistence.EventStore;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices what only a restart mends: a store that has stopped for good or hangs in one transaction, and a dispatcher that takes no
 * new work. Its own thread hands in a task a second and looks at how long that has been waiting; the management server asks from its
 * own threads, so it can answer when nothing else does.
 */
final class Liveness implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Liveness.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final Executor dispatcher;
    private final EventStore store;
    private final Duration starvedAfter;
    private final AtomicBoolean waiting = new AtomicBoolean();
    private final Thread thread = new Thread(this::watch, "parvi-liveness");
    private volatile long handedInNanos = System.nanoTime();
    private boolean complained;

    private Liveness(Executor dispatcher, EventStore store, Duration starvedAfter) {
        this.dispatcher = dispatcher;
        this.store = store;
        this.starvedAfter = starvedAfter;
    }

    static Liveness watch(Executor dispatcher, EventStore store, Duration starvedAfter) {
        var liveness = new Liveness(dispatcher, store, starvedAfter);
        liveness.thread.setDaemon(true);
        liveness.thread.start();
        return liveness;
    }

    /** Why the node should be restarted; empty while it is alive. */
    Optional<String> ailment() {
        var starved = waiting.get() ? Duration.ofNanos(System.nanoTime() - handedInNanos) : Duration.ZERO;
        if (isTooLong(starved)) return Optional.of("no new work has been taken for " + starved.toSeconds() + " s");
        var stalled = store.stats().stalled();
        if (isTooLong(stalled)) return Optional.of("a write has been hanging for " + stalled.toSeconds() + " s");
        return store.failure().map(reason -> "the store has stopped: " + reason);
    }

    private boolean isTooLong(Duration time) {
        return time.compareTo(starvedAfter) >= 0;
    }

    private void watch() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                if (!waiting.get()) {
                    handedInNanos = System.nanoTime();
                    waiting.set(true);
                    dispatcher.execute(() -> waiting.set(false));
                }
                Thread.sleep(INTERVAL.toMillis());
                complainOnce();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void complainOnce() {
        var ailment = ailment();
        if (ailment.isPresent() && !complained) LOG.error("This node should be restarted: {}", ailment.get());
        complained = ailment.isPresent();
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
