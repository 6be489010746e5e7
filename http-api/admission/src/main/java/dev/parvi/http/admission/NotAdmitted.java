package dev.parvi.http.admission;

/** A request is not taken on, and why. Nothing of it was done. Has no stack trace, since it comes in masses. */
public final class NotAdmitted extends RuntimeException {
    private final boolean isRate;
    private final int retryAfterSeconds;

    NotAdmitted(boolean isRate, String message, int retryAfterSeconds) {
        super(message, null, false, false);
        this.isRate = isRate;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /** True if this caller, or this entity, asks too often; false if the node has too much to do. */
    public boolean isRate() {
        return isRate;
    }

    /** After which time the same may be let in. */
    public int retryAfterSeconds() {
        return retryAfterSeconds;
    }
}
