package dev.parvi.client;

import java.time.Duration;

/** How long to wait, as formulas. */
final class Backoff {
    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration MAX = Duration.ofSeconds(5);
    private static final Duration ATTEMPT_MIN = Duration.ofSeconds(1);
    /** The longest {@code Request-Timeout} that nodes accept, if they are not told otherwise. */
    private static final Duration ATTEMPT_MAX = Duration.ofSeconds(60);

    private static final Duration ON_THE_WAY_MAX = Duration.ofMillis(200);

    private Backoff() {}

    /**
     * The pause after a failure: {@code min(100 ms * 2^failures, 5 s)}, and of that a half to the whole.
     *
     * @param failures before this one
     * @param random from 0 to 1
     */
    static Duration pause(int failures, double random) {
        var whole = FIRST.multipliedBy(1L << Math.min(failures, 10));
        return part(whole.compareTo(MAX) < 0 ? whole : MAX, 0.5 + random / 2);
    }

    /** At least what was asked for, and up to a quarter more: who was sent away together should not come back together. */
    static Duration atLeast(Duration asked, double random) {
        return part(asked, 1 + random / 4);
    }

    /** Half of what is left, so that there is time for another node if one is silent; from 1 second to 60, or all that is left. */
    static Duration attempt(Duration left) {
        return min(left, min(max(left.dividedBy(2), ATTEMPT_MIN), ATTEMPT_MAX));
    }

    /** What the node is told: its answer needs time to arrive. */
    static Duration atNode(Duration attempt) {
        return attempt.minus(min(attempt.dividedBy(10), ON_THE_WAY_MAX));
    }

    static Duration max(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? b : a;
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private static Duration part(Duration whole, double share) {
        return Duration.ofNanos((long) (whole.toNanos() * share));
    }
}
