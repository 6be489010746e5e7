package dev.parvi.runtime.command;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import dev.parvi.runtime.MemberDirectory;
import dev.parvi.runtime.StartFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One node of {@code parvi cluster}: a child process with the same JVM, options and class path as this one. */
final class ChildNode {
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(100);
    private static final Duration STOP_MAX = Duration.ofSeconds(100);
    private static final int READ_TIMEOUT_MILLIS = 5_000;

    private final int number;
    private final Process process;
    private final Path log;

    private ChildNode(int number, Process process, Path log) {
        this.number = number;
        this.process = process;
        this.log = log;
    }

    /** Starts the process. It drains itself when this process is gone, because then its standard input ends. */
    static ChildNode start(int number, List<String> arguments, Path data) {
        try {
            var logs = Files.createDirectories(data.resolve("logs"));
            var log = logs.resolve("node-" + number + ".log");
            var command = new ArrayList<String>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
            command.addAll(List.of("-Dparvi.terminal=false", "-cp", System.getProperty("java.class.path")));
            command.add(Parvi.class.getName());
            command.addAll(arguments);
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.to(log.toFile()))
                    .start();
            return new ChildNode(number, process, log);
        } catch (IOException e) {
            throw StartFailure.of(
                    StartFailure.Exit.MACHINE, "Node " + number + " cannot be started: " + e.getMessage() + ".");
        }
    }

    /** Waits until the node serves; returns its line. */
    String awaitReady(MemberDirectory directory, Duration giveUpAfter) throws InterruptedException {
        long deadline = System.nanoTime() + giveUpAfter.toNanos();
        while (System.nanoTime() < deadline) {
            if (!process.isAlive()) throw startFailure();
            var contactPoint = directory.live().stream()
                    .filter(member -> member.pid() == process.pid())
                    .map(MemberDirectory.Member::contactPoint)
                    .findFirst();
            var http = contactPoint.flatMap(ChildNode::lookForClientAddress);
            if (http.isPresent()) {
                return who() + "  " + http.get() + "  management http://" + contactPoint.orElseThrow();
            }
            Thread.sleep(LOOK_INTERVAL.toMillis());
        }
        throw StartFailure.of(
                StartFailure.Exit.JOIN,
                "Node " + number + " was not ready within " + giveUpAfter.toSeconds() + "s; see " + log + ".");
    }

    /** The client address of a node that is ready. */
    private static Optional<String> lookForClientAddress(String contactPoint) {
        try {
            var connection = (HttpURLConnection)
                    URI.create("http://" + contactPoint + "/ready").toURL().openConnection();
            connection.setConnectTimeout(READ_TIMEOUT_MILLIS);
            connection.setReadTimeout(READ_TIMEOUT_MILLIS);
            if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) return Optional.empty();
            try (var body = connection.getInputStream();
                    var json = new JsonFactory().createParser(body)) {
                for (var token = json.nextToken(); token != null; token = json.nextToken()) {
                    if (token == JsonToken.VALUE_STRING && json.currentName().equals("http"))
                        return Optional.of(json.getText());
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private StartFailure startFailure() {
        return StartFailure.of(
                exit(),
                "Node " + number + " stopped while starting: "
                        + lastWords().orElse("it said nothing; see " + log + "."));
    }

    private StartFailure.Exit exit() {
        for (var exit : StartFailure.Exit.values()) {
            if (exit.code() == process.exitValue() && exit != StartFailure.Exit.OK) return exit;
        }
        return StartFailure.Exit.FAULT;
    }

    private Optional<String> lastWords() {
        var prefix = "parvi: ";
        try (var lines = Files.lines(log, StandardCharsets.UTF_8)) {
            return lines.filter(line -> line.startsWith(prefix))
                    .reduce((first, second) -> second)
                    .map(line -> line.substring(prefix.length()));
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty();
        }
    }

    /** One line about a node that ended by itself. */
    String obituary() {
        var why = lastWords().map(words -> ": " + words).orElse("; the others go on");
        return who() + "  ended with " + process.exitValue() + why;
    }

    private String who() {
        return "node " + number + "  pid " + process.pid();
    }

    void onExit(Runnable action) {
        process.onExit().thenRun(action);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Asks the node to drain. */
    void stop() {
        process.destroy();
    }

    /** Waits for the drain and, if that does not end, ends the process. */
    void awaitStopped() {
        try {
            if (!process.waitFor(STOP_MAX.toSeconds(), TimeUnit.SECONDS)) process.destroyForcibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
