package dev.parvi.sharding;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Empty;
import dev.parvi.entity.CommandOutcome;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.ActorRef;
import org.junit.jupiter.api.Test;

class RemovalTest {
    private static final CommandOutcome DONE = new CommandOutcome.Completed(2, Empty.getDefaultInstance(), false);

    private final Removal removal = new Removal();
    private final List<Removal.Waiting> told = new ArrayList<>();

    @Test
    void events_go_first_and_then_snapshots_and_then_it_is_told() {
        assertThat(removal.await(ActorRef.noSender(), ".Delete", DONE)).isTrue();
        assertThat(removal.begins()).isTrue();
        assertThat(removal.begins()).as("twice").isFalse();
        assertThat(removal.reachesSnapshots()).isFalse();
        removal.onEventsRemoved();
        assertThat(removal.reachesSnapshots()).isTrue();
        assertThat(removal.reachesSnapshots()).as("twice").isFalse();
        assertThat(removal.isDone()).isFalse();

        removal.onDone(told::add);
        assertThat(removal.isDone()).isTrue();
        assertThat(told).extracting(Removal.Waiting::outcome).containsExactly(DONE);
        assertThat(removal.begins()).isFalse();
    }

    @Test
    void snapshots_are_removed_when_none_is_on_its_way_any_more() {
        removal.onSnapshotBegun();
        removal.onSnapshotBegun();
        removal.begins();
        removal.onEventsRemoved();
        assertThat(removal.reachesSnapshots()).isFalse();
        removal.onSnapshotEnded();
        assertThat(removal.reachesSnapshots()).isFalse();
        removal.onSnapshotEnded();
        assertThat(removal.reachesSnapshots()).isTrue();
    }

    @Test
    void what_failed_can_begin_again_and_nobody_waits_for_ever() {
        removal.await(ActorRef.noSender(), ".Delete", DONE);
        removal.begins();
        removal.onFailed(told::add);

        assertThat(told).hasSize(1);
        assertThat(removal.isDone()).isFalse();
        assertThat(removal.begins()).isTrue();
        removal.abandon(told::add);
        assertThat(told).hasSize(1);
    }

    @Test
    void who_waits_is_bounded() {
        for (var n = 0; n < 1_000; n++)
            assertThat(removal.await(ActorRef.noSender(), ".Delete", DONE)).isTrue();
        assertThat(removal.await(ActorRef.noSender(), ".Delete", DONE)).isFalse();
    }
}
