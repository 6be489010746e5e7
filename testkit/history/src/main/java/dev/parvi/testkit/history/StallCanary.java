package dev.parvi.testkit.history;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Notes when this machine, or this process, stood still: a thread sleeps for a few milliseconds and looks how long it took. Whatever
 * was timed in such a stall is void. Safety never is: no stall excuses what was lost.
 */
public final class StallCanary implements AutoCloseable {
    /** What a busy machine does not reach by its scheduling, and no time limit of a test is below. */
    public static final Duration BOUND = Duration.ofMillis(100);

    private static final Duration SLEEP = Duration.ofMillis(5);
    private static final int STALLS_MAX = 10_000;

    private final long boundNanos;
    private final List<Stall> stalls = new ArrayList<>();
    private final Thread thread = new Thread(this::run, "stall-canary");
    private volatile boolean isRunning = true;

    StallCanary(Duration bound) {
        boundNanos = bound.toNanos();
    }

    /** Watches from now on, with the usual {@link #BOUND}. */
    public static StallCanary start() {
        return start(BOUND);
    }

    /** Watches from now on, for sleeps that take longer than this. */
    public static StallCanary start(Duration bound) {
        var canary = new StallCanary(bound);
        canary.thread.setDaemon(true);
        canary.thread.setPriority(Thread.MAX_PRIORITY);
        canary.thread.start();
        return canary;
    }

    /** So far, in their order, the first ten thousand. */
    public synchronized List<Stall> stalls() {
        return List.copyOf(stalls);
    }

    /** Whether what was timed between these two values of {@link System#nanoTime} is void. */
    public synchronized boolean voids(long fromNanos, long toNanos) {
        return stalls.stream().anyMatch(stall -> stall.toNanos() - fromNanos > 0 && toNanos - stall.fromNanos() > 0);
    }

    /** Stops watching; the stalls stay. */
    @Override
    public void close() {
        isRunning = false;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        var before = System.nanoTime();
        while (isRunning) {
            LockSupport.parkNanos(SLEEP.toNanos());
            var after = System.nanoTime();
            slept(before, after);
            before = after;
        }
    }

    /** One sleep took from here to there. */
    synchronized void slept(long fromNanos, long toNanos) {
        if (toNanos - fromNanos > boundNanos && stalls.size() < STALLS_MAX) stalls.add(new Stall(fromNanos, toNanos));
    }

    /** One stall, between two values of {@link System#nanoTime}. */
    public record Stall(long fromNanos, long toNanos) {
        public Duration length() {
            return Duration.ofNanos(toNanos - fromNanos);
        }
    }
}
