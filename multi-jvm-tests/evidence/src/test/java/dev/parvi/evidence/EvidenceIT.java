package dev.parvi.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long clients wait depends on the machine, so it is printed only; that they see no error does not. */
class EvidenceIT {
    private static final Duration LOOK_ON = Duration.ofSeconds(12);

    @TempDir
    Path folder;

    @Test
    void clients_of_the_other_nodes_see_no_error_when_one_is_killed_or_all_are_replaced() {
        try (var swarm = Swarm.start(folder, List.of("--set", "parvi.node.drain.notice=5s"))) {
            requireNoError("kill -9 of the oldest node", swarm.suffer(Failure.KILL_OLDEST, LOOK_ON));
            requireNoError("rolling restart", swarm.roll());
        }
    }

    private static void requireNoError(String title, Waits waits) {
        System.out.println(title + ": " + waits);
        assertThat(waits.requests()).isGreaterThan(100);
        assertThat(waits.failed()).as(waits.example()).isZero();
    }
}
