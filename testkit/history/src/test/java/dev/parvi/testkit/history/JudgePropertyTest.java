package dev.parvi.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Whatever correct clusters do holds; and of whatever they could get wrong, each single thing is seen by the one who looks for it. */
class JudgePropertyTest {
    @Property(tries = 500)
    void a_correct_history_holds(@ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int steps) {
        var verdict = Script.random(new Random(seed), steps).verdict();

        assertThat(verdict.sentences()).isEmpty();
        assertThat(verdict.holds()).isTrue();
    }

    @Property(tries = 2_000, maxDiscardRatio = 20)
    void one_mistake_is_seen(
            @ForAll long seed, @ForAll @IntRange(min = 5, max = 60) int steps, @ForAll Mutation mutation) {
        var random = new Random(seed);
        var script = Script.random(random, steps);
        Assume.that(mutation.changes(script, random));

        assertThat(script.verdict().violationsOf(mutation.checker()))
                .as("%s", mutation)
                .isPositive();
    }
}
