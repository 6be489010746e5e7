package dev.parvi.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** That a node with few places refuses what is too much and goes on with the rest, not how fast. */
class OverloadBenchIT {
    private static final Pattern ROW = Pattern.compile(
            "\"goodput per s\":([0-9.]+).*?\"refused per s\":([0-9.]+).*?\"broken connections\":([0-9.]+)");

    @TempDir
    Path folder;

    @Test
    void ten_times_too_much_is_refused_and_the_rest_is_carried_out() throws IOException {
        var json = folder.resolve("overload.json");

        var exit = new CommandLine(new Bench())
                .execute(
                        "overload",
                        "--times=10",
                        "--connections=600",
                        "--seconds=4",
                        "--keys=200",
                        "--heap=256m",
                        "--set=parvi.http.requests-max=8",
                        "--set=parvi.http.requests-min=4",
                        "--set=parvi.http.queue-max=100",
                        "--set=parvi.http.queue-wait=100ms",
                        "--json=" + json);

        assertThat(exit).isZero();
        var rows = ROW.matcher(Files.readString(json)).results().toList();
        assertThat(rows).hasSize(2);
        var overloaded = rows.get(1);
        assertThat(Double.parseDouble(overloaded.group(1))).isPositive();
        assertThat(Double.parseDouble(overloaded.group(2))).isPositive();
        assertThat(Double.parseDouble(overloaded.group(3))).isZero();
    }
}
