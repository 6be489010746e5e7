package dev.parvi.evidence;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lets nodes fail under load, again and again, and prints how long clients waited. */
@Command(
        name = "evidence",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Measures how long clients of three nodes wait when one of them fails.")
public final class Evidence implements Callable<Integer> {
    @Option(
            names = "--runs",
            defaultValue = "10",
            description = "How often each node fails (default: ${DEFAULT-VALUE}).")
    private int runs;

    @Option(names = "--only", split = ",", description = "Some of: ${COMPLETION-CANDIDATES}. Default: all.")
    private List<Failure> only = Arrays.asList(Failure.values());

    @Option(
            names = "--rolls",
            defaultValue = "3",
            description = "How many rolling restarts (default: ${DEFAULT-VALUE}).")
    private int rolls;

    @Option(names = "--look-on", defaultValue = "15", description = "Seconds after each (default: ${DEFAULT-VALUE}).")
    private int lookOn;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "More settings of the nodes.")
    private List<String> settings = List.of();

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Evidence()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        var err = spec.commandLine().getErr();
        skipped().forEach(err::println);
        var folder = Files.createTempDirectory("parvi-evidence");
        Map<Failure, List<Waits>> failures = new EnumMap<>(Failure.class);
        List<Waits> rolling = new ArrayList<>();
        try (var swarm = Swarm.start(folder, arguments())) {
            for (var run = 0; run < runs; run++) {
                for (var failure : possible()) {
                    var waits = swarm.suffer(failure, Duration.ofSeconds(lookOn));
                    failures.computeIfAbsent(failure, none -> new ArrayList<>()).add(waits);
                    say(err, failure.title(), waits);
                }
            }
            for (var roll = 0; roll < rolls; roll++) {
                rolling.add(swarm.roll());
                say(err, "rolling restart", rolling.get(roll));
            }
        } finally {
            delete(folder);
        }
        new Page(spec.commandLine().getOut(), typed()).print(failures, rolling, skipped());
        return 0;
    }

    private List<Failure> possible() {
        return only.stream().filter(failure -> failure.missing().isEmpty()).toList();
    }

    /** What this machine cannot do, in sentences. */
    private List<String> skipped() {
        return only.stream()
                .filter(failure -> !failure.missing().isEmpty())
                .map(failure -> "Skipped, not passed: " + failure.title() + "; it needs " + failure.missing() + ".")
                .toList();
    }

    private String typed() {
        return String.join(" ", spec.commandLine().getParseResult().originalArgs());
    }

    private List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        for (var setting : settings) arguments.addAll(List.of("--set", setting));
        return arguments;
    }

    private static void say(PrintWriter err, String title, Waits waits) {
        err.printf(
                Locale.ROOT,
                "%-34s %6d requests, %3d failed, worst answer %5d ms, longest gap %5d ms  %s%n",
                title,
                waits.requests(),
                waits.failed(),
                waits.worst().toMillis(),
                waits.gap().toMillis(),
                waits.example());
        err.flush();
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        }
    }
}
