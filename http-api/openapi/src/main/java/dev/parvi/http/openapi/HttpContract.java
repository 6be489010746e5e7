package dev.parvi.http.openapi;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What the edge does that no {@code .proto} tells: its bounds, and every problem that it answers. The edge itself fills this in,
 * so the document says what the code does.
 */
public record HttpContract(
        int idBytesMax,
        int keyLengthMax,
        int bodyBytesMax,
        Duration requestTimeout,
        Duration requestTimeoutMax,
        List<Problem> problems) {

    /**
     * One kind of problem.
     *
     * @param isOutcome true if the command reached its entity or was on its way, so that its key is told
     * @param sentBy the calls that can end with it
     */
    public record Problem(
            int status,
            String code,
            String uri,
            String title,
            boolean isRetryable,
            boolean isOutcome,
            Set<Call> sentBy) {}

    /** The ways to call a method. */
    public enum Call {
        /** A command, by POST. */
        COMMAND,
        /** The end of an entity, by DELETE. */
        DELETION,
        /** A query by GET, its fields in the URL. */
        QUERY,
        /** A query by POST, its fields in the body. */
        POSTED_QUERY,
        /** A look at the past or at who is there, by GET. */
        HISTORY,
        /** A look at the past of one entity, by GET, which may begin with a query. */
        FOLLOWING,
        /** A look at what became of a command, by GET. */
        OUTCOME
    }
}
