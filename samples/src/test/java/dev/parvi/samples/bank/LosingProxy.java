package dev.parvi.samples.bank;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands before a node, hands every request on, and loses every second answer: the connection breaks instead. */
final class LosingProxy implements AutoCloseable {
    private static final List<String> REQUEST = List.of("Idempotency-Key", "If-Match", "Content-Type", "Accept");
    private static final List<String> ANSWER = List.of("ETag", "Content-Type", "Idempotency-Replayed");

    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicInteger answers = new AtomicInteger();
    private final URI node;
    private final HttpServer server;

    private LosingProxy(URI node, HttpServer server) {
        this.node = node;
        this.server = server;
    }

    static LosingProxy before(URI node) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        var proxy = new LosingProxy(node, server);
        server.createContext("/", proxy::relay);
        server.start();
        return proxy;
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void relay(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = exchange.getRequestBody().readAllBytes();
            var request = HttpRequest.newBuilder(
                            node.resolve(exchange.getRequestURI().toString()))
                    .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
            for (var name : REQUEST) {
                var value = exchange.getRequestHeaders().getFirst(name);
                if (value != null) request.setHeader(name, value);
            }
            var answer = http.send(request.build(), BodyHandlers.ofByteArray());
            if (answers.incrementAndGet() % 2 == 1) return;
            for (var name : ANSWER)
                answer.headers()
                        .firstValue(name)
                        .ifPresent(value -> exchange.getResponseHeaders().set(name, value));
            exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
            exchange.getResponseBody().write(answer.body());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
