package dev.parvi.persistence.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parvi.persistence.cassandra.Requests.Breaker;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class BreakerTest {
    private static final long PAUSE = Duration.ofMillis(100).toNanos();
    private final Breaker breaker = new Breaker(3, Duration.ofMillis(100));

    @Test
    void a_few_silences_change_nothing() {
        breaker.onSilence(0);
        breaker.onSilence(0);
        assertThat(breaker.permits(0)).isTrue();
    }

    @Test
    void an_answer_starts_the_count_again() {
        for (var round = 0; round < 10; round++) {
            breaker.onSilence(0);
            breaker.onSilence(0);
            breaker.onAnswer();
        }
        assertThat(breaker.permits(0)).isTrue();
    }

    @Test
    void after_enough_silences_one_request_a_pause_is_let_through() {
        for (var n = 0; n < 3; n++) breaker.onSilence(0);
        assertThat(breaker.permits(PAUSE - 1)).isFalse();
        assertThat(breaker.permits(PAUSE)).isTrue();
        assertThat(breaker.permits(PAUSE)).isFalse();
        assertThat(breaker.permits(2 * PAUSE)).isTrue();
    }

    @Test
    void the_first_answer_lets_all_through_again() {
        for (var n = 0; n < 5; n++) breaker.onSilence(0);
        breaker.onAnswer();
        assertThat(breaker.permits(1)).isTrue();
        assertThat(breaker.permits(1)).isTrue();
    }

    @Test
    void a_clock_that_begins_below_zero_or_overflows_does_no_harm() {
        for (var n = 0; n < 3; n++) breaker.onSilence(Long.MAX_VALUE - 1);
        assertThat(breaker.permits(Long.MAX_VALUE)).isFalse();
        assertThat(breaker.permits(Long.MAX_VALUE - 1 + PAUSE)).isTrue();
    }
}
