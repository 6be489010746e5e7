package dev.parvi.client;

/**
 * What an answer means for the next attempt: the table of {@code docs/clients.md}. An answer without a code is from somebody
 * between the client and the nodes, who may have sent the request on.
 */
enum Verdict {
    COMPLETED,
    /** Final; nothing was stored by this attempt. */
    REFUSED,
    /** Final; it may have been stored by this attempt. */
    BROKEN,
    /** Nothing was stored by this attempt. */
    AGAIN,
    /** It may have been stored by this attempt. */
    AGAIN_UNKNOWN;

    private static final int REQUEST_TIMEOUT = 408;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int BAD_GATEWAY = 502;
    private static final int UNAVAILABLE = 503;
    private static final int GATEWAY_TIMEOUT = 504;

    /**
     * @param mediaType of a reply; anything else did not come from a node. Empty if it has no body
     */
    static Verdict of(Answer answer, String mediaType) {
        if (answer.isSuccess()) return mediaType.isEmpty() || answer.is(mediaType) ? COMPLETED : BROKEN;
        var problem = answer.problem();
        return problem.code().isEmpty() ? ofStranger(answer.status()) : ofNode(problem, answer);
    }

    private static Verdict ofNode(Problem problem, Answer answer) {
        if (problem.status() == GATEWAY_TIMEOUT) return AGAIN_UNKNOWN;
        if (problem.isRetryable()) return AGAIN;
        // The quota of an entity says no time; a node that is busy does.
        if (problem.status() == TOO_MANY_REQUESTS && !answer.retryAfter().isZero()) return AGAIN;
        return problem.code().equals("internal") ? BROKEN : REFUSED;
    }

    private static Verdict ofStranger(int status) {
        return switch (status) {
            case TOO_MANY_REQUESTS -> AGAIN;
            case REQUEST_TIMEOUT, BAD_GATEWAY, UNAVAILABLE, GATEWAY_TIMEOUT -> AGAIN_UNKNOWN;
            default -> status >= 500 ? BROKEN : REFUSED;
        };
    }
}
