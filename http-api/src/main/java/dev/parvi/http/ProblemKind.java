package dev.parvi.http;

import dev.parvi.entity.Rejection;
import dev.parvi.http.openapi.HttpContract;
import dev.parvi.http.openapi.HttpContract.Call;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Everything that can be wrong, with its status and whether the same request may be sent again. Names are part of the contract. */
enum ProblemKind {
    MALFORMED_REQUEST(400, "The request is not valid HTTP"),
    INVALID_PATH(400, "The path cannot be used"),
    INVALID_ID(400, "The entity id cannot be used"),
    INVALID_HEADER(400, "A header is invalid"),
    INVALID_PARAMETER(400, "A query parameter is invalid"),
    INVALID_BODY(400, "The body is invalid"),
    ORIGIN_NOT_ALLOWED(403, "Pages of this origin may not do this"),
    UNKNOWN_PATH(404, "There is nothing at this path"),
    UNKNOWN_TYPE(404, "There is no such entity type"),
    UNKNOWN_METHOD(404, "The entity type has no such method"),
    UNKNOWN_KEY(404, "Nothing is stored with this key"),
    METHOD_NOT_ALLOWED(405, "The HTTP method does not fit"),
    NOT_ACCEPTABLE(406, "The reply cannot be written as asked"),
    BODY_TIMEOUT(408, "The body did not arrive in time", true),
    BODY_TOO_LARGE(413, "The body is too large"),
    URI_TOO_LONG(414, "The request target is too long"),
    UNSUPPORTED_MEDIA_TYPE(415, "The body is in a format that is not read here"),
    HEADERS_TOO_LARGE(431, "The headers are too large"),

    INVALID_ARGUMENT(422, "The entity refused an argument"),
    OUT_OF_RANGE(422, "A value is out of range"),
    NOT_FOUND(404, "What the command is about does not exist"),
    ALREADY_EXISTS(409, "It exists already"),
    FAILED_PRECONDITION(409, "The entity's state does not allow it"),
    PERMISSION_DENIED(403, "Not permitted"),
    RESOURCE_EXHAUSTED(429, "A quota is used up"),
    REVISION_MISMATCH(412, "The entity is at another revision"),
    KEY_REUSED(422, "The idempotency key was used for another request"),
    UNIMPLEMENTED(501, "The entity's node does not know this method yet", true),
    ENTITY_FAILED(500, "The entity's code failed"),
    QUARANTINED(500, "The entity cannot be rebuilt from its events"),
    DELETED(410, "The entity was deleted, for good"),

    INTERNAL(500, "The edge failed"),
    NOT_SERVING(503, "Nobody serves the entity right now", true),
    OVERLOADED(503, "The node has too much to do", true),
    TOO_MANY_REQUESTS(429, "Too many requests", true),
    OUTCOME_UNKNOWN(504, "The outcome is unknown", true);

    /** What ends no call of a method that is there: its path and HTTP method are right. */
    private static final Set<ProblemKind> ASTRAY =
            EnumSet.of(INVALID_PATH, UNKNOWN_PATH, UNKNOWN_TYPE, UNKNOWN_METHOD, METHOD_NOT_ALLOWED);

    private static final Set<ProblemKind> OF_A_POST = EnumSet.of(BODY_TIMEOUT, BODY_TOO_LARGE, ORIGIN_NOT_ALLOWED);
    /** A query has no key, and stores nothing. */
    private static final Set<ProblemKind> OF_A_COMMAND = EnumSet.of(KEY_REUSED, OUTCOME_UNKNOWN);

    /** What no entity takes part in. */
    private static final Set<Call> LOOKS = EnumSet.of(Call.HISTORY, Call.OUTCOME);

    private static final Map<Rejection.Code, ProblemKind> BY_REJECTION = new EnumMap<>(Rejection.Code.class);

    static {
        for (var code : Rejection.Code.values()) BY_REJECTION.put(code, valueOf(code.name()));
    }

    private final int status;
    private final String title;
    private final boolean retryable;
    private final String code;

    ProblemKind(int status, String title) {
        this(status, title, false);
    }

    ProblemKind(int status, String title, boolean retryable) {
        this.status = status;
        this.title = title;
        this.retryable = retryable;
        this.code = name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The kind of the same name: every rejection code has one. */
    static ProblemKind of(Rejection.Code code) {
        return BY_REJECTION.getOrDefault(code, INTERNAL);
    }

    /** All kinds, and which calls they end. */
    static List<HttpContract.Problem> toContract() {
        return Stream.of(values()).map(ProblemKind::toProblem).toList();
    }

    private HttpContract.Problem toProblem() {
        var isOutcome = BY_REJECTION.containsValue(this) || this == NOT_SERVING || this == OUTCOME_UNKNOWN;
        return new HttpContract.Problem(status, code, uri(), title, retryable, isOutcome, sentBy());
    }

    private Set<Call> sentBy() {
        if (ASTRAY.contains(this)) return Set.of();
        if (OF_A_COMMAND.contains(this)) return Set.of(Call.COMMAND, Call.DELETION);
        if (this == UNKNOWN_KEY) return Set.of(Call.OUTCOME);
        if (BY_REJECTION.containsValue(this) || this == NOT_ACCEPTABLE) {
            var calls = EnumSet.complementOf(EnumSet.copyOf(LOOKS));
            if (isForAuthors() && this != NOT_FOUND || this == NOT_ACCEPTABLE) calls.remove(Call.DELETION);
            // A stream is never written in another way.
            if (this == NOT_ACCEPTABLE) calls.remove(Call.FOLLOWING);
            return calls;
        }
        return OF_A_POST.contains(this) ? Set.of(Call.COMMAND, Call.POSTED_QUERY) : EnumSet.allOf(Call.class);
    }

    /** No author takes part in a deletion. */
    private boolean isForAuthors() {
        return BY_REJECTION.entrySet().stream()
                .anyMatch(each -> each.getValue() == this && each.getKey().isForAuthors());
    }

    int status() {
        return status;
    }

    String title() {
        return title;
    }

    boolean isRetryable() {
        return retryable;
    }

    /** The name in {@code code}, and the end of {@code type}. */
    String code() {
        return code;
    }

    /** A name, not a place: it stays the same wherever the documentation moves, and nobody is sent to a server that is not theirs. */
    String uri() {
        return "urn:parvi:problem:" + code;
    }
}
