package dev.parvi.sharding;

import dev.parvi.entity.EntityCommand;
import dev.parvi.protobuf.OutcomeRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.pekko.actor.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * The commands of one entity whose keys are being looked for in the journal. All commands of one key wait for one look-up, so that
 * none of them can be decided beside it. Most entities never have any.
 */
final class LookUps {
    /** Beyond this many the entity asks callers to come again. */
    private static final int WAITING_MAX = 1_000;

    private @Nullable Map<String, List<Waiting>> byKey;
    private @Nullable ArrayDeque<Due> due;
    private int count;

    boolean isEmpty() {
        return count == 0;
    }

    boolean isFull() {
        return count >= WAITING_MAX;
    }

    /** True if commands with this key wait already. */
    boolean has(String key) {
        return byKey != null && byKey.containsKey(key);
    }

    void add(ActorRef from, EntityCommand command) {
        if (byKey == null) byKey = new LinkedHashMap<>(2);
        byKey.computeIfAbsent(command.idempotencyKey(), key -> new ArrayList<>(1))
                .add(new Waiting(from, command));
        count++;
    }

    /** Puts the look-up off until the answer of this number is paid, and with it everything that was decided before is stored. */
    void putOff(String key, long answer) {
        if (due == null) due = new ArrayDeque<>(2);
        due.addLast(new Due(key, answer));
    }

    /** Hands over the keys that were put off until an answer up to this number. */
    void onPaid(long answer, Consumer<String> onDue) {
        while (due != null && !due.isEmpty() && due.getFirst().answer() <= answer)
            onDue.accept(due.removeFirst().key());
    }

    /** Those that waited for this key, in the order of arrival. */
    List<Waiting> take(String key) {
        var waiting = byKey == null ? null : byKey.remove(key);
        if (waiting == null) return List.of();
        count -= waiting.size();
        return waiting;
    }

    /** Hands over all that wait. */
    void abandon(Consumer<Waiting> onAbandoned) {
        if (byKey != null) byKey.values().forEach(waiting -> waiting.forEach(onAbandoned));
        byKey = null;
        due = null;
        count = 0;
    }

    /** One command and who sent it. */
    record Waiting(ActorRef from, EntityCommand command) {}

    private record Due(String key, long answer) {}

    /** What the journal said of a key: an outcome, null if it has none, or that it could not say. */
    record Found(String key, @Nullable OutcomeRecord outcome, boolean isFailed) {
        static Found failed(String key) {
            return new Found(key, null, true);
        }
    }
}
