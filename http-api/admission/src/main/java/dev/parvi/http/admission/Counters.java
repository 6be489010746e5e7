package dev.parvi.http.admission;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** How many were not let in or not let stay since the start, by reason. */
final class Counters {
    private final Map<Reason, LongAdder> counts = new EnumMap<>(Reason.class);

    Counters() {
        for (var reason : Reason.values()) counts.put(reason, new LongAdder());
    }

    void count(Reason reason) {
        adder(reason).increment();
    }

    long of(Reason reason) {
        return adder(reason).sum();
    }

    Map<String, Long> toMap() {
        var map = new TreeMap<String, Long>();
        counts.forEach((reason, count) -> map.put(reason.word(), count.sum()));
        return map;
    }

    private LongAdder adder(Reason reason) {
        return counts.computeIfAbsent(reason, unknown -> new LongAdder());
    }
}
