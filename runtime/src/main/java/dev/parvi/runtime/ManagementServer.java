package dev.parvi.runtime;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The management port. It runs on the JDK's own server and threads, so it can still say what is wrong when the actor system
 * takes no more work.
 */
final class ManagementServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ManagementServer.class);
    /** A look at readiness may take seconds; the others must not wait behind it. */
    private static final int THREADS = 4;

    private final HttpServer server;
    private final ExecutorService threads;
    private final Map<String, Map<String, Supplier<Answer>>> routes = new ConcurrentHashMap<>();

    private ManagementServer(HttpServer server) {
        this.server = server;
        this.threads = Executors.newFixedThreadPool(THREADS, task -> {
            var thread = new Thread(task, "parvi-management");
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(threads);
        server.createContext("/", this::handle);
    }

    /** Takes the port; answers begin with {@link #start()}. */
    static ManagementServer bind(String host, int port) {
        try {
            return new ManagementServer(
                    HttpServer.create(new InetSocketAddress(InetAddress.getByName(host), port), 64));
        } catch (BindException e) {
            throw Ports.inUse(host, port, "parvi.node.management");
        } catch (IOException e) {
            throw StartFailure.of(
                    StartFailure.Exit.MACHINE, "The management address " + host + ":" + port + " is not usable here.");
        }
    }

    ManagementServer on(String method, String path, Supplier<Answer> handler) {
        routes.computeIfAbsent(path, key -> new ConcurrentHashMap<>()).put(method, handler);
        return this;
    }

    void start() {
        server.start();
    }

    InetSocketAddress address() {
        return server.getAddress();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().close();
            send(
                    exchange,
                    answer(exchange.getRequestMethod(), exchange.getRequestURI().getPath()));
        } catch (RuntimeException e) {
            LOG.error("The management port failed to answer {}", exchange.getRequestURI(), e);
        }
    }

    private Answer answer(String method, String path) {
        var route = routes.get(path);
        if (route == null) {
            var known = String.join(", ", routes.keySet().stream().sorted().toList());
            return Answer.problem(404, "not-found", "There is nothing at " + path + "; known are " + known + ".");
        }
        var handler = route.get(method);
        if (handler == null) {
            var allowed = String.join(", ", route.keySet());
            return Answer.problem(405, "method-not-allowed", path + " takes only " + allowed + ".");
        }
        return handler.get();
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        var body = (answer.body() + "\n").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", answer.contentType());
        exchange.sendResponseHeaders(answer.status(), body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdown();
    }

    /** What is sent back. */
    record Answer(int status, String contentType, String body) {
        static Answer json(int status, Json.Fields fields) {
            return new Answer(status, "application/json", Json.object(fields));
        }

        static Answer problem(int status, String code, String detail) {
            return new Answer(status, "application/problem+json", Json.object(json -> {
                json.writeStringField("type", "https://parvi.dev/problems/" + code);
                json.writeStringField("code", code);
                json.writeNumberField("status", status);
                json.writeStringField("detail", detail);
            }));
        }
    }
}
