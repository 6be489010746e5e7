package dev.parvi.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parvi.scenarios.History.Acknowledgement;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The judge is judged: each planted fault is found, and nothing else. */
class HistoryTest {
    private final History history = new History();

    @Test
    void an_honest_history_has_no_violation() {
        told("a", "k1", 1, 1);
        told("a", "k2", 2, 2);
        told("a", "k2", 2, 2);
        told("b", "k3", 1, 1);

        assertThat(history.violations(Map.of("a", 2L, "b", 1L))).isEmpty();
    }

    @Test
    void a_lost_command_is_found() {
        told("a", "k1", 1, 1);
        told("a", "k2", 2, 2);

        assertThat(history.violations(Map.of("a", 1L))).containsExactly("lost: a is at 1 after 2 commands");
        assertThat(history.violations(Map.of())).containsExactly("lost: a is at 0 after 2 commands");
    }

    @Test
    void a_revision_acknowledged_to_two_commands_is_found() {
        told("a", "k1", 1, 1);
        told("a", "k2", 1, 1);

        assertThat(history.violations(Map.of("a", 2L))).containsExactly("twice: a revision 1 to k1 and k2");
    }

    @Test
    void a_command_applied_twice_is_found() {
        told("a", "k1", 1, 1);
        told("a", "k1", 2, 2);

        assertThat(history.violations(Map.of("a", 2L)))
                .containsExactly("applied twice: k1 at 1 and at 2", "applied twice: a is at 2 after 1 commands");
    }

    @Test
    void a_state_that_does_not_fit_its_revision_is_found() {
        told("a", "k1", 1, 7);

        assertThat(history.violations(Map.of("a", 1L))).containsExactly("wrong state: a revision 1 with balance 7");
    }

    @Test
    void what_is_gone_is_counted() {
        told("a", "k1", 1, 1);
        told("a", "k2", 2, 2);
        told("a", "k2", 2, 2);
        told("b", "k3", 1, 1);

        assertThat(history.gone(Map.of("a", 2L, "b", 1L))).isZero();
        assertThat(history.gone(Map.of("a", 1L, "b", 3L))).isEqualTo(1);
        assertThat(history.gone(Map.of("a", 2L))).isEqualTo(1);
    }

    @Test
    void what_nobody_knows_is_a_violation() {
        history.undecided("a", "k1");

        assertThat(history.violations(Map.of())).containsExactly("undecided: a k1");
    }

    @Test
    void the_gap_begins_with_the_fault() {
        history.acknowledged(new Acknowledgement("a", "k1", 1, 1, seconds(1)));
        history.acknowledged(new Acknowledgement("a", "k2", 2, 2, seconds(9)));
        history.acknowledged(new Acknowledgement("b", "k3", 1, 1, seconds(10)));

        assertThat(history.longestGap(seconds(5))).isEqualTo(Duration.ofSeconds(5));
    }

    private void told(String entity, String key, long revision, long balance) {
        history.acknowledged(new Acknowledgement(entity, key, revision, balance, 0));
    }

    private static long seconds(long seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }
}
