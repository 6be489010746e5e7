package dev.parvi.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@link ReadmeDocTest} would not notice if it were blind. */
class MarkdownTest {
    private static final SourceFile CODE =
            SourceFile.of("samples/A.java", "class A {\n    int a() {\n        return 1;\n    }\n\n    int b;\n}\n");

    @Test
    void a_link_leads_to_a_file_a_folder_or_a_heading() {
        assertThat(deadLinks("[a](../samples/A.java) [b](../samples) [c](#a-title) [d](page.md#a-title)"))
                .isEmpty();
    }

    @Test
    void a_link_to_nothing_is_found() {
        assertThat(deadLinks("[a](../samples/B.java) [b](#no-title) [c](page.md#no-title) [d](https://example.org/)"))
                .containsExactly("../samples/B.java", "#no-title", "page.md#no-title");
    }

    @Test
    void a_snippet_may_leave_lines_out() {
        assertThat(strayBlocks("class A {\n  ...\n  int b;\n}\n")).isEmpty();
    }

    @Test
    void a_snippet_that_was_changed_or_is_from_nowhere_is_found() {
        assertThat(strayBlocks("class A {\n  int b;\n")).hasSize(1);
        assertThat(strayBlocks("int b;\n...\nclass A {\n")).hasSize(1);
        assertThat(page("<!-- from samples/B.java -->\n```java\nint b;\n```\n").strayBlocks(repository(CODE)))
                .containsExactly("docs/page.md:3 is not in samples/B.java");
    }

    @Test
    void a_console_block_is_commands_with_what_they_show() {
        var page =
                page("```console\n$ curl -X POST \\\n  here\n{\"a\": 1}\n$ kill -9 1\n```\n\n```sh\nnot this\n```\n");
        assertThat(page.commands())
                .containsExactly(
                        new Markdown.Command("curl -X POST   here", List.of("{\"a\": 1}")),
                        new Markdown.Command("kill -9 1", List.of()));
    }

    @Test
    void an_output_shows_lines_in_order_whatever_their_blanks() {
        assertThat(Terminal.shows(
                        "HTTP/1.1 200 OK\r\nETag: \"1\"\r\n\r\n{\"a\":1}", List.of("ETag: \"1\"", "{\"a\": 1}")))
                .isTrue();
        assertThat(Terminal.shows("{\"a\": 2}", List.of("{\"a\": 1}"))).isFalse();
        assertThat(Terminal.shows("b\na", List.of("a", "b"))).isFalse();
    }

    private static List<String> deadLinks(String text) {
        var page = page(text);
        return page.deadLinks(repository(page.source(), CODE));
    }

    private static List<String> strayBlocks(String snippet) {
        return page("<!-- from samples/A.java -->\n```java\n" + snippet + "```\n")
                .strayBlocks(repository(CODE));
    }

    private static Markdown page(String text) {
        return new Markdown(SourceFile.of("docs/page.md", "# A title\n\n" + text));
    }

    private static Repository repository(SourceFile... files) {
        return new Repository(Path.of(""), List.of(files));
    }
}
