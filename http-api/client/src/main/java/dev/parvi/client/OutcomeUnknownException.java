package dev.parvi.client;

/**
 * The command may have been carried out, or may still be. Send the same {@link Command} again, or another one with the same
 * {@link #key}: that settles it. To only look, ask for the outcome of the key.
 */
public final class OutcomeUnknownException extends ParviException {
    OutcomeUnknownException(String message, Problem problem, String key) {
        super(message, problem, key);
    }
}
