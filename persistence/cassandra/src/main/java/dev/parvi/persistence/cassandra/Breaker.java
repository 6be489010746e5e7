package dev.parvi.persistence.cassandra;

import java.time.Duration;

/**
 * Refuses requests while the ring is silent, so that nothing piles up behind requests that nobody answers. It counts silence only:
 * a ring that refuses answers. Once open it lets one request through after each pause, and the first answer closes it (Nygard,
 * <i>Release It!</i>, "Circuit Breaker").
 */
final class Breaker {
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
