package dev.parvi.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How long the edge takes for one message, with JMH. */
@Command(
        name = "codec",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Reads, writes and checks messages, beside protobuf's JsonFormat, in JVMs of their own.")
final class CodecBench implements Callable<Integer> {
    private static final List<String> SIZES = List.of("small", "large");

    @Option(
            names = "--millis",
            defaultValue = "1000",
            description = "How long each of the iterations takes (default: ${DEFAULT-VALUE}).")
    private int millis;

    @Option(names = "--iterations", defaultValue = "5", description = "Measured ones, after three to warm up.")
    private int iterations;

    @Option(names = "--json", paramLabel = "FILE", description = "Where to write the figures as JSON.")
    private @Nullable Path json;

    private final Report report = new Report();

    @Override
    public Integer call() throws RunnerException, IOException {
        var options = new OptionsBuilder()
                .include(CodecTasks.class.getName())
                .forks(1)
                .warmupIterations(3)
                .warmupTime(TimeValue.milliseconds(millis))
                .measurementIterations(iterations)
                .measurementTime(TimeValue.milliseconds(millis))
                .verbosity(VerboseMode.SILENT)
                .build();
        System.out.println("ten tasks, about " + 10 * (iterations + 3) * millis / 1000 + " s");
        var results = new Runner(options).run();
        for (var size : SIZES) print(size, results);
        if (json != null) Files.writeString(json, report.toJson());
        return 0;
    }

    private void print(String size, Collection<RunResult> results) throws IOException {
        var task = new CodecTasks();
        task.size = size;
        var bytes = task.bytes();
        for (var way : List.of("read", "write")) {
            var ours = nanos(results, size, way);
            var theirs = nanos(results, size, way + "WithJsonFormat");
            System.out.println(report.add(Measurement.of(way + " " + size)
                    .with("bytes", bytes)
                    .with("ns", ours)
                    .with("JsonFormat ns", theirs)
                    .with("times", theirs / ours)));
        }
        System.out.println(report.add(Measurement.of("check " + size).with("ns", nanos(results, size, "check"))));
    }

    private static double nanos(Collection<RunResult> results, String size, String task) {
        return results.stream()
                .filter(result -> result.getParams().getParam("size").equals(size)
                        && result.getParams().getBenchmark().endsWith("CodecTasks." + task))
                .findFirst()
                .orElseThrow()
                .getPrimaryResult()
                .getScore();
    }
}
