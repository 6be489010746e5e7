package dev.parvi.bench;

import dev.parvi.bench.Load.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The benchmark: everything in one run, a line as soon as it is known. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        subcommands = {CassandraBench.class, StreamBench.class, CodecBench.class, SlowBench.class, OverloadBench.class},
        description = "Measures a node of this machine with wrk, and prints what it did beside an echo.")
public final class Bench implements Callable<Integer> {
    @Option(
            names = "--seconds",
            defaultValue = "8",
            description = "How long each load runs (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--keys", defaultValue = "10000", description = "Entities in play (default: ${DEFAULT-VALUE}).")
    private int keys;

    @Option(
            names = "--connections",
            split = ",",
            defaultValue = "1,16,64,256",
            description = "Numbers of connections (default: ${DEFAULT-VALUE}).")
    private List<Integer> connections = List.of();

    @Option(names = "--cold", defaultValue = "20", description = "Entities to activate cold; 0 leaves it out.")
    private int cold;

    @Option(names = "--starts", defaultValue = "3", description = "Starts to time; 0 leaves it out.")
    private int starts;

    @Option(
            names = "--entities",
            defaultValue = "20000",
            description = "Idle entities to weigh (default: ${DEFAULT-VALUE}).")
    private int entities;

    @Option(
            names = "--store",
            paramLabel = "URL",
            description = "Where the events of the loads are kept; default: a file. Nothing else is measured then.")
    private @Nullable String store;

    @Option(names = "--json", paramLabel = "FILE", description = "Where to write the figures as JSON.")
    private @Nullable Path json;

    private final Report report = new Report();

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Bench()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        if (!Load.isInstalled()) {
            System.err.println("The benchmark needs wrk: apt-get install wrk");
            return 1;
        }
        var folder = Files.createTempDirectory("parvi-bench");
        try {
            measureThroughput(folder);
            if (store == null) measureRest(folder);
            if (json != null) Files.writeString(json, report.toJson());
            return 0;
        } finally {
            delete(folder);
        }
    }

    private void measureRest(Path folder) {
        try (var node = MeasuredNode.start(folder.resolve("memory"), List.of())) {
            node.awaitAnswer("GET", "/account/first", "");
            print(new Memory(node, entities).run());
        }
        if (cold > 0) {
            print(new ColdActivation(folder, cold).withSnapshots());
            print(new ColdActivation(folder, cold).withoutSnapshots());
        }
        if (starts > 0) print(new StartUp(folder, starts).run());
    }

    private void measureThroughput(Path folder) {
        var settings = new ArrayList<>(List.of("parvi.http.echo-route=on"));
        if (store != null)
            settings.addAll(List.of("parvi.persistence.store=" + store, "parvi.persistence.auto-migrate=on"));
        try (var node = MeasuredNode.start(folder.resolve("throughput"), settings)) {
            node.awaitAnswer("GET", "/account/first", "");
            var throughput = new Throughput(node, new Load(folder), Duration.ofSeconds(seconds), keys);
            System.out.println("warming up");
            throughput.warmUp();
            for (var count : connections) for (var kind : Kind.values()) throughput.run(kind, count, this::print);
            for (var count : connections) if (count > 1) throughput.runHot(count, this::print);
        }
    }

    private void print(Measurement measurement) {
        System.out.println(report.add(measurement));
    }

    static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        }
    }
}
