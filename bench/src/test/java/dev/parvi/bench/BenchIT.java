package dev.parvi.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The whole benchmark, as short as it can be: that it runs and counts, not how fast. */
class BenchIT {
    @TempDir
    Path folder;

    @Test
    void a_short_run_measures_everything_and_no_request_fails() throws IOException {
        assumeTrue(Load.isInstalled(), "wrk is not installed");
        var json = folder.resolve("bench.json");

        var exit = new CommandLine(new Bench())
                .execute(
                        "--seconds",
                        "1",
                        "--keys",
                        "50",
                        "--connections",
                        "1,8",
                        "--cold",
                        "2",
                        "--starts",
                        "1",
                        "--entities",
                        "500",
                        "--json",
                        json.toString());

        assertThat(exit).isZero();
        var figures = Files.readString(json);
        assertThat(Pattern.compile("\"name\":\"([^\"]+)\"")
                        .matcher(figures)
                        .results()
                        .map(match -> match.group(1)))
                .containsExactly(
                        "echo c=1",
                        "query c=1",
                        "command c=1",
                        "echo c=8",
                        "query c=8",
                        "command c=8",
                        "hot entity c=8",
                        "live idle entity",
                        "cold, snapshot at 100",
                        "cold, no snapshot",
                        "start to first 2xx");
        assertThat(Pattern.compile("\"per s\":([0-9.]+)").matcher(figures).results())
                .hasSize(7)
                .allSatisfy(
                        rate -> assertThat(Double.parseDouble(rate.group(1))).isPositive());
    }
}
