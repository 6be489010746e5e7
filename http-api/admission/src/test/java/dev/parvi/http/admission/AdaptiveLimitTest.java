package dev.parvi.http.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A node on paper: time is a number, and a queue decides how long an answer takes. */
class AdaptiveLimitTest {
    private static final AdmissionSettings SETTINGS =
            new AdmissionSettings(1024, 16, 0, Duration.ofMillis(500), Duration.ofMillis(500), 1 << 20, 0, 0, 16);
    private static final long MILLI = 1_000_000;

    private final AdaptiveLimit limit = new AdaptiveLimit(SETTINGS, 0);
    private long now;

    /** As many at work as the limit lets in, or as there are; each waits for all before it. */
    private void load(int seconds, int wanted, int perSecond) {
        for (var millis = 0; millis < seconds * 1_000; millis += 10) {
            now += 10 * MILLI;
            var atWork = Math.min(wanted, limit.get());
            var took = 1_000L * MILLI * atWork / perSecond;
            for (var n = 0; n < Math.max(1, perSecond / 100); n++) limit.sample(now, took, atWork);
        }
    }

    @Test
    void a_fast_node_takes_on_all_that_it_may() {
        load(10, 1024, 20_000);

        assertThat(limit.get()).isEqualTo(1024);
    }

    @Test
    void a_slow_store_makes_it_take_on_what_can_be_answered_in_time() {
        load(20, 10_000, 400);

        // 400 a second in half a second.
        assertThat(limit.get()).isBetween(150, 230);
    }

    @Test
    void it_finds_up_again_when_the_store_is_fast_again() {
        load(20, 10_000, 400);
        load(10, 10_000, 20_000);

        assertThat(limit.get()).isEqualTo(1024);
    }

    @Test
    void it_never_goes_below_its_least() {
        load(30, 10_000, 1);

        assertThat(limit.get()).isEqualTo(16);
    }

    @Test
    void late_answers_of_a_few_requests_change_nothing() {
        load(30, 16, 1);

        assertThat(limit.get()).isEqualTo(1024);
    }

    @Test
    void one_pause_costs_one_step() {
        now = 200 * MILLI;
        for (var n = 0; n < 1_000; n++) limit.sample(now, 900 * MILLI, 1_000);

        assertThat(limit.get()).isEqualTo(900);
    }
}
