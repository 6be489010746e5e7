package dev.parvi.docs;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.Externalizable;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The rules for compiled classes: who may see whom, and what nobody may call. */
final class HouseRules {
    private static final String HOUSE = "dev.parvi.";

    /** The arrows of the house: each room, and the rooms that it sees. */
    static final Map<String, Set<String>> SEES = new TreeMap<>(Map.of(
            "transcoding", Set.of(),
            "protobuf", Set.of("transcoding"),
            "entity", Set.of("protobuf"),
            "persistence", Set.of("protobuf", "entity"),
            "sharding", Set.of("protobuf", "entity"),
            "http", Set.of("transcoding", "protobuf", "entity"),
            "client", Set.of("transcoding", "protobuf"),
            "runtime", Set.of("protobuf", "entity", "persistence", "sharding", "http"),
            "testkit", Set.of("protobuf", "entity", "persistence", "sharding", "http", "runtime"),
            "samples", Set.of("protobuf", "entity")));

    /** Of {@link java.util.concurrent.CompletionStage}, what runs its function wherever the stage pleases. */
    private static final Set<String> PLAIN_TRANSFORMS = Set.of(
            "thenApply",
            "thenAccept",
            "thenRun",
            "thenCompose",
            "thenCombine",
            "thenAcceptBoth",
            "runAfterBoth",
            "applyToEither",
            "acceptEither",
            "runAfterEither",
            "handle",
            "whenComplete",
            "exceptionally",
            "exceptionallyCompose");

    private HouseRules() {}

    /** No room depends on one that it does not see, other libraries aside. */
    static List<ArchRule> arrows() {
        return SEES.keySet().stream().map(HouseRules::arrowsOf).toList();
    }

    private static ArchRule arrowsOf(String room) {
        var hidden = SEES.keySet().stream()
                .filter(other -> !other.equals(room)
                        && !SEES.getOrDefault(room, Set.of()).contains(other))
                .map(other -> HOUSE + other + "..")
                .toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage(HOUSE + room + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(hidden)
                .as(room + " sees " + SEES.get(room) + " and nothing else of the house")
                .allowEmptyShould(true);
    }

    static ArchRule everyPackageIsOnTheMap() {
        return classes()
                .that()
                .resideInAPackage("dev.parvi..")
                .should()
                .resideInAnyPackage(
                        SEES.keySet().stream().map(room -> HOUSE + room + "..").toArray(String[]::new))
                .allowEmptyShould(true);
    }

    static ArchRule noCycles() {
        return slices().matching("dev.parvi.(**)").should().beFreeOfCycles().allowEmptyShould(true);
    }

    static ArchRule entityKnowsNothingOfPekko() {
        return noClasses()
                .that()
                .resideInAnyPackage(HOUSE + "entity..", HOUSE + "protobuf..", HOUSE + "transcoding..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.pekko..", "scala..")
                .because("an author sees no actor, and a test of an entity starts none")
                .allowEmptyShould(true);
    }

    static ArchRule httpKnowsNothingOfTheCluster() {
        return noClasses()
                .that()
                .resideInAPackage(HOUSE + "http..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.pekko.cluster..", "org.apache.pekko.persistence..")
                .because("the edge talks to the EntityClient port, wherever the entity lives")
                .allowEmptyShould(true);
    }

    static ArchRule onlySettingsReadConfiguration() {
        return noClasses()
                // ConfigLayers makes the configuration that the Settings read.
                .that(not(outermostNameEndsWith("Settings", "ConfigLayers")))
                .should()
                .accessTargetWhere(access(
                        "a value of Config is read",
                        "com.typesafe.config.Config",
                        name -> name.matches("get.*|hasPath.*|isNull|entrySet")))
                .because("a key that is read in one place can be documented, validated and renamed")
                .allowEmptyShould(true);
    }

    static ArchRule noPlainTransformOfAForeignStage() {
        return noClasses()
                .should()
                .accessTargetWhere(access(
                        "a CompletionStage is transformed without an executor",
                        "java.util.concurrent.CompletionStage",
                        PLAIN_TRANSFORMS::contains))
                .because("on two cores each such call on Pekko's stages starts a thread")
                .allowEmptyShould(true);
    }

    /** The same trap with a detour: Pekko's stages are CompletableFutures in disguise, with the same transforms. */
    static ArchRule noDetourToAPlainTransform() {
        return codeUnits()
                .should(new ArchCondition<>("not transform what toCompletableFuture unwrapped") {
                    @Override
                    public void check(JavaCodeUnit unit, ConditionEvents events) {
                        var unwraps =
                                calls(unit, "java.util.concurrent.CompletionStage", Set.of("toCompletableFuture"));
                        var transforms = calls(unit, "java.util.concurrent.CompletableFuture", PLAIN_TRANSFORMS);
                        if (unwraps && transforms)
                            events.add(SimpleConditionEvent.violated(unit, unit.getFullName() + " does both"));
                    }
                })
                .allowEmptyShould(true);
    }

    static ArchRule noJavaSerialization() {
        return noClasses()
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(ObjectInputStream.class, ObjectOutputStream.class)
                .orShould(new ArchCondition<>("say that they are Serializable") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        var says = type.getRawInterfaces().stream()
                                .anyMatch(each -> each.isEquivalentTo(Serializable.class)
                                        || each.isEquivalentTo(Externalizable.class));
                        events.add(
                                new SimpleConditionEvent(type, says, type.getName() + " says Serializable: " + says));
                    }
                })
                .because("stored bytes and messages between nodes are protobuf, which outlives class names")
                .allowEmptyShould(true);
    }

    static ArchRule onlyCommandsPrint() {
        return noClasses()
                .that(not(outermostNameEndsWith("Command", "Parvi", "EntityGenerator")))
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .accessTargetWhere(describe(
                        "a stack trace is printed",
                        access -> access.getName().equals("printStackTrace")
                                && access.getTargetOwner().isAssignableTo(Throwable.class)))
                .because("a node writes logs, a person's terminal belongs to the parvi command")
                .allowEmptyShould(true);
    }

    static ArchRule noPublicMutableFields() {
        return fields().that().arePublic().should().beFinal().allowEmptyShould(true);
    }

    static ArchRule noOptionalFields() {
        return noFields().should().haveRawType(Optional.class).allowEmptyShould(true);
    }

    private static boolean calls(JavaCodeUnit unit, String owner, Set<String> names) {
        return unit.getAccessesFromSelf().stream()
                .anyMatch(
                        access -> access.getTargetOwner().getName().equals(owner) && names.contains(access.getName()));
    }

    private static DescribedPredicate<JavaAccess<?>> access(String description, String owner, Predicate<String> name) {
        return describe(
                description, access -> access.getTargetOwner().getName().equals(owner) && name.test(access.getName()));
    }

    private static DescribedPredicate<JavaClass> outermostNameEndsWith(String... suffixes) {
        return describe("have a name that ends with " + String.join(" or ", suffixes), type -> {
            var outermost = type;
            while (outermost.getEnclosingClass().isPresent())
                outermost = outermost.getEnclosingClass().get();
            return List.of(suffixes).stream().anyMatch(outermost.getSimpleName()::endsWith);
        });
    }
}
