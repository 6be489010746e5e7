package dev.parvi.http.json;

/** Says that a text is not the message that it should be. Has no stack trace: it is the sender's fault, not ours. */
public final class UnreadableMessage extends RuntimeException {
    private final String path;

    UnreadableMessage(String path, String message) {
        super(message, null, false, false);
        this.path = path;
    }

    /** The field at fault, such as {@code items[2].price}, or the name of the parameter. Empty if the whole is. */
    public String path() {
        return path;
    }

    /** What is wrong with it, in words for the sender. */
    public String message() {
        return String.valueOf(getMessage());
    }
}
