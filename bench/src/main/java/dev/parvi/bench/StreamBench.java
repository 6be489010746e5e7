package dev.parvi.bench;

import dev.parvi.testkit.TestNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How quickly many streams of one entity show what happens to it. */
@Command(
        name = "streams",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Opens streams of one entity, sends it commands, and measures how late each stream shows them.")
final class StreamBench implements Callable<Integer> {
    private static final String PATH = "/account/watched";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Option(
            names = "--streams",
            split = ",",
            defaultValue = "1,100,1000",
            description = "Numbers of streams (default: ${DEFAULT-VALUE}).")
    private List<Integer> streams = List.of();

    @Option(
            names = "--rates",
            split = ",",
            defaultValue = "10,50",
            description = "Commands a second, one after the other (default: ${DEFAULT-VALUE}).")
    private List<Integer> rates = List.of();

    @Option(names = "--seconds", defaultValue = "8", description = "How long each runs (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--json", paramLabel = "FILE", description = "Where to write the figures as JSON.")
    private @Nullable Path json;

    private final Report report = new Report();

    @Override
    public Integer call() throws IOException {
        var folder = Files.createTempDirectory("parvi-bench");
        try (var node = MeasuredNode.start(folder, List.of())) {
            node.awaitAnswer("POST", PATH + "/deposit", "{\"amount\":1}");
            for (var count : streams) measure(node, count);
            if (json != null) Files.writeString(json, report.toJson());
            return 0;
        } finally {
            Bench.delete(folder);
        }
    }

    private void measure(MeasuredNode node, int count) throws IOException {
        try (var audience = Audience.of(node.url() + PATH, revision(node), count)) {
            send(node, audience, 20, Duration.ofSeconds(2));
            for (var rate : rates) {
                audience.forget();
                var before = node.processorTime();
                var started = System.nanoTime();
                var commands = send(node, audience, rate, Duration.ofSeconds(seconds));
                audience.await(PATIENCE);
                var elapsed = (System.nanoTime() - started) / 1e9;
                var used = node.processorTime().minus(before).toNanos() / 1e3;
                var lags = audience.lags();
                System.out.println(report.add(Measurement.of("streams=" + count + " commands/s=" + rate)
                        .with("events per s", lags.length / elapsed)
                        .with("p50 ms", lags[lags.length / 2] / 1e6)
                        .with("p99 ms", lags[(int) (lags.length * 0.99)] / 1e6)
                        .with("node CPU us an event", used / lags.length)
                        .with("missed", (double) commands * count - lags.length)));
            }
        }
    }

    private static long revision(MeasuredNode node) throws IOException {
        var answer = TestNode.send("GET", node.url() + PATH, "");
        return Long.parseLong(answer.headers().firstValue("ETag").orElseThrow().replace("\"", ""));
    }

    private static int send(MeasuredNode node, Audience audience, int rate, Duration time) {
        var commands = (int) (rate * time.toSeconds());
        var due = System.nanoTime();
        for (var n = 0; n < commands; n++) {
            audience.expect();
            node.timed("POST", PATH + "/deposit", "{\"amount\":1}");
            due += 1_000_000_000L / rate;
            LockSupport.parkNanos(due - System.nanoTime());
        }
        return commands;
    }
}
