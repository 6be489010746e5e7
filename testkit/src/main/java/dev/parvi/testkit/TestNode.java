package dev.parvi.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A real node in a JVM of its own, with the class path of the test and free ports of loopback. It can be killed, frozen and
 * terminated as a process; it ends with the process that started it at the latest, unless it is frozen by then.
 */
public final class TestNode implements AutoCloseable {
    /** What makes a JVM start fast and stay small. */
    public static final List<String> SMALL_JVM =
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m", "-Xshare:auto");

    private static final Duration START_MAX = Duration.ofSeconds(90);
    private static final Duration CALL_MAX = Duration.ofSeconds(10);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private final List<String> command;
    private final Process process;
    private final Path log;
    private final int port;
    private final int managementPort;
    private final long startedNanos;

    private TestNode(List<String> command, Process process, Path log, int port, int managementPort, long startedNanos) {
        this.command = command;
        this.process = process;
        this.log = log;
        this.port = port;
        this.managementPort = managementPort;
        this.startedNanos = startedNanos;
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    /** Starts a small node on a data folder, with more arguments of {@code parvi run} if need be. Does not wait for it. */
    public static TestNode start(Path data, String... arguments) {
        return start(SMALL_JVM, data, List.of(arguments));
    }

    /** Starts a node with these options of {@code java} and more arguments of {@code parvi run}. Does not wait for it. */
    public static TestNode start(List<String> jvmOptions, Path data, List<String> arguments) {
        try {
            Files.createDirectories(data);
            var port = freePort();
            var managementPort = freePort();
            var log = data.resolve("node-" + port + ".log");
            var command = new ArrayList<String>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(jvmOptions);
            command.addAll(
                    List.of("-cp", System.getProperty("java.class.path"), "dev.parvi.runtime.command.Parvi", "run"));
            command.addAll(List.of("--port", "" + port, "--management-port", "" + managementPort));
            command.addAll(List.of("--stop-with-parent", "--data", data.toString()));
            command.addAll(arguments);
            return start(command, log, port, managementPort);
        } catch (IOException failure) {
            throw new UncheckedIOException("the node could not be started", failure);
        }
    }

    private static TestNode start(List<String> command, Path log, int port, int managementPort) throws IOException {
        var started = System.nanoTime();
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        return new TestNode(List.copyOf(command), process, log, port, managementPort, started);
    }

    /** Kills this node and starts it again, in the same place: on its data and its ports. Does not wait for it. */
    public TestNode restart() {
        kill();
        try {
            return start(command, log, port, managementPort);
        } catch (IOException failure) {
            throw new UncheckedIOException("the node could not be started again", failure);
        }
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** How the process ended. Throws {@link IllegalThreadStateException} if it has not. */
    public int exitCode() {
        return process.exitValue();
    }

    /** Where clients send to. */
    public String url() {
        return "http://127.0.0.1:" + port;
    }

    /** Where health and status are. */
    public String managementUrl() {
        return "http://127.0.0.1:" + managementPort;
    }

    /** Waits until the node says that it is ready. Fails with the end of its log if it ends or takes too long. */
    public TestNode awaitReady() {
        awaitAnswer("GET", managementUrl() + "/ready", "");
        return this;
    }

    /** Repeats a request until it is answered with 2xx. Gives the time since {@code java} was started. */
    public Duration awaitAnswer(String method, String url, String body) {
        while (System.nanoTime() - startedNanos < START_MAX.toNanos()) {
            if (!process.isAlive()) throw new IllegalStateException("the node ended:\n" + logged());
            try {
                if (send(method, url, body).statusCode() / 100 == 2)
                    return Duration.ofNanos(System.nanoTime() - startedNanos);
            } catch (IOException notYet) {
                pause(Duration.ofMillis(10));
            }
            pause(Duration.ofMillis(10));
        }
        throw new IllegalStateException("no answer within " + START_MAX + ":\n" + logged());
    }

    /** Sends a JSON request. Headers come as name and value in turn. Fails if the connection does. */
    public static HttpResponse<String> send(String method, String url, String body, String... headers)
            throws IOException {
        var request = HttpRequest.newBuilder(URI.create(url))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .timeout(CALL_MAX);
        if (!body.isEmpty()) request.header("Content-Type", "application/json");
        if (headers.length > 0) request.headers(headers);
        try {
            return HTTP.send(request.build(), BodyHandlers.ofString());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }

    /** {@code kill -9}: the process ends between two instructions. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** {@code kill -STOP}: the process stops where it is, and its connections stay open. */
    public void freeze() {
        signal("STOP");
    }

    /** {@code kill -CONT}: a frozen process goes on as if nothing had happened. */
    public void thaw() {
        signal("CONT");
    }

    /** {@code kill -TERM}: the node drains and leaves. Gives its exit code. */
    public int terminate() {
        process.destroy();
        return awaitEnd();
    }

    /** The file of all that it logged: one JSON object a line, and whatever the JVM says besides. */
    public Path log() {
        return log;
    }

    /** The end of what the node logged. */
    public String logged() {
        try {
            var lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
        } catch (IOException unreadable) {
            return "the log cannot be read: " + unreadable;
        }
    }

    @Override
    public void close() {
        kill();
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, "" + pid()).start().waitFor();
        } catch (IOException failure) {
            throw new UncheckedIOException("kill could not be run", failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private int awaitEnd() {
        try {
            if (!process.waitFor(90, TimeUnit.SECONDS)) process.destroyForcibly();
            return process.waitFor();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return -1;
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
