package dev.parvi.testkit.history;

import java.util.function.Consumer;

/** Judges one promise, one entity at a time. Keeps nothing between two of them. */
public interface Checker {
    /** One or two words by which violations are counted, such as {@code lost}. */
    String name();

    /** Says in a sentence each how this entity breaks the promise: with the entity, revisions, keys and times. */
    void check(Evidence evidence, Consumer<String> onViolation);
}
