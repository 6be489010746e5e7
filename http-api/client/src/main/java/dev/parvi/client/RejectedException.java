package dev.parvi.client;

/** The request was refused and nothing was stored: {@link #problem} says why. The same again would be refused again. */
public final class RejectedException extends ParviException {
    RejectedException(String message, Problem problem, String key) {
        super(message, problem, key);
    }
}
