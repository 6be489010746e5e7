package dev.parvi.client;

/**
 * A call came to nothing, or a stream ended. The type is the advice: {@link RejectedException}, {@link NotServingException} and
 * {@link OutcomeUnknownException}; anything else is an answer that no node of Parvi gives.
 */
public class ParviException extends RuntimeException {
    private final Problem problem;
    private final String key;

    ParviException(String message, Problem problem, String key) {
        super(message);
        this.problem = problem;
        this.key = key;
    }

    /** What was answered last. */
    public Problem problem() {
        return problem;
    }

    /** The idempotency key of the command; empty for queries and streams. */
    public String key() {
        return key;
    }
}
