package dev.parvi.transcoding;

/** Says that a path fits a template and holds what no text is. Has no stack trace: it is the sender's fault, not ours. */
public final class BadPath extends RuntimeException {
    private final String variable;

    BadPath(String variable, String message) {
        super(message, null, false, false);
        this.variable = variable;
    }

    /** The variable at fault. */
    public String variable() {
        return variable;
    }

    /** What is wrong with it, in words for the sender. */
    public String message() {
        return String.valueOf(getMessage());
    }
}
