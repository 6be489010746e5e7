package dev.parvi.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parvi.testkit.history.StallCanary.Stall;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StallCanaryTest {
    @Test
    void what_overlaps_a_stall_is_void() {
        var canary = new StallCanary(Duration.ofMillis(100));
        canary.slept(millis(0), millis(5));
        canary.slept(millis(5), millis(105));
        canary.slept(millis(200), millis(301));

        assertThat(canary.stalls()).containsExactly(new Stall(millis(200), millis(301)));
        assertThat(canary.stalls().get(0).length()).isEqualTo(Duration.ofMillis(101));
        assertThat(canary.voids(millis(0), millis(200))).isFalse();
        assertThat(canary.voids(millis(0), millis(201))).isTrue();
        assertThat(canary.voids(millis(250), millis(260))).isTrue();
        assertThat(canary.voids(millis(300), millis(900))).isTrue();
        assertThat(canary.voids(millis(301), millis(900))).isFalse();
    }

    @Test
    void stalls_are_remembered_in_bounded_memory() {
        var canary = new StallCanary(Duration.ofMillis(1));
        for (var n = 0; n < 20_000; n++) canary.slept(millis(2 * n), millis(2 * n + 2));

        assertThat(canary.stalls()).hasSize(10_000);
    }

    @Test
    void a_running_canary_sees_sleeps_that_take_longer_than_its_bound_and_ends_when_it_is_closed() {
        // No sleep of a few milliseconds is over in a microsecond.
        var canary = StallCanary.start(Duration.ofNanos(1_000));
        await().atMost(Duration.ofSeconds(60)).until(() -> !canary.stalls().isEmpty());
        canary.close();
        var seen = canary.stalls();

        assertThat(seen).allMatch(stall -> stall.toNanos() > stall.fromNanos());
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().equals("stall-canary"));
    }

    private static long millis(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }
}
