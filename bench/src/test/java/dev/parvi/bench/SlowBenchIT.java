package dev.parvi.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** That slow clients shut nobody out, though there are more of them than places, and that they do shut out others of Pekko HTTP as it comes. */
class SlowBenchIT {
    private static final Pattern ROW =
            Pattern.compile("\"name\":\"([^\"]*)\".*?\"p99 ms\":([0-9.]+).*?\"failed\":([0-9.]+)");

    @TempDir
    Path folder;

    @Test
    void honest_clients_are_served_beside_more_slow_ones_than_there_are_places() throws IOException {
        var json = folder.resolve("slow.json");

        var exit = new CommandLine(new Bench())
                .execute(
                        "slow",
                        "--connections=2000",
                        "--rate=20",
                        "--seconds=8",
                        "--set=parvi.http.connections-max=1024",
                        "--set=parvi.http.head-timeout=60s",
                        "--json=" + json);

        assertThat(exit).isZero();
        var rows = rows(Files.readString(json));
        assertThat(rows).hasSize(6);
        for (var kind : SlowClients.Kind.values()) {
            assertThat(row(rows, "node slow " + kind.word()).failed())
                    .as("failed beside slow %s", kind)
                    .isZero();
            assertThat(row(rows, "node slow " + kind.word()).p99Millis())
                    .as("p99 beside slow %s", kind)
                    .isLessThan(4_500);
        }
        assertThat(row(rows, "stock Pekko HTTP slow header").p99Millis()).isGreaterThan(4_900);
    }

    private static Row row(Map<String, Row> rows, String name) {
        return Objects.requireNonNull(rows.get(name), name);
    }

    private static Map<String, Row> rows(String json) {
        return ROW.matcher(json)
                .results()
                .collect(Collectors.toMap(
                        row -> row.group(1),
                        row -> new Row(Double.parseDouble(row.group(2)), Double.parseDouble(row.group(3)))));
    }

    private record Row(double p99Millis, double failed) {}
}
