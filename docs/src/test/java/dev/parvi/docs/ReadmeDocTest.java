package dev.parvi.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReadmeDocTest {
    private static final Repository REPOSITORY = Repository.ofThisBuild();
    private static final Markdown README = new Markdown(REPOSITORY.file("README.md"));
    private static final int FIRST_SCREEN_LINES = 40;

    @Test
    void the_first_screen_has_the_two_commands() {
        var firstScreen =
                README.source().text().lines().limit(FIRST_SCREEN_LINES).toList();
        assertThat(firstScreen).contains("$ ./parvi run", "./mvnw verify");
    }

    @Test
    void continuous_integration_runs_the_test_command_of_the_readme_and_no_other() {
        var maven = Pattern.compile("^.*\\bmvnw?\\b.*$", Pattern.MULTILINE);
        var commands = REPOSITORY.file(".ci/run").text().lines().filter(line -> !line.startsWith("#"));
        assertThat(commands.filter(maven.asPredicate())).containsExactly("./mvnw verify");
    }

    @ParameterizedTest
    @MethodSource("pages")
    void every_link_leads_somewhere(String page) {
        assertThat(new Markdown(REPOSITORY.file(page)).deadLinks(REPOSITORY)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void every_snippet_stands_in_the_file_that_it_names(String page) {
        var stray = new Markdown(REPOSITORY.file(page)).strayBlocks(REPOSITORY);
        assertThat(stray).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("decisions")
    void a_decision_is_short_and_says_what_was_rejected(String page) {
        var text = REPOSITORY.file(page).text();
        assertThat(page).matches("docs/decisions/\\d{4}-[a-z0-9-]+\\.md");
        assertThat(text.split("\\s+")).hasSizeLessThanOrEqualTo(300);
        assertThat(text).contains("## Context", "## Decision", "## Consequences", "## Rejected");
    }

    @Test
    void a_node_does_what_the_readme_shows_and_remembers_after_a_kill(@TempDir Path directory) {
        var commands = README.commands().stream()
                .takeWhile(command -> !isCluster(command))
                .toList();
        assertThat(commands).anyMatch(command -> command.text().startsWith("kill -9 "));
        type(commands, directory);
    }

    @Test
    void a_cluster_does_what_the_readme_shows_and_survives_a_kill(@TempDir Path directory) {
        var commands = README.commands().stream()
                .dropWhile(command -> !isCluster(command))
                .toList();
        assertThat(commands).anyMatch(command -> command.text().startsWith("kill -9 "));
        type(commands, directory);
    }

    private static void type(List<Markdown.Command> commands, Path directory) {
        var curl = Shell.run(REPOSITORY.root(), Duration.ofSeconds(10), "bash", "-c", "command -v curl");
        assumeTrue(curl.exitCode() == 0, "no curl on this machine");
        try (var terminal = new Terminal(REPOSITORY.root(), directory)) {
            commands.forEach(terminal::type);
        }
    }

    private static boolean isCluster(Markdown.Command command) {
        return command.text().startsWith("./parvi cluster");
    }

    private static Stream<String> pages() {
        return REPOSITORY.files().stream().map(SourceFile::path).filter(path -> path.endsWith(".md"));
    }

    private static Stream<String> decisions() {
        return pages().filter(path -> path.startsWith("docs/decisions/"));
    }
}
