package dev.parvi.http;

import dev.parvi.entity.Rejection;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Everything that can be wrong, with its status and whether the same request may be sent again. Names are part of the contract. */
enum ProblemKind {
    MALFORMED_REQUEST(400, "The request is not valid HTTP"),
    INVALID_PATH(400, "The path cannot be used"),
    INVALID_ID(400, "The entity id cannot be used"),
    INVALID_HEADER(400, "A header is invalid"),
    INVALID_PARAMETER(400, "A query parameter is invalid"),
    INVALID_BODY(400, "The body is invalid"),
    UNKNOWN_PATH(404, "There is nothing at this path"),
    UNKNOWN_TYPE(404, "There is no such entity type"),
    UNKNOWN_METHOD(404, "The entity type has no such method"),
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

    INTERNAL(500, "The edge failed"),
    NOT_SERVING(503, "Nobody serves the entity right now", true),
    OUTCOME_UNKNOWN(504, "The outcome is unknown", true);

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
