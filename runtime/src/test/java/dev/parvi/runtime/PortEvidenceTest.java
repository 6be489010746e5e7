package dev.parvi.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parvi.runtime.Handshakes.Answer;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PortEvidenceTest {
    private final PortEvidence<String> evidence = new PortEvidence<>();

    @Test
    void a_port_that_refuses_twice_has_no_process() {
        var refuses = Map.of("B", Answer.REFUSED, "C", Answer.ACCEPTED);

        assertThat(evidence.judge(refuses, Set.of(), 3)).isEmpty();
        assertThat(evidence.judge(refuses, Set.of(), 3)).containsExactly("B");
    }

    @Test
    void a_port_that_accepts_again_begins_anew() {
        var refuses = Map.of("B", Answer.REFUSED, "C", Answer.ACCEPTED);
        evidence.judge(refuses, Set.of(), 3);
        evidence.judge(Map.of("B", Answer.ACCEPTED, "C", Answer.ACCEPTED), Set.of(), 3);

        assertThat(evidence.judge(refuses, Set.of(), 3)).isEmpty();
    }

    @Test
    void a_silent_machine_is_lost_once_the_failure_detector_misses_the_node_too() {
        var silent = Map.of("B", Answer.NONE, "C", Answer.ACCEPTED);
        for (var look = 0; look < 2 * PortEvidence.SILENCES; look++)
            assertThat(evidence.judge(silent, Set.of(), 3)).isEmpty();

        assertThat(evidence.judge(silent, Set.of("B"), 3)).containsExactly("B");
    }

    @Test
    void a_missed_node_whose_machine_accepts_may_come_back() {
        var frozen = Map.of("B", Answer.ACCEPTED, "C", Answer.ACCEPTED);
        for (var look = 0; look < 100; look++)
            assertThat(evidence.judge(frozen, Set.of("B"), 3)).isEmpty();
    }

    @Test
    void who_is_left_with_half_or_less_removes_nobody() {
        for (var look = 0; look < 100; look++) {
            assertThat(evidence.judge(Map.of("B", Answer.NONE, "C", Answer.NONE), Set.of("B", "C"), 3))
                    .isEmpty();
            assertThat(evidence.judge(Map.of("B", Answer.REFUSED), Set.of("B"), 2))
                    .isEmpty();
        }
    }

    @Test
    void missed_nodes_that_are_not_watched_count_as_absent() {
        var watched = Map.of("B", Answer.REFUSED, "C", Answer.ACCEPTED);
        evidence.judge(watched, Set.of("D", "E"), 5);

        assertThat(evidence.judge(watched, Set.of("D", "E"), 5)).isEmpty();
        assertThat(evidence.judge(watched, Set.of("E"), 5)).containsExactly("B");
    }

    @Test
    void an_observer_that_stood_still_looks_anew() {
        var refuses = Map.of("B", Answer.REFUSED, "C", Answer.ACCEPTED);
        evidence.judge(refuses, Set.of(), 3);
        evidence.forget();

        assertThat(evidence.judge(refuses, Set.of(), 3)).isEmpty();
    }
}
