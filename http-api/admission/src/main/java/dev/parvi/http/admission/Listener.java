package dev.parvi.http.admission;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.http.scaladsl.Http;
import org.apache.pekko.http.scaladsl.model.HttpRequest;
import org.apache.pekko.http.scaladsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.settings.ServerSettings;
import org.apache.pekko.io.TcpSO;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.TLSProtocol.SslTlsInbound;
import org.apache.pekko.stream.TLSProtocol.SslTlsOutbound;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.Tcp;
import org.apache.pekko.stream.scaladsl.TLSPlacebo;
import org.apache.pekko.util.ByteString;
import scala.Option;
import scala.concurrent.Future;
import scala.runtime.AbstractFunction1;

/**
 * Listens on a port and serves HTTP/1.1 on it with Pekko HTTP's own layer, but decides itself who may connect, how slow a client
 * may be, and how a connection ends. Pekko's binding counts connections only: it stops accepting when its
 * {@code max-connections} are silent ones, and has no time limit for a head.
 */
public final class Listener {
    /** The kernel would otherwise keep up to 4 MiB for each client that does not read. */
    private static final int SEND_BUFFER_BYTES = 128 << 10;

    private static final Duration SWEEP = Duration.ofMillis(200);

    private final Connections connections;
    private final ConnectionSettings settings;
    private final BiFunction<HttpRequest, Client, Future<HttpResponse>> handler;
    private final BidiFlow<HttpResponse, ByteString, ByteString, HttpRequest, NotUsed> http;
    private final Materializer materializer;
    private final Counters counters = new Counters();
    private final ActorSystem system;
    private final CompletableFuture<Tcp.ServerBinding> bound = new CompletableFuture<>();
    private final Cancellable sweeper;

    private Listener(
            ActorSystem system,
            ServerSettings http,
            ConnectionSettings settings,
            BiFunction<HttpRequest, Client, Future<HttpResponse>> handler) {
        this.system = system;
        this.settings = settings;
        this.handler = handler;
        this.connections = new Connections(settings, counters);
        this.http = layer(system, http);
        this.materializer = SystemMaterializer.get(system).materializer();
        this.sweeper = system.scheduler()
                .scheduleWithFixedDelay(SWEEP, SWEEP, () -> connections.sweep(System.nanoTime()), system.dispatcher());
    }

    /** Listens. Fails as the operating system does if the port is not to be had; 0 takes a free one. */
    public static CompletableFuture<Listener> bind(
            ActorSystem system,
            InetSocketAddress address,
            ServerSettings http,
            ConnectionSettings settings,
            BiFunction<HttpRequest, Client, Future<HttpResponse>> handler) {
        var listener = new Listener(system, http, settings, handler);
        Tcp.get(system)
                .bind(
                        address.getHostString(),
                        address.getPort(),
                        http.backlog(),
                        List.of(TcpSO.tcpNoDelay(true), TcpSO.sendBufferSize(SEND_BUFFER_BYTES)),
                        true,
                        Optional.empty())
                .toMat(Sink.foreach(listener::accept), Keep.left())
                .run(listener.materializer)
                .whenCompleteAsync(listener::onBound, system.dispatcher());
        return listener.bound.thenApply(binding -> listener);
    }

    private void onBound(Tcp.ServerBinding binding, Throwable failure) {
        if (failure == null) {
            bound.complete(binding);
            return;
        }
        sweeper.cancel();
        bound.completeExceptionally(failure);
    }

    /** Where it listens; the port is the true one. */
    public InetSocketAddress address() {
        return bound.join().localAddress();
    }

    /** How many connections there are. */
    public int size() {
        return connections.size();
    }

    /** How many connections were not let in or not let stay since the start, by reason. */
    public Map<String, Long> cuts() {
        return counters.toMap();
    }

    /** Accepts no more. */
    public CompletableFuture<Void> unbind() {
        return toFuture(bound.join().unbind());
    }

    /**
     * Cuts connections that are idle, others as soon as they have been answered, and whatever is left after {@code limit}. Completes
     * when none is left.
     */
    public CompletableFuture<Void> terminate(Duration limit) {
        var gone = connections.endIdle(System.nanoTime());
        var last = system.scheduler().scheduleOnce(limit, connections::cutAll, system.dispatcher());
        return gone.whenComplete((nothing, failure) -> {
            last.cancel();
            sweeper.cancel();
        });
    }

    private void accept(Tcp.IncomingConnection incoming) {
        var connection = connections.enter(
                dev.parvi.http.admission.Source.of(incoming.remoteAddress().getAddress()), System.nanoTime());
        if (connection == null) {
            incoming.handleWith(Flow.fromSinkAndSource(Sink.cancelled(), Source.empty()), materializer);
            return;
        }
        var guard = BidiFlow.fromGraph(new ConnectionGuard(connection, () -> connections.leave(connection)));
        answers(connection).join(http.atop(guard).join(incoming.flow())).run(materializer);
    }

    private Flow<HttpRequest, HttpResponse, NotUsed> answers(Connection connection) {
        var ask = new AbstractFunction1<HttpRequest, Future<HttpResponse>>() {
            @Override
            public Future<HttpResponse> apply(HttpRequest request) {
                connection.requested(request.entity().isStrict());
                return handler.apply(request, connection);
            }
        };
        return inOrder(ask).map(answer -> {
            connection.answered(!answer.entity().isStrict());
            return answer;
        });
    }

    /** Of Scala's flow, since Java's wants a stage for each answer, and that costs a thread on small machines. */
    @SuppressWarnings("unchecked")
    private Flow<HttpRequest, HttpResponse, NotUsed> inOrder(AbstractFunction1<HttpRequest, Future<HttpResponse>> ask) {
        Object flow =
                org.apache.pekko.stream.scaladsl.Flow.<HttpRequest>apply().mapAsync(settings.pipeliningMax(), ask);
        return ((org.apache.pekko.stream.scaladsl.Flow<HttpRequest, HttpResponse, NotUsed>) flow).asJava();
    }

    /** Without TLS: what passes is wrapped as if there were some. */
    @SuppressWarnings("unchecked")
    private static BidiFlow<HttpResponse, ByteString, ByteString, HttpRequest, NotUsed> layer(
            ActorSystem system, ServerSettings settings) {
        var layer = Http.apply(system).serverLayer(settings, Option.empty(), system.log(), false);
        Object plain = TLSPlacebo.apply();
        return layer.atop((org.apache.pekko.stream.scaladsl.BidiFlow<
                                SslTlsOutbound, ByteString, ByteString, SslTlsInbound, NotUsed>)
                        plain)
                .asJava();
    }

    private <T> CompletableFuture<Void> toFuture(CompletionStage<T> stage) {
        var done = new CompletableFuture<Void>();
        stage.whenCompleteAsync(
                (value, failure) -> {
                    if (failure == null) done.complete(null);
                    else done.completeExceptionally(failure);
                },
                system.dispatcher());
        return done;
    }
}
