package dev.parvi.persistence;

/** A store that cannot be opened. The message is one sentence for the person who starts the node: what is wrong, and where. */
public final class UnusableStore extends RuntimeException {
    public UnusableStore(String message) {
        super(message);
    }

    public UnusableStore(String message, Throwable cause) {
        super(message, cause);
    }
}
