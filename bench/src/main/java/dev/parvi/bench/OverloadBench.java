package dev.parvi.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What a node does when it is sent more than it can do. */
@Command(
        name = "overload",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Finds what a node can do, sends it several times as much, and measures what is left of it.")
final class OverloadBench implements Callable<Integer> {
    private static final int PEAK_CONNECTIONS = 256;
    private static final int WARM_UP_RUNS = 2;

    @Option(
            names = "--times",
            split = ",",
            defaultValue = "1,2,5",
            description = "Multiples of what the node can do (default: ${DEFAULT-VALUE}).")
    private List<Integer> times = List.of();

    @Option(
            names = "--connections",
            defaultValue = "3000",
            description = "Connections of the clients (default: ${DEFAULT-VALUE}).")
    private int connections;

    @Option(names = "--seconds", defaultValue = "15", description = "How long each runs (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--keys", defaultValue = "10000", description = "Entities in play (default: ${DEFAULT-VALUE}).")
    private int keys;

    @Option(
            names = "--heap",
            defaultValue = "512m",
            description = "The heap of the node, as -Xmx takes it (default: ${DEFAULT-VALUE}).")
    private String heap = "";

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A setting of the node.")
    private List<String> settings = List.of();

    @Option(names = "--json", paramLabel = "FILE", description = "Where to write the figures as JSON.")
    private @Nullable Path json;

    private final Report report = new Report();

    @Override
    public Integer call() throws IOException {
        var folder = Files.createTempDirectory("parvi-bench");
        try (var node = MeasuredNode.start(List.of("-Xmx" + heap), folder, settings)) {
            node.awaitAnswer("GET", "/account/first", "");
            var address =
                    new InetSocketAddress("127.0.0.1", URI.create(node.url()).getPort());
            var time = Duration.ofSeconds(seconds);
            for (var n = 0; n < WARM_UP_RUNS; n++) peak(address, time);
            OpenLoad.run(address, connections, 1e6, keys, time);
            var peak = peak(address, time);
            print(node, "peak c=" + PEAK_CONNECTIONS, peak, peak);
            for (var factor : times)
                print(
                        node,
                        "offered " + factor + "x c=" + connections,
                        OpenLoad.run(address, connections, factor * peak.goodput(), keys, time),
                        peak);
            if (json != null) Files.writeString(json, report.toJson());
            return 0;
        } finally {
            Bench.delete(folder);
        }
    }

    /** Each connection has its next command ready when the one before is answered. */
    private OpenLoad.Result peak(InetSocketAddress address, Duration time) {
        return OpenLoad.run(address, PEAK_CONNECTIONS, 1e6, keys, time);
    }

    private void print(MeasuredNode node, String name, OpenLoad.Result result, OpenLoad.Result peak) {
        System.out.println(report.add(Measurement.of(name)
                .with("goodput per s", result.goodput())
                .with("of peak", result.goodput() / peak.goodput())
                .with("refused per s", result.refused())
                .with("p50 ms", result.percentile(0.5))
                .with("p99 ms", result.percentile(0.99))
                .with("broken connections", result.broken())
                .with("limit", node.counter("requests-limit"))
                .with("live MB", node.liveBytes() / 1e6)));
    }
}
