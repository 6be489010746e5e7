package dev.parvi.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.parvi.client.bank.Balance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that treats each request as its script says, the last line of it again and again, and remembers what it was sent. */
final class HostileServer implements AutoCloseable {
    private final List<Act> script;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger next = new AtomicInteger();
    private final List<Received> received = new CopyOnWriteArrayList<>();

    private HostileServer(List<Act> script, HttpServer server) {
        this.script = script;
        this.server = server;
    }

    static HostileServer playing(Act... script) {
        try {
            var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            var hostile = new HostileServer(List.of(script), HttpServer.create(address, 50));
            hostile.server.setExecutor(hostile.threads);
            hostile.server.createContext("/", hostile::handle);
            hostile.server.start();
            return hostile;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** What has arrived, in order. */
    List<Received> received() {
        return received;
    }

    List<String> headers(String name) {
        return received.stream().map(request -> request.header(name)).toList();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var request = new Received(
                    exchange.getRequestMethod() + " " + exchange.getRequestURI(),
                    Map.copyOf(exchange.getRequestHeaders()),
                    exchange.getRequestBody().readAllBytes(),
                    System.nanoTime());
            received.add(request);
            script.get(Math.min(next.getAndIncrement(), script.size() - 1)).answer(exchange);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** A reply as nodes give it. */
    static Act balance(long balance, long revision) {
        return exchange -> {
            exchange.getResponseHeaders().set("ETag", "\"" + revision + "\"");
            var body = Balance.newBuilder().setBalance(balance).build().toByteArray();
            send(exchange, 200, "application/protobuf", body);
        };
    }

    /** A problem as nodes give it, with headers as name and value in turn. */
    static Act problem(int status, String code, boolean isRetryable, String... headers) {
        var json = "{\"type\":\"urn:parvi:problem:" + code + "\",\"title\":\"t\",\"status\":" + status + ",\"code\":\""
                + code
                + "\",\"detail\":\"amount: too low\",\"fields\":[{\"field\":\"amount\",\"message\":\"too low\"}],\"retryable\":"
                + isRetryable + "}";
        return exchange -> {
            for (var n = 0; n < headers.length; n += 2)
                exchange.getResponseHeaders().set(headers[n], headers[n + 1]);
            send(exchange, status, "application/problem+json", json.getBytes(StandardCharsets.UTF_8));
        };
    }

    /** What a proxy says. */
    static Act page(int status) {
        return exchange -> send(exchange, status, "text/html", "<h1>Hm</h1>".getBytes(StandardCharsets.UTF_8));
    }

    /** Reads the request and cuts the connection. */
    static Act cut() {
        return exchange -> {};
    }

    /** Reads the request and says nothing. */
    static Act silence() {
        return exchange -> Thread.sleep(60_000);
    }

    /** Sends these parts of a stream, and then the connection breaks. */
    static Act stream(String... parts) {
        return exchange -> {
            open(exchange);
            for (var part : parts) write(exchange, part);
        };
    }

    /** Sends these parts of a stream and keeps it open, saying nothing. */
    static Act openStream(String... parts) {
        return exchange -> {
            stream(parts).answer(exchange);
            Thread.sleep(60_000);
        };
    }

    static void open(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
    }

    static void write(HttpExchange exchange, String part) throws IOException {
        exchange.getResponseBody().write(part.getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
    }

    /** A deposit of 10, as an entity's stream shows it. */
    static String event(long revision) {
        return "id: " + revision + "\ndata: {\"revision\":\"" + revision
                + "\",\"time\":\"2026-07-01T09:30:00Z\",\"method\":\"Deposit\",\"event\":{\"deposited\":{\"amount\":\"10\"}}}\n\n";
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    interface Act {
        void answer(HttpExchange exchange) throws IOException, InterruptedException;
    }

    record Received(String line, Map<String, List<String>> headers, byte[] body, long nanos) {
        String header(String name) {
            return headers.getOrDefault(name, List.of("")).get(0);
        }
    }
}
