package dev.parvi.entity;

import java.util.function.Function;

/** Nobody serves the entity right now. Nothing was stored: the command may be sent again, with or without a key. */
public final class NotServing extends RuntimeException implements CommandOutcome {
    public NotServing(String reason) {
        super(reason, null, false, false);
    }

    /** With the failure behind it, for logs. */
    public NotServing(String reason, Throwable cause) {
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
        return onNotServing.apply(this);
    }
}
