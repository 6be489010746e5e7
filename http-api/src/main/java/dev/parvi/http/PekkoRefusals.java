package dev.parvi.http;

import java.util.Map;
import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.http.ParsingErrorHandler;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.model.ErrorInfo;
import org.apache.pekko.http.scaladsl.model.StatusCode;
import org.apache.pekko.http.scaladsl.settings.ServerSettings;

/**
 * Turns what Pekko HTTP refuses before a request exists into problems. Pekko says 501 for a method and 505 for a version that it
 * does not know; both are the client's doing, so here they are a 405 and a 400. Pekko makes the one instance, by name.
 */
final class PekkoRefusals extends ParsingErrorHandler {
    private static final Map<Integer, ProblemKind> KINDS = Map.of(
            413, ProblemKind.BODY_TOO_LARGE,
            414, ProblemKind.URI_TOO_LONG,
            431, ProblemKind.HEADERS_TOO_LARGE,
            501, ProblemKind.METHOD_NOT_ALLOWED);
    private static final String ALLOW = "GET, HEAD, POST";

    @Override
    public HttpResponse handle(StatusCode status, ErrorInfo info, LoggingAdapter log, ServerSettings settings) {
        var kind = KINDS.getOrDefault(status.intValue(), ProblemKind.MALFORMED_REQUEST);
        return Answers.problem(
                kind == ProblemKind.METHOD_NOT_ALLOWED
                        ? Problem.notAllowed("an unknown HTTP method; " + ALLOW + " are known", ALLOW)
                        : Problem.of(kind, detail(kind, status, info, settings)));
    }

    private static String detail(ProblemKind kind, StatusCode status, ErrorInfo info, ServerSettings settings) {
        return switch (kind) {
            case URI_TOO_LONG ->
                "the request target is longer than " + settings.parserSettings().maxUriLength() + " bytes";
            case HEADERS_TOO_LARGE ->
                "a request may have " + settings.parserSettings().maxHeaderCount() + " headers, each value up to "
                        + settings.parserSettings().maxHeaderValueLength() + " bytes";
            default ->
                status.intValue() == 505
                        ? "the request line must end in HTTP/1.0 or HTTP/1.1"
                        : info.summary().isEmpty() ? status.reason() : info.summary();
        };
    }
}
