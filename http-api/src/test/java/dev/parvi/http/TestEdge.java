package dev.parvi.http;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorSystem;

/** A real edge on a free port, in front of {@link MemoryClient}, and two ways to talk to it. */
final class TestEdge implements AutoCloseable {
    static final String QUICK = "parvi.http { attempt-timeout = 150ms, backoff-min = 10ms, backoff-max = 50ms }";

    final MemoryClient entities = new MemoryClient();
    final HttpEdge edge;
    final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final ActorSystem system;

    TestEdge(String overrides) {
        var config = ConfigFactory.parseString(overrides)
                .withFallback(ConfigFactory.parseString("pekko.loglevel = WARNING, pekko.daemonic = on"))
                .withFallback(ConfigFactory.load());
        system = ActorSystem.create("edge-test", config);
        edge = HttpEdge.start(
                        system,
                        List.of(WalletEntity.TYPE),
                        entities,
                        HttpSettings.from(config).withPort(0))
                .join();
    }

    static TestEdge start() {
        return new TestEdge("");
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + edge.address().getPort() + path);
    }

    /** Headers alternate between name and value. */
    HttpResponse<String> post(String path, String body, String... headers) {
        var request = HttpRequest.newBuilder(uri(path)).POST(BodyPublishers.ofString(body));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    HttpResponse<String> get(String path, String... headers) {
        var request = HttpRequest.newBuilder(uri(path)).GET();
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** Sends these bytes and reads one response; for what a well-behaved client would never send. */
    String raw(byte[] request) {
        try (var socket = connect()) {
            socket.getOutputStream().write(request);
            socket.getOutputStream().flush();
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    String raw(String request) {
        return raw(request.getBytes(StandardCharsets.ISO_8859_1));
    }

    Socket connect() throws IOException {
        var socket = new Socket("127.0.0.1", edge.address().getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    @Override
    public void close() {
        edge.drain(Duration.ofSeconds(2)).orTimeout(10, TimeUnit.SECONDS).join();
        system.terminate();
    }
}
