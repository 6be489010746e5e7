package dev.parvi.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WaitsTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    @Test
    void requests_that_were_answered_before_the_failure_do_not_count() {
        var waits = Waits.since(5 * SECOND, List.of(answer(1, 0, 4, 503), answer(1, 4, 5, 200), answer(1, 5, 7, 200)));

        assertThat(waits.requests()).isEqualTo(2);
        assertThat(waits.failed()).isZero();
        assertThat(waits.worst()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void a_gap_begins_before_the_failure_and_is_that_of_one_entity() {
        var waits = Waits.since(
                5 * SECOND,
                List.of(answer(1, 3, 4, 200), answer(2, 5, 6, 200), answer(1, 5, 6, 503), answer(1, 6, 9, 200)));

        assertThat(waits.gap()).isEqualTo(Duration.ofSeconds(5));
        assertThat(waits.failed()).isOne();
        assertThat(waits.example()).startsWith("503");
    }

    private static Answer answer(int key, long sent, long done, int status) {
        return new Answer(key, sent * SECOND, done * SECOND, status, "");
    }
}
