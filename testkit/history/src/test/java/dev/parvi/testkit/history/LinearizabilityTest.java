package dev.parvi.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parvi.testkit.history.Linearizability.Action;
import dev.parvi.testkit.history.Linearizability.Answer;
import dev.parvi.testkit.history.Linearizability.Observation;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LinearizabilityTest {
    private static final long PLENTY = 1_000_000;

    @Test
    void a_read_that_overlaps_a_write_may_see_either_value() {
        var write = Observation.write("a", 1, 10, 40);

        assertThat(search(write, Observation.read("b", 0, 20, 30)).holds()).isTrue();
        assertThat(search(write, Observation.read("b", 1, 20, 30)).holds()).isTrue();
    }

    @Test
    void a_stale_read_is_found_and_the_place_is_told() {
        var result = search(
                Observation.write("a", 1, 10, 20),
                Observation.write("a", 2, 30, 40),
                Observation.read("b", 1, 50, 60),
                Observation.read("c", 2, 55, 65));

        assertThat(result.answer()).isEqualTo(Answer.NOT_LINEARIZABLE);
        assertThat(result.explanation())
                .isEqualTo("after 3 of 4 operations the register holds 2, and no place is left for: b read 1"
                        + " (0.000000 s to 0.000000 s)");
    }

    @Test
    void two_reads_do_not_go_back_in_time() {
        assertThat(search(
                                Observation.write("a", 1, 10, 100),
                                Observation.read("b", 1, 20, 30),
                                Observation.read("c", 0, 40, 50))
                        .answer())
                .isEqualTo(Answer.NOT_LINEARIZABLE);
    }

    @Test
    void of_two_swaps_from_one_value_one_fails() {
        var first = Observation.compareAndSet("a", 0, 1, true, 10, 40);

        assertThat(search(first, Observation.compareAndSet("b", 0, 2, true, 10, 40))
                        .answer())
                .isEqualTo(Answer.NOT_LINEARIZABLE);
        assertThat(search(first, Observation.compareAndSet("b", 0, 2, false, 10, 40))
                        .holds())
                .isTrue();
        assertThat(search(Observation.compareAndSet("b", 0, 2, false, 10, 40)).answer())
                .as("it should have found what it expected")
                .isEqualTo(Answer.NOT_LINEARIZABLE);
    }

    @Test
    void what_nobody_knows_took_effect_late_or_never() {
        var write = Observation.unknownWrite("a", 1, 10);

        assertThat(search(write, Observation.read("b", 0, 1_000, 2_000)).holds())
                .isTrue();
        assertThat(search(write, Observation.read("b", 0, 20, 30), Observation.read("b", 1, 1_000, 2_000))
                        .holds())
                .isTrue();
        assertThat(search(
                                write,
                                Observation.read("b", 1, 20, 30),
                                Observation.write("b", 0, 40, 50),
                                Observation.read("b", 1, 60, 70))
                        .answer())
                .as("it took effect twice")
                .isEqualTo(Answer.NOT_LINEARIZABLE);
        assertThat(search(Observation.unknownCompareAndSet("a", 5, 1, 10), Observation.read("b", 1, 20, 30))
                        .answer())
                .isEqualTo(Answer.NOT_LINEARIZABLE);
    }

    @Test
    void a_budget_that_ends_is_no_success() {
        var result = Linearizability.search(
                List.of(Observation.write("a", 1, 10, 20), Observation.read("b", 1, 30, 40)), 0, 1);

        assertThat(result.answer()).isEqualTo(Answer.UNDECIDED);
        assertThat(result.holds()).isFalse();
        assertThat(result.explanation()).startsWith("no order was found in 1 steps");
    }

    @Test
    void hundreds_of_operations_are_searched_in_a_bounded_number_of_steps() {
        var correct = correct(new Random(7), 300, 8);
        var result = Linearizability.search(correct, 0, PLENTY);
        assertThat(result.holds()).isTrue();
        assertThat(result.steps()).isLessThan(PLENTY / 10);

        correct.add(Observation.read("z", 99, 29_000, 29_001));
        assertThat(Linearizability.search(correct, 0, PLENTY).answer()).isEqualTo(Answer.NOT_LINEARIZABLE);
    }

    @Property(tries = 500)
    void what_a_register_did_is_linearizable(@ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int operations) {
        assertThat(Linearizability.search(correct(new Random(seed), operations, 4), 0, PLENTY)
                        .holds())
                .isTrue();
    }

    @Property(tries = 3_000)
    void the_search_agrees_with_trying_all_orders(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 7) int operations) {
        var observed = arbitrary(new Random(seed), operations);

        assertThat(Linearizability.search(observed, 0, PLENTY).answer())
                .as("%s", observed)
                .isEqualTo(anyOrder(observed, 0) ? Answer.LINEARIZABLE : Answer.NOT_LINEARIZABLE);
    }

    private static Linearizability.Result search(Observation... operations) {
        return Linearizability.search(List.of(operations), 0, PLENTY);
    }

    /** Takes one that nothing left was over before, as long as there is one whose end is known. */
    private static boolean anyOrder(List<Observation> left, long held) {
        if (left.stream().allMatch(Observation::isUnknown)) return true;
        for (var next : left) {
            var rest = new ArrayList<>(left);
            rest.remove(next);
            if (rest.stream().noneMatch(other -> other.endedNanos() < next.begunNanos())
                    && next.fits(held)
                    && anyOrder(rest, next.after(held))) return true;
        }
        return false;
    }

    /** What clients saw of one register, each operation taking effect between its beginning and its end. */
    private static List<Observation> correct(Random random, int operations, int overlap) {
        var held = 0L;
        var observed = new ArrayList<Observation>();
        for (var n = 1; n <= operations; n++) {
            var effect = n * 100L;
            var begun = effect - random.nextInt(50 * overlap);
            var ended = random.nextInt(20) == 0 ? Long.MAX_VALUE : effect + random.nextInt(50 * overlap);
            var value = random.nextInt(4);
            var expected = random.nextInt(4);
            var operation = Observation.read("c" + n, held, begun, ended == Long.MAX_VALUE ? effect : ended);
            if (random.nextBoolean()) operation = Observation.write("c" + n, value, begun, ended);
            else if (random.nextBoolean())
                operation = Observation.compareAndSet("c" + n, expected, value, held == expected, begun, ended);
            // Nobody knows that it compared and found something else.
            if (!operation.isUnknown() || operation.action() != Action.KEEP) observed.add(operation);
            held = operation.after(held);
        }
        return observed;
    }

    /** Anything, of few values and few times, so that about half of it is possible. */
    private static List<Observation> arbitrary(Random random, int operations) {
        var observed = new ArrayList<Observation>();
        for (var n = 0; n < operations; n++) {
            var client = "c" + n;
            var begun = random.nextInt(40);
            var ended = begun + random.nextInt(20);
            var value = random.nextInt(3);
            observed.add(
                    switch (random.nextInt(8)) {
                        case 0, 1 -> Observation.read(client, value, begun, ended);
                        case 2, 3 -> Observation.write(client, value, begun, ended);
                        case 4 -> Observation.unknownWrite(client, value, begun);
                        case 5 -> Observation.unknownCompareAndSet(client, random.nextInt(3), value, begun);
                        default ->
                            Observation.compareAndSet(
                                    client, random.nextInt(3), value, random.nextBoolean(), begun, ended);
                    });
        }
        return observed;
    }
}
