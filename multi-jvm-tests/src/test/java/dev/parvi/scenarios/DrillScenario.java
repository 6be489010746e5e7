package dev.parvi.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.parvi.testkit.cluster.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code parvi drill} as a person runs it, and a control in which it must find what is wrong. */
class DrillScenario {
    @TempDir
    Path folder;

    @Test
    void nothing_is_violated_and_the_report_says_so() throws Exception {
        var drill = drill("--seed", "262", "--seconds", "34");

        assertThat(drill.exit).as(drill.told).isZero();
        assertThat(drill.answer)
                .contains("\"passed\":true")
                .contains("\"lost\":0")
                .contains("\"undecided\":0");
        assertThat(drill.report).contains("<h1>Passed</h1>").contains("parvi drill --seed 262 --seconds 34");
    }

    @Test
    void without_a_fence_it_fails_and_names_what_was_violated() throws Exception {
        var missing = Fault.Needs.NETWORK.missing();
        assumeTrue(missing.isEmpty(), "skipped, not passed: it needs " + missing);
        var drill = drill(
                "--only",
                "freeze-and-cut",
                "--seed",
                "47",
                "--seconds",
                "42",
                "--store",
                "unfenced:sqlite:" + folder.resolve("parvi.db"));

        assertThat(drill.exit).as(drill.told).isEqualTo(1);
        assertThat(drill.answer)
                .contains("\"passed\":false")
                .containsPattern("\"(lost|twice)\":[1-9]")
                .containsPattern("account/\\S+ .*was acknowledged ");
        assertThat(drill.report).contains("<h1>Failed</h1>").contains(" was acknowledged ");
    }

    @Test
    void a_mistake_is_one_sentence() throws Exception {
        var drill = drill("--type", "room", "--send", "hold {\"nights\": \"many\"}");

        assertThat(drill.exit).isEqualTo(2);
        assertThat(drill.told)
                .startsWith("parvi: --send \"hold")
                .contains("this is no HoldRequest")
                .hasLineCount(1);
        assertThat(drill.answer).isEmpty();
        assertThat(folder).isDirectoryNotContaining("glob:**/parvi-drill*");
    }

    private Drill drill(String... options) throws IOException, InterruptedException {
        var report = folder.resolve("report.html");
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-Djava.io.tmpdir=" + folder,
                "-Dparvi.terminal=false",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.parvi.testkit.drill.DrillCommand"));
        command.addAll(List.of(options));
        command.addAll(List.of("--json", "--report", report.toString()));
        var answer = folder.resolve("answer");
        var told = folder.resolve("told");
        var process = new ProcessBuilder(command)
                .redirectOutput(answer.toFile())
                .redirectError(told.toFile())
                .start();
        if (!process.waitFor(5, TimeUnit.MINUTES)) process.destroyForcibly().waitFor();
        System.out.println(Files.readString(told));
        return new Drill(
                process.exitValue(),
                Files.readString(answer),
                Files.readString(told),
                Files.exists(report) ? Files.readString(report) : "");
    }

    /** What came out of one. */
    private record Drill(int exit, String answer, String told, String report) {}
}
