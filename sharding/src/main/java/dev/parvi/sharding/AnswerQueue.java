package dev.parvi.sharding;

import dev.parvi.entity.CommandOutcome;
import dev.parvi.protobuf.SnapshotRecord;
import java.util.function.Consumer;
import org.apache.pekko.actor.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * The answers that an entity owes, in the order of its commands. An answer leaves only when the events of its command and of all
 * before it are stored: also a rejection or a query, since it was decided on a state that includes them.
 */
final class AnswerQueue {
    private @Nullable Owed first;
    private @Nullable Owed last;
    private long owedCount;
    private long paidCount;

    boolean isEmpty() {
        return first == null;
    }

    /**
     * Owes an answer.
     *
     * @param eventsMissing how many events of the command are not stored yet
     * @param snapshot what to store as a snapshot once the answer leaves, or null
     */
    void owe(ActorRef to, String method, CommandOutcome outcome, int eventsMissing, @Nullable SnapshotRecord snapshot) {
        var owed = new Owed(to, method, outcome, eventsMissing, snapshot);
        if (last == null) first = owed;
        else last.next = owed;
        last = owed;
        owedCount++;
    }

    /** The number of the answer owed last, counted from 1. */
    long lastOwed() {
        return owedCount;
    }

    /** The number of the answer handed over last. */
    long lastPaid() {
        return paidCount;
    }

    /** One more event is stored; hands over every answer that may leave now. */
    void onEventStored(Consumer<Owed> onPayable) {
        if (first == null) throw new IllegalStateException("an event was stored that nobody waits for");
        first.eventsMissing--;
        while (first != null && first.eventsMissing == 0) onPayable.accept(take(first));
    }

    /** Hands over all that is owed, in order: none of it will be stored. */
    void abandon(Consumer<Owed> onAbandoned) {
        while (first != null) onAbandoned.accept(take(first));
    }

    private Owed take(Owed owed) {
        first = owed.next;
        paidCount++;
        if (first == null) last = null;
        return owed;
    }

    /** One answer that waits for its events. */
    static final class Owed {
        private final ActorRef to;
        private final String method;
        private final CommandOutcome outcome;
        private final @Nullable SnapshotRecord snapshot;
        private int eventsMissing;
        private @Nullable Owed next;

        private Owed(
                ActorRef to,
                String method,
                CommandOutcome outcome,
                int eventsMissing,
                @Nullable SnapshotRecord snapshot) {
            this.to = to;
            this.method = method;
            this.outcome = outcome;
            this.eventsMissing = eventsMissing;
            this.snapshot = snapshot;
        }

        ActorRef to() {
            return to;
        }

        String method() {
            return method;
        }

        CommandOutcome outcome() {
            return outcome;
        }

        @Nullable
        SnapshotRecord snapshot() {
            return snapshot;
        }
    }
}
