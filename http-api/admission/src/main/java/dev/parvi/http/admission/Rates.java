package dev.parvi.http.admission;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Stream;

/**
 * A token bucket for each key, which holds the tokens of one second. Kept as the time at which it will be full again (the generic cell
 * rate algorithm of ATM), so a full one needs no memory. Beyond the bound, the least recently used are forgotten and begin full:
 * who invents keys gains what a new key has, and costs no more memory.
 */
final class Rates<K> {
    private static final int STRIPES = 16;
    private static final long SECOND_NANOS = 1_000_000_000;
    private static final long WAIT_NANOS_MAX = 3_600 * SECOND_NANOS;

    private final long nanosEach;
    private final long burstNanos;
    private final int stripeMax;
    private final List<LinkedHashMap<K, Long>> stripes;

    Rates(double perSecond, int entriesMax) {
        this.nanosEach = perSecond == 0 ? 0 : (long) Math.min(WAIT_NANOS_MAX, SECOND_NANOS / perSecond);
        this.burstNanos = Math.max(nanosEach, SECOND_NANOS);
        this.stripeMax = Math.max(1, entriesMax / STRIPES);
        this.stripes = Stream.generate(() -> new LinkedHashMap<K, Long>(16, 0.75f, true))
                .limit(STRIPES)
                .toList();
    }

    boolean isOff() {
        return nanosEach == 0;
    }

    /** Takes a token: 0, or the nanoseconds until there is one. What is refused takes none. */
    long take(K key, long nowNanos) {
        var stripe = stripes.get(Math.floorMod(spread(key.hashCode()), STRIPES));
        synchronized (stripe) {
            var full = stripe.getOrDefault(key, nowNanos);
            var next = (full - nowNanos > 0 ? full : nowNanos) + nanosEach;
            var wait = next - nowNanos - burstNanos;
            if (wait > 0) return wait;
            stripe.put(key, next);
            if (stripe.size() > stripeMax) forgetEldest(stripe);
            return 0;
        }
    }

    private void forgetEldest(LinkedHashMap<K, Long> stripe) {
        var keys = stripe.keySet().iterator();
        keys.next();
        keys.remove();
    }

    int size() {
        var size = 0;
        for (var stripe : stripes)
            synchronized (stripe) {
                size += stripe.size();
            }
        return size;
    }

    static String words(double rate) {
        return rate == Math.rint(rate) ? Long.toString((long) rate) : Double.toString(rate);
    }

    private static int spread(int hash) {
        return hash ^ hash >>> 16;
    }
}
