package dev.parvi.entity;

import java.util.function.Function;

/**
 * The answer was lost: the command may have been stored or not. Sending it again with the same idempotency key is safe; sending
 * it with another key, or none, may apply it twice.
 */
public final class OutcomeUnknown extends RuntimeException implements CommandOutcome {
    public OutcomeUnknown(String reason) {
        super(reason, null, false, false);
    }

    /** With the failure behind it, for logs. */
    public OutcomeUnknown(String reason, Throwable cause) {
        super(reason, cause, false, false);
    }

    /** Why, in words for a person. */
    public String reason() {
        return String.valueOf(getMessage());
    }

    @Override
    public <T> T fold(
            Function<Completed, T> onCompleted,
            Function<Rejection, T> onRejection,
            Function<NotServing, T> onNotServing,
            Function<OutcomeUnknown, T> onUnknown) {
        return onUnknown.apply(this);
    }
}
