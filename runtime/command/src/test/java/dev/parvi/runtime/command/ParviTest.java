package dev.parvi.runtime.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parvi.runtime.StartFailure;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParviTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void help_names_every_command_and_gives_examples() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString())
                .contains(
                        "run ",
                        "cluster ",
                        "config ",
                        "openapi ",
                        "export ",
                        "import ",
                        "verify ",
                        "history ",
                        "dev ",
                        "version ",
                        "Examples:",
                        "Exit codes:");
        assertThat(out.toString().lines()).allMatch(line -> line.length() <= 100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "cluster", "config", "dev cassandra", "export", "import", "verify", "history"})
    void the_help_of_a_command_fits_a_terminal_and_gives_examples(String command) {
        assertThat(run((command + " --help").split(" "))).isZero();
        assertThat(out.toString()).contains("Examples:", "--data=DIR");
        assertThat(out.toString()).doesNotContain("stop-with-parent");
        assertThat(out.toString().lines()).allMatch(line -> line.length() <= 100);
    }

    @Test
    void the_help_of_inspect_fits_a_terminal_and_gives_examples() {
        assertThat(run("inspect", "--help")).isZero();
        assertThat(out.toString()).contains("Examples:", "Never writes", "Exit code 0");
        assertThat(out.toString().lines()).allMatch(line -> line.length() <= 100);
    }

    @Test
    void openapi_prints_the_document_of_the_entities_that_are_there() {
        assertThat(run("openapi", "--set", "parvi.http.id-bytes-max=77B")).isZero();
        assertThat(out.toString())
                .startsWith("{\"openapi\":\"3.1.0\"")
                .contains("\"/counter/{id}/add\":{\"post\"", "\"maxLength\":77")
                .endsWith("}" + System.lineSeparator());
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void openapi_says_which_folder_or_setting_is_wrong() {
        assertThat(run("openapi", "--entities", "no-such-folder")).isEqualTo(StartFailure.Exit.USAGE.code());
        assertThat(run("openapi", "--set", "parvi.http.depth-max=1")).isEqualTo(StartFailure.Exit.USAGE.code());
        assertThat(err.toString().lines())
                .hasSize(2)
                .anyMatch(line -> line.contains("no-such-folder"))
                .anyMatch(line -> line.contains("parvi.http.depth-max"));
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void the_help_of_openapi_fits_a_terminal_and_gives_examples() {
        assertThat(run("openapi", "--help")).isZero();
        assertThat(out.toString()).contains("Examples:", "--entities=DIR", "/openapi.json");
        assertThat(out.toString().lines()).allMatch(line -> line.length() <= 100);
    }

    @Test
    void config_prints_each_setting_aligned_with_its_origin() {
        assertThat(run("config", "--port", "7", "--set", "parvi.node.overlay=production"))
                .isZero();
        assertThat(out.toString().lines().toList())
                .anyMatch(line -> line.matches("parvi\\.http\\.port +7 +command line"))
                .anyMatch(line -> line.matches("parvi\\.node\\.log +json +overlay production"))
                .anyMatch(line -> line.matches("parvi\\.node\\.port +0 +default"));
        assertThat(out.toString()
                        .lines()
                        .filter(line -> line.endsWith("  default"))
                        .map(line -> line.lastIndexOf("  default")))
                .hasSizeGreaterThan(20);
    }

    @Test
    void config_as_json_is_one_object() {
        assertThat(run("config", "--json")).isZero();
        assertThat(out.toString().strip())
                .startsWith("{\"parvi.")
                .contains("\"parvi.node.port\":{\"value\":\"0\",\"origin\":\"default\"}")
                .endsWith("}");
    }

    @Test
    void version_says_which_jdk_runs() {
        assertThat(run("version")).isZero();
        assertThat(out.toString()).startsWith("Parvi ").contains("JDK");
    }

    @ParameterizedTest
    @ValueSource(strings = {"run --prot 1", "run --port x", "rum", "cluster --nodes many", "dev", "dev mongo"})
    void a_wrong_option_ends_in_one_sentence(String line) {
        assertThat(run(line.split(" "))).isEqualTo(StartFailure.Exit.USAGE.code());
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .startsWith("parvi: ")
                .endsWith("--help.");
    }

    private int run(String... arguments) {
        return Parvi.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
