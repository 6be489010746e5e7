package dev.parvi.http;

import dev.parvi.entity.EntityClient;
import dev.parvi.entity.EntityType;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.scaladsl.Http;
import org.apache.pekko.http.scaladsl.ServerBuilder;
import org.jspecify.annotations.Nullable;
import scala.concurrent.ExecutionContext;
import scala.concurrent.Future;

/** The client port of one node: shows every entity of the given types over HTTP, wherever in the cluster it lives. */
public final class HttpEdge {
    private static final Duration LEAVING_TIME = Duration.ofSeconds(1);
    private static final Duration ANSWER_TIME = Duration.ofMillis(500);

    private final Http.ServerBinding binding;
    private final RequestHandler handler;
    private final InFlight inFlight;
    private final ExecutionContext executor;
    private @Nullable CompletableFuture<Void> drained;

    private HttpEdge(Http.ServerBinding binding, RequestHandler handler, InFlight inFlight, ExecutionContext executor) {
        this.binding = binding;
        this.handler = handler;
        this.inFlight = inFlight;
        this.executor = executor;
    }

    /**
     * Listens, and answers from then on. Fails with an {@link IllegalStateException} if the port is not to be had, and throws an
     * {@link IllegalArgumentException} if two types or methods want the same path.
     */
    public static CompletableFuture<HttpEdge> start(
            ActorSystem system, List<EntityType<?, ?>> types, EntityClient client, HttpSettings settings) {
        var routes = Routes.of(types, settings);
        var codecs = Codecs.of(types, settings.limits().depthMax());
        var bodies = new BodyReader(system, settings.limits().bodyBytesMax());
        var inFlight = new InFlight(system);
        var handler = new RequestHandler(routes, client, settings, codecs, bodies, inFlight);
        var binding = ServerBuilder.apply(settings.host(), settings.port(), system)
                .withSettings(PekkoServer.settings(system, settings))
                .bind(handler);
        return toFuture(binding, system.dispatcher())
                .thenApply(bound -> new HttpEdge(bound, handler, inFlight, system.dispatcher()))
                .exceptionallyCompose(failure -> {
                    inFlight.stop();
                    return CompletableFuture.failedFuture(notBound(settings, failure));
                });
    }

    /** Where it listens; the port is the true one. */
    public InetSocketAddress address() {
        return binding.localAddress();
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
        return toFuture(binding.unbind(), executor)
                .thenCombine(
                        left,
                        (done, nothing) ->
                                PekkoServer.toScala(limit.minus(leaving).plus(ANSWER_TIME)))
                .thenCompose(rest -> toFuture(binding.terminate(rest), executor))
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

    /** Pekko's own conversion starts a thread for every stage on small machines; a plain callback does not. */
    private static <T> CompletableFuture<T> toFuture(Future<T> future, ExecutionContext executor) {
        var result = new CompletableFuture<T>();
        future.onComplete(
                outcome -> outcome.isSuccess()
                        ? result.complete(outcome.get())
                        : result.completeExceptionally(outcome.failed().get()),
                executor);
        return result;
    }
}
