package dev.parvi.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureTest {
    private static final Repository REPOSITORY = Repository.ofThisBuild();
    private static final JavaClasses HOUSE = house();

    /** Modules that nothing may depend on, this one included: their classes are not on the class path. */
    private static final Set<String> OUTBUILDINGS =
            Set.of("bench", "multi-jvm-tests", "multi-jvm-tests/evidence", "multi-jvm-tests/fuzz");

    @ParameterizedTest
    @MethodSource("rules")
    void the_house_keeps_every_rule(ArchRule rule) {
        rule.check(HOUSE);
    }

    @Test
    void every_class_of_the_house_was_looked_at() {
        var expected = REPOSITORY.files().stream()
                .filter(file -> file.isMain() && file.isJava() && !OUTBUILDINGS.contains(file.module()))
                .filter(file -> !file.path().endsWith("-info.java"))
                .map(file -> file.path()
                        .replaceAll("^.*/src/main/java/|\\.java$", "")
                        .replace('/', '.'));
        assertThat(HOUSE.stream().map(JavaClass::getName))
                .contains("dev.parvi.entity.CommandPipeline")
                .containsAll(expected.toList());
    }

    @ParameterizedTest
    @MethodSource("controls")
    void each_rule_fires_on_a_class_that_breaks_it(Control control, @TempDir Path directory) {
        var classes = Snippets.compile(directory, control.sources().toArray(String[]::new));
        assertThat(control.rules().stream()
                        .anyMatch(rule -> rule.evaluate(classes).hasViolation()))
                .isTrue();
    }

    @Test
    void a_class_that_keeps_to_its_room_breaks_no_rule(@TempDir Path directory) {
        var classes = Snippets.compile(
                directory,
                "package dev.parvi.http; record Good(dev.parvi.entity.Effect<?> effect) {}",
                "package dev.parvi.runtime; class Fine { dev.parvi.http.Settings settings; }",
                "package dev.parvi.http; public record Settings(int port) { static Settings from("
                        + "com.typesafe.config.Config c) { return new Settings(c.getInt(\"port\")); } }");
        assertThat(rules().filter(rule -> rule.evaluate(classes).hasViolation()))
                .isEmpty();
    }

    private static Stream<ArchRule> rules() {
        return Stream.concat(
                HouseRules.arrows().stream(),
                Stream.of(
                        HouseRules.everyPackageIsOnTheMap(),
                        HouseRules.noCycles(),
                        HouseRules.entityKnowsNothingOfPekko(),
                        HouseRules.httpKnowsNothingOfTheCluster(),
                        HouseRules.onlySettingsReadConfiguration(),
                        HouseRules.noPlainTransformOfAForeignStage(),
                        HouseRules.noDetourToAPlainTransform(),
                        HouseRules.noJavaSerialization(),
                        HouseRules.onlyCommandsPrint(),
                        HouseRules.noPublicMutableFields(),
                        HouseRules.noOptionalFields()));
    }

    private record Control(String what, List<ArchRule> rules, List<String> sources) {
        @Override
        public String toString() {
            return what;
        }
    }

    private static Stream<Control> controls() {
        return Stream.of(
                arrow("entity", "persistence"),
                arrow("entity", "runtime"),
                arrow("persistence", "sharding"),
                arrow("sharding", "persistence"),
                arrow("sharding", "http"),
                arrow("http", "sharding"),
                arrow("runtime", "testkit"),
                arrow("samples", "runtime"),
                control("a stranger", HouseRules.everyPackageIsOnTheMap(), "package dev.parvi.misc; class Stranger {}"),
                control(
                        "a cycle",
                        HouseRules.noCycles(),
                        "package dev.parvi.http; public class A { dev.parvi.runtime.B b; }",
                        "package dev.parvi.runtime; public class B { dev.parvi.http.A a; }"),
                control(
                        "an actor in entity",
                        HouseRules.entityKnowsNothingOfPekko(),
                        "package dev.parvi.entity; class A { org.apache.pekko.actor.ActorRef ref; }"),
                control(
                        "the cluster in http",
                        HouseRules.httpKnowsNothingOfTheCluster(),
                        "package dev.parvi.http; class A { org.apache.pekko.cluster.Cluster cluster; }"),
                control(
                        "a reader of configuration",
                        HouseRules.onlySettingsReadConfiguration(),
                        "package dev.parvi.http; class A { int a(com.typesafe.config.Config c) { return c.getInt(\"a\"); } }"),
                control(
                        "a plain transform",
                        HouseRules.noPlainTransformOfAForeignStage(),
                        stage("stage.thenApply(s -> s)")),
                control(
                        "a plain transform by reference",
                        HouseRules.noPlainTransformOfAForeignStage(),
                        stage("java.util.Optional.of((Runnable) () -> {}).map(stage::thenRun)")),
                control(
                        "a plain transform by a detour",
                        HouseRules.noDetourToAPlainTransform(),
                        stage("stage.toCompletableFuture().whenComplete((s, e) -> {})")),
                control(
                        "a serializable record",
                        HouseRules.noJavaSerialization(),
                        "package dev.parvi.http; record A(int a) implements java.io.Serializable {}"),
                control(
                        "a writer of objects",
                        HouseRules.noJavaSerialization(),
                        "package dev.parvi.http; class A { void a(java.io.ObjectOutputStream o) throws Exception {"
                                + " o.writeObject(1); } }"),
                control("a printer", HouseRules.onlyCommandsPrint(), statement("System.out.println()")),
                control(
                        "a printer of traces",
                        HouseRules.onlyCommandsPrint(),
                        statement("new Error().printStackTrace()")),
                control(
                        "a public mutable field",
                        HouseRules.noPublicMutableFields(),
                        "package dev.parvi.http; class A { public int a; }"),
                control(
                        "an optional field",
                        HouseRules.noOptionalFields(),
                        "package dev.parvi.http; record A(java.util.Optional<String> a) {}"));
    }

    private static Control arrow(String from, String to) {
        return new Control(
                "an arrow from " + from + " to " + to,
                HouseRules.arrows(),
                List.of(
                        "package dev.parvi." + from + "; class Inner { dev.parvi." + to + ".Outer outer; }",
                        "package dev.parvi." + to + "; public class Outer {}"));
    }

    private static String statement(String code) {
        return "package dev.parvi.http; class A { void a() { " + code + "; } }";
    }

    private static String stage(String code) {
        return "package dev.parvi.http; class A { void a(java.util.concurrent.CompletionStage<String> stage) { " + code
                + "; } }";
    }

    private static Control control(String what, ArchRule rule, String... sources) {
        return new Control(what, List.of(rule), List.of(sources));
    }

    /** What people wrote: a class whose source file is generated keeps other people's rules. */
    private static JavaClasses house() {
        var sources = REPOSITORY.files().stream()
                .filter(file -> file.isMain() && file.isJava())
                .map(file -> file.path().replaceFirst("^.*/src/main/java/", ""))
                .collect(Collectors.toSet());
        return new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.parvi")
                .that(DescribedPredicate.describe(
                        "written by hand",
                        type -> type.getSource()
                                .flatMap(source -> source.getFileName())
                                .map(name ->
                                        sources.contains(type.getPackageName().replace('.', '/') + "/" + name))
                                .orElse(false)));
    }
}
