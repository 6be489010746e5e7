package dev.parvi.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** That each task runs, and not how fast. */
class CodecBenchIT {
    @TempDir
    Path folder;

    @Test
    void a_short_run_has_a_figure_for_each_task() throws IOException {
        var json = folder.resolve("codec.json");

        var exit = new CommandLine(new Bench())
                .execute("codec", "--millis", "20", "--iterations", "1", "--json", json.toString());

        assertThat(exit).isZero();
        var figures = Files.readString(json);
        assertThat(figures).contains("read small", "write small", "check small", "read large", "write large");
        assertThat(Pattern.compile("\"ns\":([0-9.]+)").matcher(figures).results())
                .hasSize(6)
                .allSatisfy(
                        nanos -> assertThat(Double.parseDouble(nanos.group(1))).isPositive());
    }
}
