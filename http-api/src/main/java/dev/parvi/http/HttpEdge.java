package dev.parvi.http;

import dev.parvi.entity.EntityClient;
import dev.parvi.entity.EntityType;
import dev.parvi.http.admission.Admission;
import dev.parvi.http.admission.Listener;
import dev.parvi.http.json.Codecs;
import dev.parvi.http.json.JsonBytes;
import dev.parvi.http.openapi.OpenApi;
import dev.parvi.http.openapi.Pages;
import dev.parvi.http.streams.EntityHistory;
import dev.parvi.http.streams.EventStreams;
import dev.parvi.http.streams.PublicView;
import dev.parvi.http.validation.Rules;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.ActorSystem;
import org.jspecify.annotations.Nullable;

/** The client port of one node: shows every entity of the given types over HTTP, wherever in the cluster it lives. */
public final class HttpEdge {
    private static final Duration LEAVING_TIME = Duration.ofSeconds(1);
    private static final Duration ANSWER_TIME = Duration.ofMillis(500);

    private final Listener listener;
    private final RequestHandler handler;
    private final InFlight inFlight;
    private final Admission admission;
    private @Nullable CompletableFuture<Void> drained;

    private HttpEdge(Listener listener, RequestHandler handler, InFlight inFlight, Admission admission) {
        this.admission = admission;
        this.listener = listener;
        this.handler = handler;
        this.inFlight = inFlight;
    }

    /**
     * Listens, and answers from then on. Fails with an {@link IllegalStateException} if the port is not to be had, and throws an
     * {@link IllegalArgumentException} if two types or methods want the same path, or if a rule of a request cannot be used.
     */
    public static CompletableFuture<HttpEdge> start(
            ActorSystem system,
            List<EntityType<?, ?>> types,
            EntityClient client,
            EntityHistory history,
            HttpSettings settings) {
        var routes = Routes.of(types, settings);
        var codecs = Codecs.of(types, settings.limits().depthMax(), PublicView::shows);
        var answers = new Answers(codecs);
        var admission = new Admission(settings.admission(), system.dispatcher());
        var gate = new Gate(admission);
        var bodies = new BodyReader(system, settings.limits().bodyBytesMax(), gate);
        var inFlight = new InFlight(system, admission::sweep);
        var pages = Pages.of(types, settings.toContract());
        var streams = new EventStreams(
                history, settings.streams(), codecs::eventToJson, JsonBytes::quotedText, system.dispatcher()::execute);
        var rules = Rules.of(Routes.requests(types), settings.limits().ruleElementsMax());
        var messages = new RequestMessages(codecs, rules, settings.limits().depthMax());
        var calls = new EntityCalls(client, messages, bodies, settings, answers, inFlight, gate);
        var lookups = new Lookups(history, streams, calls, settings, answers, gate);
        var handler = new RequestHandler(routes, pages, lookups, calls, bodies, settings, gate);
        return Listener.bind(
                        system,
                        new InetSocketAddress(settings.host(), settings.port()),
                        PekkoServer.settings(system, settings),
                        settings.connections(),
                        handler)
                .thenApply(listener -> new HttpEdge(listener, handler, inFlight, admission))
                .exceptionallyCompose(failure -> {
                    inFlight.stop();
                    return CompletableFuture.failedFuture(notBound(settings, failure));
                });
    }

    /**
     * The OpenAPI document that a node with these types and settings shows at {@code /openapi.json}. Throws as {@link #start} does
     * if the types do not fit together.
     */
    public static String openApi(List<EntityType<?, ?>> types, HttpSettings settings) {
        Routes.of(types, settings);
        return new String(OpenApi.document(types, settings.toContract()), StandardCharsets.UTF_8);
    }

    /**
     * What it has in hand and what it has refused, by name: {@code connections}, {@code requests}, {@code requests-limit}, and, since
     * the start, how many connections were cut and requests refused, by reason.
     */
    public Map<String, Long> figures() {
        var figures = new TreeMap<>(listener.cuts());
        admission.figures().forEach((name, value) -> figures.merge(name, value, Long::sum));
        figures.put("connections", (long) listener.size());
        return figures;
    }

    /** Where it listens; the port is the true one. */
    public InetSocketAddress address() {
        return listener.address();
    }

    /**
     * Stops accepting connections, answers what is in flight, and closes. While it does, every answer says that its connection
     * ends, so that busy clients leave by themselves; idle connections are cut a second later. A request that is not answered
     * after {@code limit} is told that its outcome is unknown. Calling it again changes nothing.
     */
    public synchronized CompletableFuture<Void> drain(Duration limit) {
        if (drained == null) drained = drainOnce(limit);
        return drained.copy();
    }

    private CompletableFuture<Void> drainOnce(Duration limit) {
        var leaving = limit.compareTo(LEAVING_TIME) < 0 ? limit : LEAVING_TIME;
        handler.closeConnections();
        inFlight.endAfter(limit);
        var left = new CompletableFuture<Void>();
        inFlight.after(leaving, () -> left.complete(null));
        return listener.unbind()
                .thenCombine(left, (done, nothing) -> limit.minus(leaving).plus(ANSWER_TIME))
                .thenCompose(listener::terminate)
                .handle((done, failure) -> {
                    inFlight.stop();
                    return null;
                });
    }

    private static IllegalStateException notBound(HttpSettings settings, Throwable failure) {
        var cause = failure;
        while (cause.getCause() != null) cause = cause.getCause();
        return new IllegalStateException(
                "cannot listen on " + settings.host() + ":" + settings.port() + ": " + cause.getMessage()
                        + ". Free the port, or choose another with parvi.http.port (0 takes a free one)",
                failure);
    }
}
