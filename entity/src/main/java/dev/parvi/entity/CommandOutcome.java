package dev.parvi.entity;

import com.google.protobuf.Message;
import java.util.function.Function;

/**
 * What became of a command. The type is the retry advice: {@link Completed} never needs one, {@link Rejection} is the caller's
 * to mend, {@link NotServing} may be sent again, {@link OutcomeUnknown} may be sent again with the same idempotency key.
 */
public sealed interface CommandOutcome permits CommandOutcome.Completed, Rejection, NotServing, OutcomeUnknown {

    /** Takes the one case that this outcome is. */
    <T> T fold(
            Function<Completed, T> onCompleted,
            Function<Rejection, T> onRejection,
            Function<NotServing, T> onNotServing,
            Function<OutcomeUnknown, T> onUnknown);

    /**
     * The command was carried out, and what it changed is stored.
     *
     * @param revision the entity's revision after the command; for a query, the revision that it saw
     * @param replayed true if this is the stored outcome of an earlier attempt with the same idempotency key
     */
    record Completed(long revision, Message reply, boolean replayed) implements CommandOutcome {
        @Override
        public <T> T fold(
                Function<Completed, T> onCompleted,
                Function<Rejection, T> onRejection,
                Function<NotServing, T> onNotServing,
                Function<OutcomeUnknown, T> onUnknown) {
            return onCompleted.apply(this);
        }
    }
}
