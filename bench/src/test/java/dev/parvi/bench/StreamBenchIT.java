package dev.parvi.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** That every stream is shown every event and counted, not how fast. */
class StreamBenchIT {
    @TempDir
    Path folder;

    @Test
    void a_short_run_misses_nothing() throws IOException {
        var json = folder.resolve("streams.json");

        var exit = new CommandLine(new Bench())
                .execute("streams", "--streams", "1,20", "--rates", "10", "--seconds", "2", "--json", json.toString());

        assertThat(exit).isZero();
        var figures = Files.readString(json);
        assertThat(figures).contains("streams=1 commands/s=10", "streams=20 commands/s=10");
        assertThat(Pattern.compile("\"missed\":([-0-9.]+)").matcher(figures).results())
                .hasSize(2)
                .allSatisfy(missed ->
                        assertThat(Double.parseDouble(missed.group(1))).isZero());
    }
}
