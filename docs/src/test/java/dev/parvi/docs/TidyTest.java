package dev.parvi.docs;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parvi.docs.Finding.Rule;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TidyTest {
    private static final Repository REPOSITORY = Repository.ofThisBuild();
    private static final String RATCHET = "docs/src/test/resources/tidy-ratchet.txt";
    private static final String MAIN = "entity/src/main/java/dev/parvi/entity/";
    private static final String TEST = "entity/src/test/java/dev/parvi/entity/";

    @Test
    void the_repository_keeps_every_rule() {
        var tolerated = REPOSITORY.file(RATCHET).text().lines().toList();
        var findings = check(REPOSITORY.files()).stream()
                .filter(finding -> !tolerated.contains(finding.rule() + " " + finding.path()))
                .toList();
        assertThat(findings)
                .as(findings.stream().map(Finding::toString).collect(joining("\n", "\n", "\n")))
                .isEmpty();
    }

    @Test
    void what_the_ratchet_tolerates_is_still_wrong() {
        var wrong = check(REPOSITORY.files()).stream()
                .map(finding -> finding.rule() + " " + finding.path())
                .collect(toSet());
        assertThat(REPOSITORY.file(RATCHET).text().lines().filter(line -> !line.startsWith("#")))
                .as("take these lines out of the ratchet, they are mended")
                .allMatch(wrong::contains);
    }

    @Test
    void the_rules_have_seen_the_house() {
        assertThat(REPOSITORY.files().stream().map(SourceFile::path))
                .contains(MAIN + "CommandPipeline.java", "mvnw", "docs/src/test/java/dev/parvi/docs/TidyTest.java");
    }

    @ParameterizedTest
    @MethodSource("controls")
    void each_rule_fires_on_a_file_that_breaks_it_and_alone(Control control) {
        assertThat(check(control.files()).stream().map(Finding::rule)).containsOnly(control.rule());
    }

    @Test
    void no_rule_is_without_a_control() {
        assertThat(controls().map(Control::rule).collect(toSet())).isEqualTo(EnumSet.allOf(Rule.class));
    }

    @ParameterizedTest
    @MethodSource("innocents")
    void what_only_looks_bad_is_left_alone(SourceFile innocent) {
        var files = new ArrayList<>(List.of(innocent));
        if (innocent.isMain()) files.add(packageInfo());
        assertThat(check(files)).isEmpty();
    }

    private record Control(Rule rule, List<SourceFile> files) {
        @Override
        public String toString() {
            return rule + " on " + files.get(0).path();
        }
    }

    private static Stream<Control> controls() {
        return Stream.of(
                control(Rule.FILE_TOO_BIG, "docs/picture.svg", "x".repeat(1 << 20) + "\n"),
                control(Rule.NO_NEWLINE_AT_END, "docs/page.md", "the end"),
                control(Rule.NAMES_A_MACHINE, "docs/page.md", "it lies in /ro" + "ot/it\n"),
                control(Rule.NAMES_A_MACHINE, "docs/page.md", "it lies in `/tm" + "p/it`\n"),
                control(Rule.NAMES_A_MACHINE, "pom.xml", "<url>https://repo.mav" + "en.apache.org/it</url>\n"),
                control(Rule.NAMES_A_MACHINE, "pom.xml", "<url>https://artifact" + "ory.example.org/it</url>\n"),
                control(Rule.SHELL_SYNTAX, "parvi", "#!/usr/bin/env bash\nif true; then\n"),
                control(Rule.UNFINISHED, "pom.xml", "<!-- TO" + "DO -->\n"),
                control(Rule.UNFINISHED, MAIN + "A.java", "// FIX" + "ME: it breaks\nclass A {}\n"),
                control(Rule.BANNER_COMMENT, "a.sh", "# ======\n"),
                control(Rule.BANNER_COMMENT, MAIN + "A.java", "class A {\n    // ---- fields ----\n    int a;\n}\n"),
                control(Rule.COMMENTED_OUT_CODE, MAIN + "A.java", "class A {\n    // int a = 1;\n}\n"),
                control(Rule.COMMENTED_OUT_CODE, MAIN + "A.java", "class A {\n    // if (open) {\n    // }\n}\n"),
                control(Rule.COMMENTED_OUT_CODE, MAIN + "A.java", "class A {\n    /*\n     * close();\n     */\n}\n"),
                control(Rule.AUTHOR_TAG, MAIN + "A.java", "/** @" + "author me */\nclass A {}\n"),
                control(Rule.FILE_TOO_LONG, MAIN + "A.java", "class A {}\n" + "\n".repeat(400)),
                control(Rule.FILE_TOO_LONG, TEST + "ATest.java", "class ATest {}\n" + "\n".repeat(600)),
                control(Rule.FILE_TOO_LONG, sample("A"), "package bank;\nclass A {}\n" + "\n".repeat(150)),
                control(
                        Rule.METHOD_TOO_LONG,
                        MAIN + "A.java",
                        "class A {\n    void a() {" + "\n".repeat(40) + "}\n}\n"),
                control(Rule.METHOD_TOO_LONG, MAIN + "A.java", "class A {\n    A() {" + "\n".repeat(40) + "}\n}\n"),
                control(Rule.EMPTY_NAME, MAIN + "A.java", "class StoreImpl {}\n"),
                control(Rule.EMPTY_NAME, MAIN + "A.java", "class A {\n    record DefaultStore() {}\n}\n"),
                control(Rule.EMPTY_NAME, MAIN + "A.java", "abstract class BaseStore {}\n"),
                control(Rule.EMPTY_NAME, MAIN + "A.java", "enum StoreManager {}\n"),
                control(Rule.EMPTY_NAME, TEST + "A.java", "interface StoreHelper {}\n"),
                control(Rule.EMPTY_NAME, TEST + "A.java", "class StoreUtils {}\n"),
                control(
                        Rule.GET_ACCESSOR,
                        MAIN + "A.java",
                        "class A {\n    int getSize() {\n        return 1;\n    }\n}\n"),
                control(Rule.INSTANCEOF_LADDER, MAIN + "A.java", LADDER),
                control(Rule.TEST_NAME, TEST + "ATest.java", "class ATest {\n    @Test\n    void testAdd() {}\n}\n"),
                control(
                        Rule.TEST_CLASS_NAME,
                        TEST + "Tests.java",
                        "class Tests {\n    @Test\n    void it_adds() {}\n}\n"),
                new Control(Rule.TOO_MANY_PUBLIC_TYPES, with(types(13, "public class"), packageInfo())),
                new Control(Rule.TOO_MANY_TYPES_IN_PACKAGE, with(types(26, "class"), packageInfo())),
                new Control(Rule.PACKAGES_AS_FOLDERS, List.of(packageInfo(), packageInfoOf("model"))),
                new Control(Rule.PACKAGE_WITHOUT_INFO, types(1, "class")));
    }

    private static Stream<SourceFile> innocents() {
        return Stream.of(
                SourceFile.of(
                        "docs/page.md", "GET /account/root/tmp, see target/tmp/it and https://example.org/work/it\n"),
                SourceFile.of("docs/picture.png", new byte[] {1, 0, 2}),
                SourceFile.of(
                        "a.sh", "#!/usr/bin/env bash\n# It makes a folder (if none is there);\nmktemp -d p.XXXXXX\n"),
                file(MAIN + "Database.java", "class Database {}\n"),
                file(MAIN + "A.java", "class A {\n    // The fence is checked first (see above);\n    int a;\n}\n"),
                file(MAIN + "A.java", "class A {\n    String a = \"// int a = 1;\";\n}\n"),
                file(MAIN + "A.java", "/** As in {@code\n * int a = 1;\n * } */\nclass A {}\n"),
                file(MAIN + "A.java", "class A {\n    @Override\n    int getSize() {\n        return 1;\n    }\n}\n"),
                SourceFile.of(TEST + "Suite.java", "abstract class Suite {\n    @Test\n    void it_adds() {}\n}\n"),
                SourceFile.of(TEST + "ATest.java", "class ATest {}\n" + "\n".repeat(599)));
    }

    private static final String LADDER = """
            class A {
                int a(Object o) {
                    if (o instanceof String) return 1;
                    else if (o instanceof Long l && l > 2) return 2;
                    return 3;
                }
            }
            """;

    private static Control control(Rule rule, String path, String text) {
        var file = file(path, text);
        if (!file.isMain()) return new Control(rule, List.of(file));
        return new Control(
                rule,
                List.of(file, file.module().equals("samples") ? packageInfoAt(sample("package-info")) : packageInfo()));
    }

    /** Main code is not without a package. */
    private static SourceFile file(String path, String text) {
        return SourceFile.of(path, path.startsWith(MAIN) ? "package dev.parvi.entity;\n" + text : text);
    }

    private static String sample(String name) {
        return "samples/src/main/java/bank/" + name + ".java";
    }

    private static List<SourceFile> types(int count, String kind) {
        return IntStream.range(0, count)
                .mapToObj(each -> file(MAIN + "A" + each + ".java", kind + " A" + each + " {}\n"))
                .toList();
    }

    private static List<SourceFile> with(List<SourceFile> files, SourceFile more) {
        return Stream.concat(files.stream(), Stream.of(more)).toList();
    }

    private static SourceFile packageInfo() {
        return packageInfoAt(MAIN + "package-info.java");
    }

    private static SourceFile packageInfoAt(String path) {
        return SourceFile.of(path, "/** Read A first. */\n@NullMarked\npackage dev.parvi.entity;\n");
    }

    private static SourceFile packageInfoOf(String name) {
        return SourceFile.of(
                MAIN + name + "/package-info.java",
                "/** Read A. */\n@NullMarked\npackage dev.parvi.entity." + name + ";\n");
    }

    private static List<Finding> check(List<SourceFile> files) {
        var java =
                files.stream().filter(SourceFile::isJava).map(JavaFile::parse).toList();
        return Stream.of(
                        files.stream().flatMap(file -> TidyRules.check(file).stream()),
                        java.stream().flatMap(file -> TidyRules.check(file).stream()),
                        HouseSize.check(java).stream())
                .flatMap(findings -> findings)
                .toList();
    }
}
