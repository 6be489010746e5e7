package dev.parvi.testkit.cluster;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives each test that has a parameter of type {@link TestCluster} a cluster of its own: real nodes, each in a JVM of its own with
 * the class path of the test, on free ports and one store. They are ready when the test begins, and gone when it ends. If it fails, what they
 * logged is added to the failure as one time line, and the folder with their data and logs stays.
 *
 * <p>On a class it holds for all its tests; on a test, for that one.
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(ClusterExtension.class)
public @interface ClusterTest {
    /** How many nodes there are, 1 to {@value TestCluster#NODES_MAX}. They are named {@code A}, {@code B}, {@code C} and so on. */
    int nodes() default 3;

    /** What they store in. */
    TestStore store() default TestStore.SQLITE;

    /** More settings of each node, such as {@code parvi.entity.passivate-after=5s}. */
    String[] settings() default {};
}
