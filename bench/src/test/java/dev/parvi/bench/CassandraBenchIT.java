package dev.parvi.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** That every way writes to a real Cassandra and is counted, not how fast. */
class CassandraBenchIT {
    @TempDir
    Path folder;

    @Test
    void a_short_run_measures_every_way_and_no_append_fails() throws IOException {
        var json = folder.resolve("cassandra.json");

        var exit = new CommandLine(new Bench())
                .execute(
                        "cassandra",
                        "--nodes",
                        "1",
                        "--seconds",
                        "1",
                        "--clients",
                        "4",
                        "--entities",
                        "200",
                        "--json",
                        json.toString());

        assertThat(exit).isZero();
        var figures = Files.readString(json);
        assertThat(Pattern.compile("\"name\":\"([^\"]+)\"")
                        .matcher(figures)
                        .results()
                        .map(match -> match.group(1)))
                .containsExactly(
                        "plain insert c=4, 1 node",
                        "conditional batch c=4, 1 node",
                        "Parvi's store c=4, 1 node",
                        "Parvi's journal c=4, 1 node",
                        "stock journal c=4, 1 node",
                        "Parvi's store hot c=64, 1 node",
                        "Parvi's journal hot c=64, 1 node");
        assertThat(Pattern.compile("\"per s\":([0-9.]+)").matcher(figures).results())
                .hasSize(7)
                .allSatisfy(
                        rate -> assertThat(Double.parseDouble(rate.group(1))).isPositive());
        assertThat(Pattern.compile("\"failed\":([0-9.]+)").matcher(figures).results())
                .hasSize(7)
                .allSatisfy(failed ->
                        assertThat(Double.parseDouble(failed.group(1))).isZero());
    }
}
