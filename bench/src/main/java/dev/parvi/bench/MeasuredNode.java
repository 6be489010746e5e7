package dev.parvi.bench;

import dev.parvi.testkit.TestNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A node with the JVM's defaults, as an operator would start it, and what it uses. */
final class MeasuredNode implements AutoCloseable {
    private final TestNode node;

    private MeasuredNode(TestNode node) {
        this.node = node;
    }

    /** Starts a node. Each setting is a {@code key=value}. */
    static MeasuredNode start(Path data, List<String> settings) {
        return start(List.of(), data, settings);
    }

    /** The same with options for the JVM. */
    static MeasuredNode start(List<String> jvmOptions, Path data, List<String> settings) {
        var arguments = new ArrayList<String>();
        settings.forEach(setting -> arguments.addAll(List.of("--set", setting)));
        return new MeasuredNode(TestNode.start(jvmOptions, data, arguments));
    }

    String url() {
        return node.url();
    }

    /** Repeats a request until it is answered with 2xx; how long that took since {@code java} was started. */
    Duration awaitAnswer(String method, String path, String body) {
        return node.awaitAnswer(method, url() + path, body);
    }

    /** Sends one request and takes its time; fails on anything but 2xx. */
    Duration timed(String method, String path, String body) {
        try {
            var before = System.nanoTime();
            var answer = TestNode.send(method, url() + path, body);
            var time = Duration.ofNanos(System.nanoTime() - before);
            if (answer.statusCode() / 100 != 2)
                throw new IllegalStateException(
                        method + " " + path + " gave " + answer.statusCode() + " " + answer.body());
            return time;
        } catch (IOException failure) {
            throw new UncheckedIOException(method + " " + path + " failed:\n" + node.logged(), failure);
        }
    }

    /** A number of the status page, by its key. */
    long counter(String key) {
        try {
            var status =
                    TestNode.send("GET", node.managementUrl() + "/status", "").body();
            var match = Pattern.compile("\"" + key + "\":\\s*(\\d+)").matcher(status);
            if (!match.find()) throw new IllegalStateException("/status has no " + key + ": " + status);
            return Long.parseLong(match.group(1));
        } catch (IOException failure) {
            throw new UncheckedIOException("/status failed", failure);
        }
    }

    /** Processor time that the node has used so far, in all its threads. */
    Duration processorTime() {
        return ProcessorTime.of(node.pid());
    }

    /** Bytes of all objects that are alive in the node, after a full collection. */
    long liveBytes() {
        try {
            var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
            var output = new ProcessBuilder(jcmd, "" + node.pid(), "GC.class_histogram")
                    .redirectErrorStream(true)
                    .start()
                    .getInputStream()
                    .readAllBytes();
            var lines = new String(output, StandardCharsets.UTF_8).strip().split("\n");
            return Long.parseLong(lines[lines.length - 1].strip().split("\\s+")[2]);
        } catch (IOException failure) {
            throw new UncheckedIOException("the heap of the node cannot be read", failure);
        }
    }

    @Override
    public void close() {
        node.terminate();
    }
}
