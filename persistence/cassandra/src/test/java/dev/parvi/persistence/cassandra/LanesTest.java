package dev.parvi.persistence.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class LanesTest {
    private final List<List<String>> started = new ArrayList<>();
    private final List<CompletableFuture<Void>> running = new ArrayList<>();
    private final List<Runnable> seats = new ArrayList<>();

    @Test
    void one_group_of_an_entity_runs_at_a_time_and_what_waits_goes_together() {
        var lanes = lanes(10, 100);
        lanes.add("a", "a1");
        lanes.add("a", "a2");
        lanes.add("a", "a3");
        assertThat(started).containsExactly(List.of("a1"));
        running.get(0).complete(null);
        assertThat(started).containsExactly(List.of("a1"), List.of("a2", "a3"));
    }

    @Test
    void what_may_not_join_waits_for_its_turn() {
        var lanes = lanes(10, 2);
        for (var n = 1; n <= 5; n++) lanes.add("a", "a" + n);
        running.get(0).complete(null);
        running.get(1).complete(null);
        assertThat(started).containsExactly(List.of("a1"), List.of("a2", "a3"), List.of("a4", "a5"));
    }

    @Test
    void entities_run_beside_each_other_up_to_the_limit() {
        var lanes = lanes(2, 100);
        for (var entity : List.of("a", "b", "c", "d")) lanes.add(entity, entity + "1");
        assertThat(started).containsExactly(List.of("a1"), List.of("b1"));
        running.get(1).completeExceptionally(new IllegalStateException("failed, and over all the same"));
        assertThat(started).containsExactly(List.of("a1"), List.of("b1"), List.of("c1"));
    }

    @Test
    void an_entity_with_much_to_do_does_not_keep_others_waiting() {
        var lanes = lanes(1, 1);
        lanes.add("a", "a1");
        lanes.add("a", "a2");
        lanes.add("b", "b1");
        running.get(0).complete(null);
        running.get(1).complete(null);
        assertThat(started).containsExactly(List.of("a1"), List.of("b1"), List.of("a2"));
    }

    @Test
    void a_group_that_only_waits_leaves_its_seat_to_others_and_keeps_its_entity() {
        var lanes = lanes(1, 1);
        lanes.add("a", "a1");
        lanes.add("a", "a2");
        lanes.add("b", "b1");
        lanes.add("c", "c1");
        seats.get(0).run();
        seats.get(0).run();
        assertThat(started).containsExactly(List.of("a1"), List.of("b1"));
        running.get(0).complete(null);
        assertThat(started).containsExactly(List.of("a1"), List.of("b1"));
        running.get(1).complete(null);
        assertThat(started).containsExactly(List.of("a1"), List.of("b1"), List.of("c1"));
    }

    @Test
    void a_hundred_thousand_that_end_at_once_do_not_overflow_the_stack() {
        var gate = new CompletableFuture<Void>();
        var count = new int[1];
        var lanes = new Lanes<String>(1, (group, next) -> false, (group, seat) -> {
            count[0]++;
            return group.get(0).equals("first") ? gate : CompletableFuture.completedFuture(null);
        });
        lanes.add("first", "first");
        for (var n = 0; n < 100_000; n++) lanes.add("e" + n % 1_000, "w");
        gate.complete(null);
        assertThat(count[0]).isEqualTo(100_001);
    }

    private Lanes<String> lanes(int runningMax, int groupMax) {
        return new Lanes<>(runningMax, (group, next) -> group.size() < groupMax, (group, seat) -> {
            seats.add(seat);
            started.add(List.copyOf(group));
            var end = new CompletableFuture<Void>();
            running.add(end);
            return end;
        });
    }
}
