package dev.parvi.http;

import com.typesafe.config.ConfigFactory;
import dev.parvi.entity.EntityType;
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
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
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
    final ContractCheck contract;
    private final ActorSystem system;

    static {
        // What a browser sends by itself, and Java's client only if it is told so at start.
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", "origin");
    }

    TestEdge(String overrides) {
        this(overrides, List.of(WalletEntity.TYPE));
    }

    TestEdge(String overrides, List<EntityType<?, ?>> types) {
        var config = ConfigFactory.parseString(overrides)
                .withFallback(ConfigFactory.parseString("pekko.loglevel = WARNING, pekko.daemonic = on"))
                .withFallback(ConfigFactory.load());
        system = ActorSystem.create("edge-test", config);
        var settings = HttpSettings.from(config).withPort(0);
        contract = new ContractCheck(HttpEdge.openApi(types, settings));
        edge = HttpEdge.start(system, types, entities, new WalletHistory(entities), settings)
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

    HttpResponse<String> options(String path, String... headers) {
        var request = HttpRequest.newBuilder(uri(path)).method("OPTIONS", BodyPublishers.noBody());
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    HttpResponse<String> delete(String path, String... headers) {
        var request = HttpRequest.newBuilder(uri(path)).DELETE();
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    /** Sends it, and holds the answer against the OpenAPI document. */
    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            var answer =
                    http.send(request.timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofString());
            contract.require(
                    answer.request().method(),
                    answer.uri().getRawPath(),
                    answer.statusCode(),
                    answer.headers().map(),
                    answer.body());
            return answer;
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
            var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            requireContract(new String(request, StandardCharsets.ISO_8859_1), answer);
            return answer;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** For a whole answer that is alone on its connection. */
    private void requireContract(String request, String answer) {
        var line = request.lines().findFirst().orElse("").split(" ", -1);
        var head = answer.split("\r\n\r\n", 2);
        if (line.length != 3 || head.length < 2 || answer.lastIndexOf("HTTP/1.1 ") != 0) return;
        var headers = head[0].lines()
                .skip(1)
                .map(header -> header.split(": ", 2))
                .collect(Collectors.toMap(
                        header -> header[0].toLowerCase(Locale.ROOT),
                        header -> List.of(header[1]),
                        (first, second) -> first));
        contract.require(line[0], line[1], Integer.parseInt(answer.substring(9, 12)), headers, head[1]);
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
