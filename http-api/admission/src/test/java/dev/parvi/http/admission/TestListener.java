package dev.parvi.http.admission;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.scaladsl.model.HttpRequest;
import org.apache.pekko.http.scaladsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.settings.ServerSettings;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import scala.concurrent.Future;
import scala.concurrent.Promise;

/**
 * A listener on a free port. It answers {@code /big?n} with n bytes, {@code /wait} when told to, {@code /stream} with a byte every 20 ms,
 * {@code /deaf} without reading the body, and everything else at once.
 */
final class TestListener implements AutoCloseable {
    private final ActorSystem system = ActorSystem.create(
            "listener-test",
            ConfigFactory.parseString("pekko.loglevel = WARNING, pekko.daemonic = on")
                    .withFallback(ConfigFactory.load()));
    private final List<Promise<HttpResponse>> waiting = new CopyOnWriteArrayList<>();
    final Listener listener;

    TestListener(ConnectionSettings settings) {
        listener = Listener.bind(
                        system,
                        new InetSocketAddress("127.0.0.1", 0),
                        (ServerSettings) ServerSettings.apply(system),
                        settings,
                        this::answer)
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    /** Wide bounds; tests narrow one. */
    static ConnectionSettings settings() {
        return new ConnectionSettings(
                100, 0, 1, Duration.ofSeconds(10), Duration.ofSeconds(20), Duration.ofSeconds(10), 64 << 10, 256 << 20);
    }

    private Future<HttpResponse> answer(HttpRequest request, Client client) {
        var answer = Promise.<HttpResponse>apply();
        var response = (HttpResponse) HttpResponse.create();
        switch (request.uri().path().toString()) {
            case "/wait" -> waiting.add(answer);
            case "/deaf" -> answer.success((HttpResponse) response.withStatus(413));
            case "/big" ->
                answer.success((HttpResponse) response.withEntity(
                        new byte[Integer.parseInt(request.uri().rawQueryString().get())]));
            case "/stream" ->
                answer.success((HttpResponse) response.withEntity(HttpEntities.create(
                        ContentTypes.TEXT_PLAIN_UTF8,
                        Source.tick(Duration.ZERO, Duration.ofMillis(20), ByteString.fromArray(new byte[64 << 10])))));
            default ->
                request.entity()
                        .toStrict(20_000, SystemMaterializer.get(system).materializer())
                        .thenAcceptAsync(
                                body -> {
                                    client.bodyArrived();
                                    answer.success((HttpResponse) response.withEntity("hello"));
                                },
                                system.dispatcher());
        }
        return answer.future();
    }

    /** Answers whoever waits. */
    void answerAll() {
        waiting.forEach(answer -> answer.trySuccess((HttpResponse) HttpResponse.create()));
    }

    int waiting() {
        return waiting.size();
    }

    Socket connect() throws IOException {
        return connectFrom("127.0.0.1");
    }

    Socket connectFrom(String source) throws IOException {
        var socket = new Socket(
                InetAddress.getByName("127.0.0.1"), listener.address().getPort(), InetAddress.getByName(source), 0);
        socket.setSoTimeout(10_000);
        return socket;
    }

    static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /** One whole request, and the first line of its answer. */
    static String get(Socket socket, String path) throws IOException {
        send(socket, "GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n");
        var answer = new StringBuilder();
        while (answer.indexOf("\r\n\r\n") < 0) {
            var octet = socket.getInputStream().read();
            if (octet < 0) throw new IOException("closed after: " + answer);
            answer.append((char) octet);
        }
        var length = Integer.parseInt(answer.toString().replaceAll("(?s).*Content-Length: (\\d+).*", "$1"));
        socket.getInputStream().readNBytes(length);
        return answer.substring(0, answer.indexOf("\r\n"));
    }

    /** True if the other side ends the connection before anything else comes. */
    static boolean isEnded(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (java.net.SocketTimeoutException silent) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    long cuts(Reason reason) {
        return listener.cuts().getOrDefault(reason.word(), 0L);
    }

    @Override
    public void close() {
        listener.unbind();
        listener.terminate(Duration.ofMillis(200))
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
        system.terminate();
    }
}
