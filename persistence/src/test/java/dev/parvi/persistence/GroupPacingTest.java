package dev.parvi.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class GroupPacingTest {
    private final WriteQueue.GroupPacing pacing = new WriteQueue.GroupPacing(512);

    @Test
    void a_single_caller_is_never_made_to_wait() {
        for (var n = 0; n < 1_000; n++) {
            assertThat(pacing.target()).isEqualTo(1);
            pacing.committed(1, false, 0);
        }
    }

    @Test
    void sixty_four_callers_come_to_share_syncs_within_a_few_commits() {
        for (var n = 0; n < 30; n++) {
            var gathered = pacing.target();
            pacing.committed(gathered, false, (64 - gathered) / 2);
        }
        assertThat(pacing.target()).isBetween(40, 64);
    }

    @Test
    void when_callers_leave_the_waiting_ends() {
        sixty_four_callers_come_to_share_syncs_within_a_few_commits();
        var commits = 0;
        while (pacing.target() > 1) {
            pacing.committed(1, true, 0);
            commits++;
        }
        assertThat(commits).isLessThan(20);
    }

    @Test
    void a_stall_that_still_gathered_most_costs_little() {
        sixty_four_callers_come_to_share_syncs_within_a_few_commits();
        var before = pacing.target();
        pacing.committed(before - 4, true, 10);
        assertThat(pacing.target()).isEqualTo(before - 4);
    }

    @Test
    void the_target_never_exceeds_the_largest_group() {
        for (var n = 0; n < 1_000; n++) pacing.committed(pacing.target(), false, 100_000);
        assertThat(pacing.target()).isEqualTo(512);
    }
}
