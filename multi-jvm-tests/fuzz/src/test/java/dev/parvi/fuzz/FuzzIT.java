package dev.parvi.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** A short run of each target. The long one is a command: {@code multi-jvm-tests/fuzz/run edge}. */
final class FuzzIT {
    @TempDir
    private Path findings;

    @ParameterizedTest
    @CsvSource({"edge, 10000", "codec, 100000"})
    void finds_nothing(String target, String inputs) {
        assertThat(fuzz(target, "--inputs", inputs, "--seconds", "30")).isZero();
        assertThat(findings).isEmptyDirectory();
    }

    /** The word is one that good answers contain. */
    @Test
    void finds_what_is_there() {
        assertThat(fuzz("edge", "--inputs", "5000", "--seconds", "60", "--canary", "balance"))
                .isNotZero();
        assertThat(findings).isNotEmptyDirectory();
    }

    private int fuzz(String target, String... options) {
        return new CommandLine(new Fuzz())
                .execute(java.util.stream.Stream.concat(
                                java.util.stream.Stream.of(target, "--findings", findings.toString()),
                                java.util.stream.Stream.of(options))
                        .toArray(String[]::new));
    }
}
