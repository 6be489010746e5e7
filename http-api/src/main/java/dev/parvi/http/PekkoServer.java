package dev.parvi.http;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.scaladsl.model.headers.Host;
import org.apache.pekko.http.scaladsl.settings.ParserSettings;
import org.apache.pekko.http.scaladsl.settings.ServerSettings;
import org.apache.pekko.io.TcpSO;
import scala.Option;
import scala.concurrent.duration.FiniteDuration;
import scala.jdk.javaapi.CollectionConverters;

/** Pekko HTTP's own settings, as far as they follow from ours. Whatever else the node's configuration says of Pekko HTTP stays. */
final class PekkoServer {
    /** Headers with another value in every request. Pekko would copy its table of values for each connection, to add them. */
    private static final List<String> NEVER_TWICE =
            List.of("Idempotency-Key", "idempotency-key", "traceparent", "Traceparent", "X-Request-Id", "x-request-id");

    private static final int BACKLOG = 1024;
    private static final FiniteDuration BIND_TIMEOUT = FiniteDuration.create(10, "s");

    private PekkoServer() {}

    static ServerSettings settings(ActorSystem system, HttpSettings settings) {
        var pekko = (ServerSettings) ServerSettings.apply(system);
        var timeouts = pekko.timeouts()
                .withIdleTimeout(toScala(settings.connections().idleTimeout()))
                // Ours is counted per request, and answers with a problem. Zero takes Pekko's out of the pipeline.
                .withRequestTimeout(scala.concurrent.duration.Duration.Zero())
                .withBindTimeout(BIND_TIMEOUT);
        return (ServerSettings) pekko.withTimeouts((ServerSettings.Timeouts) timeouts)
                .withServerHeader(Option.empty())
                // For Routes, which refuses dot segments; Pekko resolves them first.
                .withRawRequestUriHeader(true)
                .withParserSettings(parser(pekko.parserSettings(), settings.limits()))
                .withParsingErrorHandler(PekkoRefusals.class.getName())
                .withTerminationDeadlineExceededResponse(
                        Answers.problem(Problem.of(ProblemKind.NOT_SERVING, "this node is stopping")))
                // HTTP/1.0 requests have no Host header.
                .withDefaultHostHeader(Host.apply("localhost"))
                .withMaxConnections(settings.connections().connectionsMax())
                .withPipeliningLimit(settings.connections().pipeliningMax())
                .withBacklog(BACKLOG)
                .withSocketOptions(List.of(TcpSO.tcpNoDelay(true)));
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

    static FiniteDuration toScala(Duration duration) {
        return FiniteDuration.fromNanos(duration.toNanos());
    }
}
