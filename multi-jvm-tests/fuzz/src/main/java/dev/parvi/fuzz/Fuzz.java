package dev.parvi.fuzz;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs one target for so many inputs. Ends with 0 if nothing was found; else Jazzer has printed what, and kept the input. */
@Command(
        name = "fuzz",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Sends random requests to a node, or random messages through its codecs, guided by coverage.")
public final class Fuzz implements Callable<Integer> {
    private static final String JAZZER = "com.code_intelligence.jazzer.Jazzer";

    enum Target {
        /** Requests to a node with the samples. */
        edge(EdgeTarget.class),
        /** Messages through the codecs, beside protobuf's own. */
        codec(CodecTarget.class);

        private final Class<?> type;

        Target(Class<?> type) {
            this.type = type;
        }
    }

    @Parameters(paramLabel = "TARGET", description = "One of: ${COMPLETION-CANDIDATES}.")
    private Target target = Target.edge;

    @Option(names = "--inputs", defaultValue = "1000000", description = "How many (default: ${DEFAULT-VALUE}).")
    private long inputs;

    @Option(names = "--seconds", defaultValue = "3600", description = "How long at most (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--seed", defaultValue = "0", description = "Of the random numbers; 0 takes another each time.")
    private long seed;

    @Option(
            names = "--findings",
            defaultValue = "findings",
            description = "Where inputs are kept that something was found with (default: ${DEFAULT-VALUE}).")
    private Path findings = Path.of("findings");

    @Option(names = "--canary", hidden = true, description = "A word that is to be found: proves that findings are.")
    private String canary = "";

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Fuzz()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Files.createDirectories(findings);
        var folder = Files.createTempDirectory("parvi-fuzz");
        try {
            return new ProcessBuilder(command(folder))
                    .directory(folder.toFile())
                    .inheritIO()
                    .start()
                    .waitFor();
        } finally {
            delete(folder);
        }
    }

    private List<String> command(Path folder) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC", "-Dparvi.fuzz.folder=" + folder));
        if (!canary.isEmpty()) command.add("-Dparvi.fuzz.canary=" + canary);
        command.addAll(List.of("-cp", absolute(System.getProperty("java.class.path")), JAZZER));
        command.add("--target_class=" + target.type.getName());
        command.add("--instrumentation_includes=dev.parvi.**");
        command.add("--instrumentation_excludes=dev.parvi.samples.**:dev.parvi.fuzz.**");
        // The target itself connects to the node.
        command.add("--disabled_hooks=com.code_intelligence.jazzer.sanitizers.ServerSideRequestForgery");
        command.add("--reproducer_path=" + findings.toAbsolutePath());
        command.addAll(List.of("-runs=" + inputs, "-max_total_time=" + seconds, "-seed=" + seed, "-max_len=1024"));
        command.addAll(List.of("-artifact_prefix=" + findings.toAbsolutePath() + "/", "-rss_limit_mb=0"));
        return command;
    }

    /** The target runs in another folder. */
    private static String absolute(String classPath) {
        var entries = new ArrayList<String>();
        for (var entry : classPath.split(File.pathSeparator, -1))
            entries.add(Path.of(entry).toAbsolutePath().toString());
        return String.join(File.pathSeparator, entries);
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        }
    }
}
