package dev.parvi.bench;

import dev.parvi.bench.Load.Kind;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Echo, query and durable command side by side in one JVM, over random keys, at each number of connections. */
final class Throughput {
    private final MeasuredNode node;
    private final Load load;
    private final Duration each;
    private final int keys;
    private final Map<Integer, Double> echoRates = new HashMap<>();

    Throughput(MeasuredNode node, Load load, Duration each, int keys) {
        this.node = node;
        this.load = load;
        this.each = each;
        this.keys = keys;
    }

    /** The first seconds belong to the compiler, and to the first touch of each entity. */
    void warmUp() {
        for (var kind : Kind.values()) load.run(node.url(), kind, 64, keys, "", each);
        load.run(node.url(), Kind.COMMAND, 64, keys, "", each);
    }

    void run(Kind kind, int connections, Consumer<Measurement> onMeasured) {
        onMeasured.accept(measure(kind.word() + " c=" + connections, kind, connections, keys, ""));
    }

    /** All connections at one entity. */
    void runHot(int connections, Consumer<Measurement> onMeasured) {
        onMeasured.accept(measure("hot entity c=" + connections, Kind.COMMAND, connections, 1, "hot-"));
    }

    private Measurement measure(String name, Kind kind, int connections, int count, String prefix) {
        var processor = node.processorTime();
        var syncs = node.counter("commits");
        var result = load.run(node.url(), kind, connections, count, prefix, each);
        if (result.failures() > 0)
            throw new IllegalStateException(name + ": " + result.failures() + " requests failed");
        var micros = node.processorTime().minus(processor).toNanos() / 1e3 / result.requests();
        if (kind == Kind.ECHO) echoRates.put(connections, result.rate());
        var measurement = Measurement.of(name)
                .with("per s", result.rate())
                .with("of echo", result.rate() / echoRates.getOrDefault(connections, Double.NaN))
                .with("p50 ms", result.p50().toNanos() / 1e6)
                .with("p99 ms", result.p99().toNanos() / 1e6)
                .with("CPU us", micros);
        if (kind != Kind.COMMAND) return measurement;
        return measurement.with("syncs each", (node.counter("commits") - syncs) / (double) result.requests());
    }
}
