package dev.parvi.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Empty;
import dev.parvi.entity.CommandPipeline.Decision;
import dev.parvi.entity.CommandPipeline.Limits;
import dev.parvi.protobuf.EventRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The end of one entity, and what is answered after it. */
class DeletionTest {
    private static final Instant NOW = Instant.ofEpochMilli(1_700_000_000_000L);
    private static final Limits LIMITS = new Limits(4, Duration.ofHours(24));

    private final CommandPipeline<LedgerState, LedgerEvent> pipeline = newPipeline();
    private final List<EventRecord> stored = new ArrayList<>();

    @BeforeEach
    void it_has_a_past() {
        send("Add", 5, "k1");
        send("Add", 7, "k2");
    }

    @Test
    void a_deletion_stores_one_event_with_its_outcome_and_nothing_of_what_was() {
        assertThat(delete("end")).isEqualTo(new CommandOutcome.Completed(3, Empty.getDefaultInstance(), false));

        var tombstone = stored.get(2);
        assertThat(CommandPipeline.isTombstone(tombstone)).isTrue();
        assertThat(tombstone.getPayload().isEmpty()).isTrue();
        assertThat(tombstone.getOutcome().getIdempotencyKey()).isEqualTo("end");
        assertThat(tombstone.getOutcome().getRevision()).isEqualTo(3);
        assertThat(pipeline.state()).isEqualTo(LedgerState.getDefaultInstance());
        assertThat(pipeline.isDeleted()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Add", "Take", "Fail", "Read"})
    void whatever_comes_after_it_is_refused_and_stores_nothing(String method) {
        delete("end");

        assertThat(rejection(send(method, 1, "k9"))).isEqualTo(Rejection.Code.DELETED);
        assertThat(stored).hasSize(3);
    }

    @Test
    void a_retry_of_what_is_still_remembered_is_not_told_the_old_outcome_either() {
        delete("end");

        assertThat(rejection(send("Add", 5, "k1"))).isEqualTo(Rejection.Code.DELETED);
        assertThat(rejection(send("Add", 5, "k2"))).isEqualTo(Rejection.Code.DELETED);
    }

    @Test
    void a_late_retry_of_what_was_done_before_is_not_told_the_old_outcome_and_not_looked_for() {
        for (var n = 0; n < 9; n++) send("Add", 1, "more" + n);
        delete("end");

        assertThat(rejection(send("Add", 5, "k1"))).isEqualTo(Rejection.Code.DELETED);
        assertThat(pipeline.mayHaveForgotten(LedgerCommands.command("a", "Add", 5, "k1")))
                .isFalse();
    }

    @Test
    void the_same_deletion_again_is_told_the_same_and_another_is_refused() {
        delete("end");

        assertThat(delete("end")).isEqualTo(new CommandOutcome.Completed(3, Empty.getDefaultInstance(), true));
        assertThat(rejection(delete("another"))).isEqualTo(Rejection.Code.DELETED);
        assertThat(rejection(delete(""))).isEqualTo(Rejection.Code.DELETED);
        assertThat(rejection(send("Add", 1, "end"))).isEqualTo(Rejection.Code.KEY_REUSED);
        assertThat(stored).hasSize(3);
    }

    @Test
    void what_never_was_is_not_found_and_stays_free() {
        var fresh = newPipeline();
        var outcome = fresh.decide(LedgerCommands.deletion("b", "end", -1, NOW), NOW)
                .fold(Decision.Answer::outcome, Decision.Append::outcome);

        assertThat(rejection(outcome)).isEqualTo(Rejection.Code.NOT_FOUND);
        assertThat(fresh.isDeleted()).isFalse();
        assertThat(fresh.revision()).isZero();
    }

    @Test
    void a_deletion_minds_revision_key_and_deadline_like_any_command() {
        assertThat(rejection(decide(LedgerCommands.deletion("a", "end", 1, NOW))))
                .isEqualTo(Rejection.Code.REVISION_MISMATCH);
        assertThat(rejection(delete("k1"))).isEqualTo(Rejection.Code.KEY_REUSED);
        assertThat(decide(LedgerCommands.deletion("a", "end", -1, NOW.minusMillis(1))))
                .isInstanceOf(NotServing.class);
        assertThat(stored).hasSize(2);
        assertThat(decide(LedgerCommands.deletion("a", "end", 2, NOW))).isInstanceOf(CommandOutcome.Completed.class);
        assertThat(rejection(decide(LedgerCommands.deletion("a", "late", 2, NOW))))
                .isEqualTo(Rejection.Code.DELETED);
    }

    @Test
    void nothing_is_read_behind_a_tombstone() {
        delete("end");
        var rebuilt = newPipeline();
        rebuilt.replay(stored.get(2), 3);

        assertThatThrownBy(() -> rebuilt.replay(stored.get(0), 4))
                .isInstanceOf(CommandPipeline.Unreplayable.class)
                .hasMessage("event 4 follows the tombstone 3");
        assertThatThrownBy(rebuilt::snapshot).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_tombstone_ends_an_entity_that_could_not_be_read() {
        delete("end");
        var rebuilt = newPipeline();
        var unknown = EventRecord.newBuilder().setType("a.later.Event").build();
        assertThatThrownBy(() -> rebuilt.replay(unknown, 1)).isInstanceOf(CommandPipeline.Unreplayable.class);

        rebuilt.replay(stored.get(2), 3);
        assertThat(rebuilt.isDeleted()).isTrue();
    }

    private static CommandPipeline<LedgerState, LedgerEvent> newPipeline() {
        return CommandPipeline.of(new Ledger(), "a", LIMITS);
    }

    private CommandOutcome send(String method, long amount, String key) {
        return decide(LedgerCommands.command("a", method, amount, key, EntityCommand.ANY_REVISION, NOW));
    }

    private CommandOutcome delete(String key) {
        return decide(LedgerCommands.deletion("a", key, EntityCommand.ANY_REVISION, NOW));
    }

    private CommandOutcome decide(EntityCommand command) {
        return pipeline.decide(command, NOW).fold(Decision.Answer::outcome, append -> {
            stored.addAll(append.events());
            return append.outcome();
        });
    }

    private static Rejection.Code rejection(CommandOutcome outcome) {
        return ((Rejection) outcome).code();
    }
}
