package dev.parvi.client;

/** Nobody served the request in time, and nothing was stored. It may be sent again. */
public final class NotServingException extends ParviException {
    NotServingException(String message, Problem problem, String key) {
        super(message, problem, key);
    }
}
