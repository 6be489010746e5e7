package dev.parvi.transcoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What {@code google/api/http.proto} says of path templates, a rule a table. A row is a template, a path as it is sent, and what the
 * variables stand for; {@code -} says that the path does not fit.
 */
class ConformanceTest {
    private static final String NO = "-";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    /v1/books          | /v1/books            | ``
                    /v1/books          | /v1/Books            | -
                    /v1/books          | /v1/book             | -
                    /v1/books          | /v1                  | -
                    /v1/books          | /v1/books/x          | -
                    /v1/books          | /v1/books/           | -
                    /v1/books          | //v1/books           | -
                    /v1/books          | v1/books             | -
                    /v1/books          | /v1/b%6Foks          | ``
                    /v1/old%20books    | /v1/old%20books      | ``
                    /v1/old%20books    | /v1/old+books        | -
                    /v1/b%C3%BCcher    | /v1/b%c3%bccher      | ``
                    /v1/a+b@(c);x=1    | /v1/a+b@(c);x=1      | ``
                    /v1/a%3Ab          | /v1/a:b              | ``
                    """)
    void a_literal_is_that_very_text_however_it_is_escaped(String template, String path, String bound) {
        assertThat(bound(template, path)).isEqualTo(bound);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    /v1/*              | /v1/x                | ``
                    /v1/*              | /v1                  | -
                    /v1/*              | /v1/                 | -
                    /v1/*              | /v1/x/y              | -
                    /v1/*/y            | /v1/x/y              | ``
                    /v1/*/y            | /v1//y               | -
                    /*                 | /                    | -
                    """)
    void a_star_is_one_segment_and_never_none(String template, String path, String bound) {
        assertThat(bound(template, path)).isEqualTo(bound);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    /v1/**             | /v1                  | ``
                    /v1/**             | /v1/x                | ``
                    /v1/**             | /v1/x/y/z            | ``
                    /v1/**             | /v1/x//z             | -
                    /v1/**             | /v1/x/               | -
                    /v1/**             | /v2/x                | -
                    /v1/*/**           | /v1                  | -
                    /v1/*/**           | /v1/x                | ``
                    /v1/{a=**}         | /v1                  | a=
                    /v1/{a=**}         | /v1/x                | a=x
                    /v1/{a=**}         | /v1/x/y              | a=x/y
                    """)
    void two_stars_are_all_that_follows_if_anything_does(String template, String path, String bound) {
        assertThat(bound(template, path)).isEqualTo(bound);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    /v1/{a}            | /v1/x                | a=x
                    /v1/{a=*}          | /v1/x                | a=x
                    /v1/{a}            | /v1/x/y              | -
                    /v1/{a.b.c_1}      | /v1/x                | a.b.c_1=x
                    /{a}/m/{b}         | /x/m/y               | a=x b=y
                    /{a}/m/{b}         | /x/n/y               | -
                    /v1/{a=m}          | /v1/m                | a=m
                    /v1/{a=m}          | /v1/n                | -
                    /v1/{a=m/*}        | /v1/m/x              | a=m/x
                    /v1/{a=m/*}        | /v1/n/x              | -
                    /v1/{a=m/*/n/*}/o  | /v1/m/x/n/y/o        | a=m/x/n/y
                    /v1/{a=m/**}       | /v1/m                | a=m
                    /v1/{a=m/**}       | /v1/m/x/y            | a=m/x/y
                    /v1/{a=m/*}/{b=**} | /v1/m/x/y/z          | a=m/x b=y/z
                    """)
    void a_variable_is_the_part_of_the_path_that_its_own_template_fits(String template, String path, String bound) {
        assertThat(bound(template, path)).isEqualTo(bound);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    /v1/{a}            | /v1/x%20y            | a=x y
                    /v1/{a}            | /v1/x+y              | a=x+y
                    /v1/{a}            | /v1/x%2Fy            | a=x/y
                    /v1/{a}            | /v1/x%2fy            | a=x/y
                    /v1/{a}            | /v1/x%252Fy          | a=x%2Fy
                    /v1/{a}            | /v1/%C3%A9           | a=é
                    /v1/{a}            | /v1/%F0%9F%90%9D     | a=🐝
                    /v1/{a=**}         | /v1/x%2Fy            | a=x%2Fy
                    /v1/{a=**}         | /v1/x%2fy/z          | a=x%2fy/z
                    /v1/{a=**}         | /v1/x%20y%3A/%25     | a=x y:/%
                    /v1/{a=m/*}        | /v1/m/x%2Fy%3F       | a=m/x%2Fy?
                    /v1/{a=m}          | /v1/%6D              | a=m
                    """)
    void one_segment_is_decoded_whole_and_several_keep_escaped_slashes(String template, String path, String bound) {
        assertThat(bound(template, path)).isEqualTo(bound);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    /v1/{a}:close      | /v1/x:close          | a=x
                    /v1/{a}:close      | /v1/x                | -
                    /v1/{a}:close      | /v1/x:open           | -
                    /v1/{a}:close      | /v1/x:Close          | -
                    /v1/{a}:close      | /v1/x%3Aclose        | -
                    /v1/{a}:close      | /v1/:close           | -
                    /v1/{a}:close      | /v1/x:y:close        | a=x:y
                    /v1/{a}:close      | /v1/x:c%6Cose        | a=x
                    /v1/{a}            | /v1/x:close          | a=x:close
                    /v1/{a}            | /v1/x%3Aclose        | a=x:close
                    /v1/m:close        | /v1/m:close          | ``
                    /v1/m:close        | /v1/m                | -
                    /v1/{a=**}:close   | /v1/x/y:close        | a=x/y
                    /v1/{a=m/*}:close  | /v1/m/x:close        | a=m/x
                    """)
    void a_verb_is_the_end_of_the_path_behind_a_colon_that_is_not_escaped(String template, String path, String bound) {
        assertThat(bound(template, path)).isEqualTo(bound);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    /v1/%              | /v1/{a}
                    /v1/x%2            | /v1/{a}
                    /v1/%zz            | /v1/{a}
                    /v1/%C3            | /v1/{a}
                    /v1/%FF%FE         | /v1/{a}
                    /v1/%C0%80         | /v1/{a}
                    /v1/%ED%A0%80      | /v1/{a}
                    /v1/x/%GG          | /v1/{a=**}
                    """)
    void a_value_that_is_no_text_is_refused_by_the_name_of_its_variable(String path, String template) {
        assertThatThrownBy(() -> bound(template, path))
                .isInstanceOfSatisfying(
                        BadPath.class, bad -> assertThat(bad.variable()).isEqualTo("a"))
                .hasMessage("has an escape that is cut or not UTF-8");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    v1/x               | does not start with a slash; write "/v1/x"
                    ``                 | does not start with a slash; write "/"
                    /                  | ends with a slash; remove it, or write a segment behind it
                    /v1/               | ends with a slash; remove it, or write a segment behind it
                    /v1//x             | has an empty segment; write one slash
                    /v1/{a             | ends too early; write what is missing, such as }
                    /v1/{              | ends too early; write what is missing, such as }
                    /v1/{a=            | ends too early; write what is missing, such as }
                    /v1/x:             | ends too early; write what is missing, such as }
                    /v1/{a={b}}        | has a variable inside of a variable; name one of them only
                    /v1/{a}/{a}        | has {a} twice; name it once
                    /v1/**/x           | goes on after **; move ** to its end
                    /v1/{a=**}/x       | goes on after **; move ** to its end
                    /v1/..             | has the segment .., which no request reaches; name it otherwise
                    /v1/%2E            | has the segment ., which no request reaches; name it otherwise
                    /v1/x%2Fy          | has the segment x/y, which no request reaches; name it otherwise
                    /v1/%4             | has a broken escape in %4; write two hex digits behind %, of UTF-8
                    """)
    void a_template_that_breaks_the_grammar_is_refused(String template, String fault) {
        assertThatThrownBy(() -> PathTemplate.of(template))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the path \"" + template + "\" " + fault);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/{}, }, 6",
        "/v1/{1a}, 1, 6",
        "/v1/{a.}, }, 8",
        "/v1/{a-b}, -, 7",
        "/v1/{a }, ' ', 7",
        "/v1/x*, *, 6",
        "/v1/***, *, 7",
        "/v1/{a}x, x, 8",
        "/v1/a}, }, 6",
        "/v1/x?y=1, ?, 6",
        "/v1/x#y, #, 6",
        "/v1/ü, ü, 5",
        "/v1/a:b/c, /, 8",
        "/v1/a:b:c, :, 8",
        "/v1/{a=x:y}, :, 9"
    })
    void a_character_that_the_grammar_does_not_know_is_named_with_its_place(
            String template, char character, int place) {
        assertThatThrownBy(() -> PathTemplate.of(template))
                .hasMessageContaining(
                        "has an unexpected '" + character + "' at character " + place + "; write segments such as");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    /v1/m/n       | /v1/m/n
                    /v1/m/x       | /v1/m/*
                    /v1/x/n       | /v1/*/*
                    /v1/m         | /v1/m
                    /v1/x         | /v1/**
                    /v1/m/n/o     | /v1/**
                    /v1/m:go      | /v1/*:go
                    /v1/x:go      | /v1/*:go
                    /v1/x:stop    | /v1/**
                    /v1/x/y:go    | /v1/*/*
                    /v2/m/q       | /v2/*/q
                    /v2/m/r       | /v2/m/r
                    """)
    void the_most_special_template_wins_in_whatever_order_they_stand(String path, String winner) {
        var templates = List.of("/v1/**", "/v1/*/*", "/v1/m/*", "/v1/m/n", "/v1/m", "/v1/*:go", "/v2/*/q", "/v2/m/r");
        var reversed = templates.stream()
                .sorted((a, b) -> templates.indexOf(b) - templates.indexOf(a))
                .toList();

        assertThat(winner(templates, path)).isEqualTo(winner);
        assertThat(winner(reversed, path)).isEqualTo(winner);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    /v1/{a}       | /v1/{b}          | true
                    /v1/{a}       | /v1/{b=*}        | true
                    /v1/m/{a}     | /v1/{b=m/*}      | true
                    /v1/m/*       | /v1/*/n          | true
                    /v1/*/n       | /v1/m/**         | true
                    /v1/**:go     | /v1/m/*          | true
                    /v1/{a}:go    | /v1/{b}:go       | true
                    /v1/m         | /v1/*            | false
                    /v1/*         | /v1/**           | false
                    /v1/*         | /v1/*/*          | false
                    /v1/{a}:go    | /v1/{a}:stop     | false
                    /v1/{a}:go    | /v1/{a}          | false
                    /v1/{a}:go    | /v1/m            | false
                    /v1/m:go      | /v1/m/**         | false
                    /v1/**:go     | /v1/m            | false
                    /v1/m/**:go   | /v1/*/**         | false
                    /v1/m         | /v1/n            | false
                    /v1           | /v1/**           | false
                    """)
    void two_templates_of_which_neither_is_more_special_have_no_place_beside_each_other(
            String one, String other, boolean isRefused) {
        var tree = new PathTree<String>();
        tree.add("GET", PathTemplate.of(one), one);

        assertThat(tree.rival("GET", PathTemplate.of(other))).isEqualTo(isRefused ? one : null);
        assertThat(tree.rival("POST", PathTemplate.of(other))).isNull();
    }

    @Test
    void a_path_belongs_to_the_most_special_template_of_its_http_method() {
        var tree = new PathTree<String>();
        tree.add("GET", PathTemplate.of("/v1/{a}"), "read");
        tree.add("POST", PathTemplate.of("/v1/all"), "make");

        assertThat(target(tree.find("GET", "/v1/all"))).isEqualTo("read");
        assertThat(target(tree.find("POST", "/v1/all"))).isEqualTo("make");
        assertThat(tree.find("POST", "/v1/x")).isNull();
        assertThat(tree.targets("/v1/all")).isEqualTo(Map.of("GET", "read", "POST", "make"));
        assertThat(tree.targets("/v1/x")).isEqualTo(Map.of("GET", "read"));
        assertThat(tree.targets("/v2")).isEmpty();
        assertThat(tree.methods()).containsExactlyInAnyOrder("GET", "POST");
    }

    @Test
    void a_template_takes_paths_from_wider_ones() {
        var tree = new PathTree<String>();
        tree.add("GET", PathTemplate.of("/v1/{a}"), "wide");
        tree.add("POST", PathTemplate.of("/v1/{a}"), "other method");
        tree.add("GET", PathTemplate.of("/v1/m/n"), "other place");

        assertThat(tree.victims("GET", PathTemplate.of("/v1/m"))).containsExactly("wide");
        assertThat(tree.victims("GET", PathTemplate.of("/v1/**"))).isEmpty();
    }

    private static @Nullable String target(PathTree.@Nullable Found<String> found) {
        return found == null ? null : found.target();
    }

    private static @Nullable String winner(List<String> templates, String path) {
        var tree = new PathTree<String>();
        templates.forEach(template -> tree.add("GET", PathTemplate.of(template), template));
        return target(tree.find("GET", path));
    }

    /** The variables in order, as the tables write them. */
    static String bound(String template, String path) {
        var tree = new PathTree<String>();
        tree.add("GET", PathTemplate.of(template), template);
        var found = tree.find("GET", path);
        return found == null
                ? NO
                : found.values().entrySet().stream()
                        .map(each -> each.getKey() + "=" + each.getValue())
                        .collect(Collectors.joining(" "));
    }
}
