package dev.parvi.http;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongConsumer;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.Scheduler;
import scala.concurrent.ExecutionContext;

/**
 * The requests that wait for an entity, and their time. One sweep over all of them replaces a timer for each: a timer that is
 * cancelled stays in Pekko's wheel until it is due, and at 20,000 requests a second with 10 s each that is a heap of them.
 */
final class InFlight {
    private static final Duration SWEEP = Duration.ofMillis(20);

    private final Set<RetryingAsk> asks = ConcurrentHashMap.newKeySet();
    private final Scheduler scheduler;
    private final ExecutionContext executor;
    private final LongConsumer alsoSweep;
    private final Cancellable sweeper;
    private volatile long endNanos = Long.MAX_VALUE;

    /** {@code alsoSweep} is told the time at each sweep. */
    InFlight(ActorSystem system, LongConsumer alsoSweep) {
        this.alsoSweep = alsoSweep;
        this.scheduler = system.scheduler();
        this.executor = system.dispatcher();
        this.sweeper = scheduler.scheduleWithFixedDelay(SWEEP, SWEEP, this::sweep, executor);
    }

    void add(RetryingAsk ask) {
        asks.add(ask);
    }

    void remove(RetryingAsk ask) {
        asks.remove(ask);
    }

    void after(Duration pause, Runnable task) {
        scheduler.scheduleOnce(pause, task, executor);
    }

    long nanoTime() {
        return System.nanoTime();
    }

    double jitter() {
        return ThreadLocalRandom.current().nextDouble();
    }

    /** From then on, whoever still waits is told so. */
    void endAfter(Duration limit) {
        endNanos = nanoTime() + limit.toNanos();
    }

    /** To be called when no request is left. */
    void stop() {
        sweeper.cancel();
    }

    private void sweep() {
        var now = nanoTime();
        var isOver = endNanos != Long.MAX_VALUE && now - endNanos >= 0;
        for (var ask : asks) ask.sweep(now, isOver);
        alsoSweep.accept(now);
    }
}
