package dev.parvi.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Java in the pages on testing is compiled and run somewhere: every paragraph of it stands in a test. */
final class SnippetsDocTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @Test
    void every_snippet_stands_in_a_test() {
        var tests = Stream.of("samples", "testkit", "testkit/cassandra")
                .flatMap(module -> files(ROOT.resolve(module).resolve("src/test/java")))
                .map(SnippetsDocTest::read)
                .map(SnippetsDocTest::withoutIndent)
                .collect(Collectors.joining());

        var snippets = snippets(ROOT.resolve("docs/testing.md"));

        assertThat(snippets)
                .isNotEmpty()
                .allSatisfy(snippet -> assertThat(tests).contains(snippet));
    }

    private static List<String> snippets(Path page) {
        return JAVA.matcher(read(page))
                .results()
                .map((MatchResult block) -> block.group(1))
                .flatMap(block -> Stream.of(block.split("\n\n", -1)))
                .map(SnippetsDocTest::withoutIndent)
                .toList();
    }

    private static String withoutIndent(String code) {
        return code.lines().map(String::strip).collect(Collectors.joining("\n", "", "\n"));
    }

    private static Stream<Path> files(Path folder) {
        try (var all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).toList().stream();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
