package dev.parvi.http.admission;

/**
 * How many requests may be at work at once, found by looking at how long they take: additive increase, multiplicative decrease, as TCP
 * and Netflix's {@code concurrency-limits} do it. Each window of a tenth of a second counts once, however many answers are late in it,
 * so one pause of the garbage collector costs one step. Growth is by the root of the limit: from 64 to 1024 in five seconds.
 */
final class AdaptiveLimit {
    private static final long WINDOW_NANOS = 100_000_000;
    private static final double BACKOFF = 0.9;
    /** Of the answers in a window, this many may be late: a few replays of cold entities say nothing about the load. */
    private static final int LATE_SHARE = 10;

    private final int min;
    private final int max;
    private final long targetNanos;
    private volatile int limit;
    private long windowEndNanos;
    private int answers;
    private int late;
    private int mostAtWork;

    AdaptiveLimit(AdmissionSettings settings, long nowNanos) {
        this.min = settings.requestsMin();
        this.max = settings.requestsMax();
        this.targetNanos = settings.latencyTarget().toNanos();
        this.limit = max;
        this.windowEndNanos = nowNanos + WINDOW_NANOS;
    }

    int get() {
        return limit;
    }

    /** An answer came after {@code tookNanos}, when so many requests were at work. */
    synchronized void sample(long nowNanos, long tookNanos, int atWork) {
        answers++;
        if (tookNanos > targetNanos) late++;
        mostAtWork = Math.max(mostAtWork, atWork);
        if (nowNanos - windowEndNanos < 0) return;
        limit = next();
        windowEndNanos = nowNanos + WINDOW_NANOS;
        answers = 0;
        late = 0;
        mostAtWork = 0;
    }

    /** Late answers of a few requests are slow for reasons of their own. */
    private int next() {
        var isLate = late * LATE_SHARE > answers;
        if (isLate && mostAtWork <= min) return limit;
        if (isLate) return Math.max(min, (int) (Math.min(limit, mostAtWork) * BACKOFF));
        return Math.min(max, limit + Math.max(1, (int) Math.sqrt(limit)));
    }
}
