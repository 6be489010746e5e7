package dev.parvi.client;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class BackoffTest {
    @Test
    void a_pause_doubles_up_to_5_seconds_and_a_part_of_it_is_chance() {
        assertThat(Backoff.pause(0, 0)).isEqualTo(ofMillis(50));
        assertThat(Backoff.pause(0, 1)).isEqualTo(ofMillis(100));
        assertThat(Backoff.pause(3, 1)).isEqualTo(ofMillis(800));
        assertThat(Backoff.pause(5, 1)).isEqualTo(ofMillis(3200));
        assertThat(Backoff.pause(6, 1)).isEqualTo(ofSeconds(5));
        assertThat(Backoff.pause(1_000_000, 0)).isEqualTo(ofMillis(2500));
    }

    @Test
    void what_was_asked_for_is_never_cut() {
        assertThat(Backoff.atLeast(ofSeconds(1), 0)).isEqualTo(ofSeconds(1));
        assertThat(Backoff.atLeast(ofSeconds(1), 1)).isEqualTo(ofMillis(1250));
    }

    @Test
    void an_attempt_leaves_time_for_another() {
        assertThat(Backoff.attempt(ofSeconds(10))).isEqualTo(ofSeconds(5));
        assertThat(Backoff.attempt(ofMillis(1500))).isEqualTo(ofSeconds(1));
        assertThat(Backoff.attempt(ofMillis(400))).isEqualTo(ofMillis(400));
        assertThat(Backoff.attempt(Duration.ofHours(1))).isEqualTo(ofSeconds(60));
        assertThat(Backoff.atNode(ofSeconds(5))).isEqualTo(ofMillis(4800));
        assertThat(Backoff.atNode(ofMillis(400))).isEqualTo(ofMillis(360));
    }
}
