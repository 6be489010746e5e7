package dev.parvi.entity;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A command that was understood and refused. Nothing was stored; sending the same again gets the same until something changes. */
public final class Rejection extends RuntimeException implements CommandOutcome {
    private final Code code;
    private final String field;

    private Rejection(Code code, String message, String field, @Nullable Throwable cause) {
        super(message, cause, false, false);
        this.code = code;
        this.field = field;
    }

    public static Rejection of(Code code, String message) {
        return new Rejection(code, message, "", null);
    }

    /** A rejection because of one field of the request, named as in the {@code .proto}. */
    public static Rejection ofField(Code code, String field, String message) {
        return new Rejection(code, message, field, null);
    }

    /** A rejection with the failure behind it. The cause is for the node's log and is never sent to a caller. */
    public static Rejection causedBy(Throwable cause, Code code, String message) {
        return new Rejection(code, message, "", cause);
    }

    public Code code() {
        return code;
    }

    /** Why, in words for the caller. */
    public String message() {
        return String.valueOf(getMessage());
    }

    /** The field of the request that is at fault, or an empty string. */
    public String field() {
        return field;
    }

    @Override
    public <T> T fold(
            Function<Completed, T> onCompleted,
            Function<Rejection, T> onRejection,
            Function<NotServing, T> onNotServing,
            Function<OutcomeUnknown, T> onUnknown) {
        return onRejection.apply(this);
    }

    /** Why a command was refused. The upper half are for authors, named and meant as gRPC's status codes; Parvi itself uses the lower. */
    public enum Code {
        /** The request is wrong whatever the state. */
        INVALID_ARGUMENT,
        /** A value lies outside what this entity allows. */
        OUT_OF_RANGE,
        /** What the command is about does not exist. */
        NOT_FOUND,
        /** What the command would create is there already. */
        ALREADY_EXISTS,
        /** The state does not allow it now. */
        FAILED_PRECONDITION,
        /** This principal may not do it. */
        PERMISSION_DENIED,
        /** A quota of the entity is used up. */
        RESOURCE_EXHAUSTED,

        /** The entity is not at the revision that the caller insists on. */
        REVISION_MISMATCH,
        /** The idempotency key was used before with another method or another body. */
        KEY_REUSED,
        /** The running release does not know the method: a newer node sent it. */
        UNIMPLEMENTED,
        /** The author's code threw; its command stored nothing. */
        ENTITY_FAILED,
        /** The entity cannot be rebuilt from its events; it harms no other. */
        QUARANTINED,
        /** The entity was deleted, for good. */
        DELETED;

        /** True for the codes that an author's method may use. */
        public boolean isForAuthors() {
            return compareTo(REVISION_MISMATCH) < 0;
        }
    }
}
