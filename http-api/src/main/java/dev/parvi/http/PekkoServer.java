package dev.parvi.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.http.ParsingErrorHandler;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.model.ErrorInfo;
import org.apache.pekko.http.scaladsl.model.StatusCode;
import org.apache.pekko.http.scaladsl.model.headers.Host;
import org.apache.pekko.http.scaladsl.settings.ParserSettings;
import org.apache.pekko.http.scaladsl.settings.ServerSettings;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/** Pekko HTTP's own settings, as far as they follow from ours. What connections may do, the listener decides. Whatever else the node's configuration says of Pekko HTTP stays. */
final class PekkoServer {
    /** Headers with another value in every request. Pekko would copy its table of values for each connection, to add them. */
    private static final List<String> NEVER_TWICE =
            List.of("Idempotency-Key", "idempotency-key", "traceparent", "Traceparent", "X-Request-Id", "x-request-id");

    private static final int BACKLOG = 1024;

    private PekkoServer() {}

    static ServerSettings settings(ActorSystem system, HttpSettings settings) {
        var pekko = (ServerSettings) ServerSettings.apply(system);
        var timeouts = pekko.timeouts()
                // Ours is counted per request, and answers with a problem. Zero takes Pekko's out of the pipeline.
                .withRequestTimeout(scala.concurrent.duration.Duration.Zero());
        return (ServerSettings) pekko.withTimeouts((ServerSettings.Timeouts) timeouts)
                .withServerHeader(Option.empty())
                // For Routes, which refuses dot segments; Pekko resolves them first.
                .withRawRequestUriHeader(true)
                .withParserSettings(parser(pekko.parserSettings(), settings.limits()))
                .withParsingErrorHandler(Refusals.class.getName())
                // HTTP/1.0 requests have no Host header.
                .withDefaultHostHeader(Host.apply("localhost"))
                .withPipeliningLimit(settings.connections().pipeliningMax())
                .withBacklog(BACKLOG);
    }

    private static ParserSettings parser(ParserSettings pekko, HttpSettings.Limits limits) {
        var cached = new HashMap<String, Object>(CollectionConverters.asJava(pekko.headerValueCacheLimits()));
        NEVER_TWICE.forEach(name -> cached.put(name, 0));
        return (ParserSettings) pekko.withHeaderValueCacheLimits(cached)
                .withMaxUriLength(limits.uriBytesMax())
                .withMaxHeaderValueLength(limits.headerBytesMax())
                .withMaxHeaderCount(limits.headersMax())
                // We read the few headers that we know as they were sent, and a client's mistake is no warning of ours.
                .withModeledHeaderParsing(false)
                .withIllegalHeaderWarnings(false);
    }

    /**
     * Turns what Pekko HTTP refuses before a request exists into problems. Pekko says 501 for a method and 505 for a version that it
     * does not know; both are the client's doing, so here they are a 405 and a 400. Pekko makes the one instance, by name.
     */
    static final class Refusals extends ParsingErrorHandler {
        private static final Map<Integer, ProblemKind> KINDS = Map.of(
                413, ProblemKind.BODY_TOO_LARGE,
                414, ProblemKind.URI_TOO_LONG,
                431, ProblemKind.HEADERS_TOO_LARGE,
                501, ProblemKind.METHOD_NOT_ALLOWED);
        private static final String ALLOW = Allow.QUERY.methods();

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
                    "the request target is longer than "
                            + settings.parserSettings().maxUriLength() + " bytes";
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
}
