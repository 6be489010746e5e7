package dev.parvi.transcoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What holds for all templates and paths. */
class PathPropertiesTest {
    @Property
    void what_is_filled_in_is_found_again(@ForAll("texts") String one, @ForAll("texts") String other) {
        var template = PathTemplate.of("/v1/{a}/m/{b.c}:go");
        var path = template.fill(Map.of("a", one, "b.c", other)::get);

        assertThat(path).matches("[-_.~0-9a-zA-Z%/:]+");
        assertThat(find(template, path)).isEqualTo(Map.of("a", one, "b.c", other));
    }

    @Property
    void a_path_of_many_segments_is_found_again(@ForAll("longTexts") String text) {
        var template = PathTemplate.of("/v1/{a=**}");

        assertThat(find(template, template.fill(name -> text))).isEqualTo(Map.of("a", text));
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/{a}, '', 'a: must look like *, not \"\"'",
        "/v1/{a}, ., 'a: has an empty or a dot segment: .'",
        "/v1/{a}, .., 'a: has an empty or a dot segment: ..'",
        "/v1/{a=**}, x//y, 'a: has an empty or a dot segment: x//y'",
        "/v1/{a=m/*}, n/x, 'a: must look like m/*, not \"n/x\"'",
        "/v1/{a=m/*}, m/x/y, 'a: must look like m/*, not \"m/x/y\"'",
        "/v1/{a=m/*}, m, 'a: must look like m/*, not \"m\"'",
        "/v1/*/{a}, x, '*: has no name'"
    })
    void what_does_not_fit_is_not_filled_in(String template, String value, String message) {
        assertThatThrownBy(() -> PathTemplate.of(template).fill(name -> value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    /** All templates of up to three segments, against all paths of up to four. */
    @Test
    void overlaps_and_covers_say_what_paths_show() {
        var paths = combined(List.of("m", "n", "x", "m:go", "n:go", "x:go", "m:m", "n:m", "x:m"), 4);
        var templates = combined(List.of("m", "n", "*"), 3).stream()
                .flatMap(path -> Stream.of(path, path + "/**"))
                .flatMap(path -> Stream.of(path, path + ":go", path + ":m"))
                .map(PathTemplate::of)
                .toList();
        var fitting =
                templates.stream().map(template -> fitting(template, paths)).toList();

        var wrong = new ArrayList<String>();
        for (var i = 0; i < templates.size(); i++)
            for (var j = 0; j < templates.size(); j++) {
                var one = templates.get(i);
                var other = templates.get(j);
                if (fitting.get(i).intersects(fitting.get(j)) != Overlap.overlaps(one, other))
                    wrong.add(one + " overlaps " + other);
                var rest = (BitSet) fitting.get(j).clone();
                rest.andNot(fitting.get(i));
                if (rest.isEmpty() != Overlap.covers(one, other)) wrong.add(one + " covers " + other);
            }
        assertThat(wrong).isEmpty();
    }

    private static List<String> combined(List<String> segments, int max) {
        var all = new ArrayList<String>();
        var last = List.of("");
        for (var length = 1; length <= max; length++) {
            last = last.stream()
                    .flatMap(path -> segments.stream().map(segment -> path + "/" + segment))
                    .toList();
            all.addAll(last);
        }
        return all;
    }

    private static BitSet fitting(PathTemplate template, List<String> paths) {
        var tree = new PathTree<String>();
        tree.add("GET", template, "");
        var fitting = new BitSet();
        for (var i = 0; i < paths.size(); i++) if (tree.find("GET", paths.get(i)) != null) fitting.set(i);
        return fitting;
    }

    @Property
    void of_those_that_may_stand_beside_each_other_the_most_special_is_found(
            @ForAll("manyTemplates") List<String> texts, @ForAll("paths") String path) {
        var tree = new PathTree<PathTemplate>();
        var accepted = new ArrayList<PathTemplate>();
        for (var text : texts) {
            var template = PathTemplate.of(text);
            if (tree.rival("GET", template) != null) continue;
            tree.add("GET", template, template);
            accepted.add(template);
        }
        var found = tree.find("GET", path);

        var fitting = accepted.stream().filter(each -> fits(each, path)).toList();
        assertThat(found == null).isEqualTo(fitting.isEmpty());
        if (found != null)
            assertThat(fitting)
                    .allSatisfy(each -> assertThat(Overlap.covers(each, found.target()))
                            .as(each + " is wider than " + found.target())
                            .isTrue());
    }

    @Property
    void no_path_does_more_than_not_to_fit(@ForAll String path) {
        var template = PathTemplate.of("/{a}/{b=**}");
        var tree = new PathTree<String>();
        tree.add("GET", template, "");
        var found = tree.find("GET", path);

        try {
            if (found != null) assertThat(found.values()).containsOnlyKeys("a", "b");
        } catch (BadPath bad) {
            assertThat(path).contains("%");
        }
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings()
                .ofMinLength(1)
                .ofMaxLength(20)
                .filter(text -> !text.equals(".") && !text.equals("..") && isText(text));
    }

    /** Without escapes of slashes: in a value of many segments they stand for themselves. */
    @Provide
    Arbitrary<String> longTexts() {
        return texts().filter(text -> !text.contains("/") && !text.contains("%"))
                .list()
                .ofMaxSize(4)
                .map(parts -> String.join("/", parts));
    }

    private static boolean isText(String text) {
        return text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    @Provide
    Arbitrary<String> templates() {
        var segment = Arbitraries.of("m", "n", "*");
        var end = Arbitraries.of("", "", "/**");
        var verb = Arbitraries.of("", "", ":go", ":m");
        return Combinators.combine(segment.list().ofMinSize(1).ofMaxSize(3), end, verb)
                .as((segments, rest, colon) -> "/" + String.join("/", segments) + rest + colon);
    }

    @Provide
    Arbitrary<List<String>> manyTemplates() {
        return templates().list().ofMinSize(1).ofMaxSize(5);
    }

    @Provide
    Arbitrary<String> paths() {
        return Arbitraries.of("m", "n", "x", "m:go", "x:m")
                .list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .map(segments -> segments.stream().collect(Collectors.joining("/", "/", "")));
    }

    private static boolean fits(PathTemplate template, String path) {
        var tree = new PathTree<String>();
        tree.add("GET", template, "");
        return tree.find("GET", path) != null;
    }

    private static Map<String, String> find(PathTemplate template, String path) {
        var tree = new PathTree<String>();
        tree.add("GET", template, "");
        var found = tree.find("GET", path);
        return found == null ? new HashMap<>() : found.values();
    }
}
