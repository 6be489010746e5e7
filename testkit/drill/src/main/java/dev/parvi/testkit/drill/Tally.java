package dev.parvi.testkit.drill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Counts what clients of a drill are told, and how long they wait for it. */
final class Tally {
    private static final int EXAMPLES_MAX = 5;

    private final AtomicLong acknowledged = new AtomicLong();
    private final Map<String, LongAdder> byType = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> refusals = new ConcurrentHashMap<>();
    private final Map<Object, Long> open = new ConcurrentHashMap<>();
    private final AtomicLong longestWaitNanos = new AtomicLong();
    private final List<String> oddities = Collections.synchronizedList(new ArrayList<>());
    private final LongAdder faults = new LongAdder();

    /** Somebody begins to wait for an answer. */
    void begin(Object command) {
        open.put(command, System.nanoTime());
    }

    /** It is decided. */
    void end(Object command) {
        var begun = open.remove(command);
        if (begun != null) longestWaitNanos.accumulateAndGet(System.nanoTime() - begun, Math::max);
    }

    void acknowledged(String type) {
        acknowledged.incrementAndGet();
        byType.computeIfAbsent(type, name -> new LongAdder()).increment();
    }

    /** @param why such as {@code 409 failed-precondition} */
    void refused(String why) {
        refusals.computeIfAbsent(why, name -> new LongAdder()).increment();
    }

    /** An answer that no request should get, such as a 500. */
    void odd(String what) {
        faults.increment();
        if (oddities.size() < EXAMPLES_MAX) oddities.add(what);
    }

    long acknowledged() {
        return acknowledged.get();
    }

    long acknowledgedOf(String type) {
        var count = byType.get(type);
        return count == null ? 0 : count.sum();
    }

    /** How often which refusal came. */
    Map<String, Long> refusals() {
        var counts = new TreeMap<String, Long>();
        refusals.forEach((why, count) -> counts.put(why, count.sum()));
        return counts;
    }

    long oddCount() {
        return faults.sum();
    }

    /** The first of them. */
    List<String> oddities() {
        return List.copyOf(oddities);
    }

    /** For how long the command has been waiting that waits longest now. */
    Duration currentWait() {
        var now = System.nanoTime();
        return Duration.ofNanos(
                open.values().stream().mapToLong(begun -> now - begun).max().orElse(0));
    }

    /** The longest of all that are decided. */
    Duration longestWait() {
        return Duration.ofNanos(longestWaitNanos.get());
    }
}
