package dev.parvi.entity;

import dev.parvi.protobuf.OutcomeRecord;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The outcomes that one entity still remembers, oldest first, bounded by count and age. Most entities are idle: an empty one costs nothing. */
final class OutcomeWindow {
    private final CommandPipeline.Limits limits;
    private @Nullable Map<String, OutcomeRecord> byKey;
    private @Nullable ArrayDeque<OutcomeRecord> oldestFirst;
    private boolean hasForgotten;

    OutcomeWindow(CommandPipeline.Limits limits) {
        this.limits = limits;
    }

    @Nullable
    OutcomeRecord find(String key) {
        return byKey == null ? null : byKey.get(key);
    }

    void add(OutcomeRecord outcome) {
        if (byKey == null || oldestFirst == null) {
            byKey = new HashMap<>(2);
            oldestFirst = new ArrayDeque<>(2);
        }
        byKey.put(outcome.getIdempotencyKey(), outcome);
        oldestFirst.addLast(outcome);
        forget(
                byKey,
                oldestFirst,
                outcome.getTimeMillis() - limits.outcomeAgeMax().toMillis());
    }

    /** True once there was more to remember than fits: a key that is not found here may still be known to the journal. */
    boolean hasForgotten() {
        return hasForgotten;
    }

    void forgetOlder() {
        hasForgotten = true;
    }

    /** Forgets all, for good: nobody is to look for them. */
    void clear() {
        byKey = null;
        oldestFirst = null;
        hasForgotten = false;
    }

    List<OutcomeRecord> toList() {
        return oldestFirst == null ? List.of() : List.copyOf(oldestFirst);
    }

    /** A clock that jumps forward forgets at most the outcomes beyond half the count, so a retry soon after is still known. */
    private void forget(Map<String, OutcomeRecord> known, ArrayDeque<OutcomeRecord> ages, long bornBeforeMillis) {
        while (ages.size() > limits.outcomesMax()
                || (ages.size() > limits.outcomesMax() / 2 && ages.getFirst().getTimeMillis() < bornBeforeMillis)) {
            var oldest = ages.removeFirst();
            known.remove(oldest.getIdempotencyKey(), oldest);
            hasForgotten = true;
        }
    }
}
