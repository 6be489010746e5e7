package dev.parvi.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parvi.entity.CommandPipeline.Decision;
import dev.parvi.entity.CommandPipeline.Limits;
import dev.parvi.protobuf.EventRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandPipelineTest {
    private static final Instant NOW = Instant.ofEpochMilli(1_700_000_000_000L);
    private static final Limits LIMITS = new Limits(8, Duration.ofHours(24));

    private final CommandPipeline<LedgerState, LedgerEvent> pipeline = CommandPipeline.of(new Ledger(), "a", LIMITS);
    private final List<EventRecord> stored = new ArrayList<>();

    @ParameterizedTest
    @CsvSource({
        // total before, method, amount -> kind of outcome, total after, events stored
        "10, Add,   5,  completed,           15, 1",
        "10, Split, 5,  completed,           15, 2",
        "10, Take,  5,  completed,            5, 1",
        "10, Take,  11, FAILED_PRECONDITION, 10, 0",
        "10, Fail,  1,  ENTITY_FAILED,       10, 0",
        "10, Curse, 12, completed,           10, 1",
        "10, Curse, 13, ENTITY_FAILED,       10, 0",
        "10, Read,  0,  completed,           10, 0",
    })
    void a_command_either_stores_its_events_or_changes_nothing(
            long before, String method, long amount, String outcome, long after, int events) {
        send("Add", before, "");
        var revision = pipeline.revision();
        stored.clear();

        assertThat(kind(send(method, amount, ""))).isEqualTo(outcome);
        assertThat(pipeline.state().getTotal()).isEqualTo(after);
        assertThat(pipeline.revision()).isEqualTo(revision + events);
        assertThat(stored).hasSize(events);
    }

    @Test
    void a_known_key_gets_the_stored_outcome_and_applies_nothing() {
        send("Add", 5, "k1");
        send("Add", 7, "k2");

        var again = (CommandOutcome.Completed) send("Add", 5, "k1");

        assertThat(again).isEqualTo(new CommandOutcome.Completed(1, total(5), true));
        assertThat(pipeline.state().getTotal()).isEqualTo(12);
        assertThat(stored).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"Add, 6", "Take, 5"})
    void a_known_key_with_another_body_or_method_is_refused(String method, long amount) {
        send("Add", 5, "k1");

        assertThat(kind(send(method, amount, "k1"))).isEqualTo("KEY_REUSED");
        assertThat(pipeline.revision()).isEqualTo(1);
    }

    @Test
    void a_key_whose_command_stored_nothing_is_decided_afresh() {
        assertThat(kind(send("Take", 5, "k1"))).isEqualTo("FAILED_PRECONDITION");
        send("Add", 5, "k2");

        assertThat(kind(send("Take", 5, "k1"))).isEqualTo("completed");
    }

    @Test
    void the_outcome_rides_on_the_last_event_of_its_command() {
        send("Split", 5, "k1");

        assertThat(stored).extracting(EventRecord::hasOutcome).containsExactly(false, true);
        assertThat(stored.get(1).getOutcome().getRevision()).isEqualTo(2);
    }

    @Test
    void an_expected_revision_must_match_but_a_known_key_answers_first() {
        send("Add", 5, "k1");

        assertThat(kind(sendAt(0, "k2"))).isEqualTo("REVISION_MISMATCH");
        assertThat(kind(sendAt(1, "k3"))).isEqualTo("completed");
        assertThat(((CommandOutcome.Completed) sendAt(1, "k3")).replayed()).isTrue();
    }

    @Test
    void a_command_after_its_deadline_is_not_run() {
        var late = LedgerCommands.command("a", "Add", 1, "k", EntityCommand.ANY_REVISION, NOW.minusMillis(1));

        assertThat(decide(late)).isInstanceOf(NotServing.class);
        assertThat(pipeline.revision()).isZero();
    }

    @Test
    void the_window_forgets_the_oldest_beyond_its_count() {
        for (var n = 0; n < 9; n++) send("Add", 1, "k" + n);

        assertThat(((CommandOutcome.Completed) send("Add", 1, "k1")).replayed()).isTrue();
        assertThat(((CommandOutcome.Completed) send("Add", 1, "k0")).replayed()).isFalse();
    }

    @Test
    void a_clock_that_jumps_a_year_forgets_at_most_the_older_half() {
        for (var n = 0; n < 8; n++) send("Add", 1, "k" + n);
        var nextYear = NOW.plus(Duration.ofDays(365));
        pipeline.decide(LedgerCommands.command("a", "Add", 1, "new", -1, nextYear), nextYear);

        assertThat(((CommandOutcome.Completed) send("Add", 1, "k7")).replayed()).isTrue();
        assertThat(((CommandOutcome.Completed) send("Add", 1, "k0")).replayed()).isFalse();
    }

    @Test
    void replay_rebuilds_state_revision_and_outcomes() {
        send("Add", 5, "k1");
        send("Split", 4, "k2");
        send("Take", 3, "");

        var rebuilt = replayed(stored);

        assertThat(rebuilt.snapshot()).isEqualTo(pipeline.snapshot());
        assertThat(((CommandOutcome.Completed) outcome(rebuilt, "Split", 4, "k2")).replayed())
                .isTrue();
    }

    @Test
    void a_snapshot_and_the_events_after_it_give_the_same_as_all_events() {
        send("Add", 5, "k1");
        var snapshot = pipeline.snapshot();
        send("Add", 6, "k2");

        var rebuilt = CommandPipeline.of(new Ledger(), "a", LIMITS);
        rebuilt.restore(snapshot);
        rebuilt.replay(stored.get(1), 2);

        assertThat(rebuilt.snapshot()).isEqualTo(pipeline.snapshot());
    }

    @Test
    void a_gap_in_the_events_is_refused_by_number() {
        send("Add", 5, "");
        var rebuilt = CommandPipeline.of(new Ledger(), "a", LIMITS);

        assertThatThrownBy(() -> rebuilt.replay(stored.get(0), 2)).hasMessage("event 2 follows event 0");
    }

    @Test
    void an_event_of_another_type_is_refused_by_name() {
        var foreign = EventRecord.newBuilder().setType("bank.v1.AccountEvent").build();

        assertThatThrownBy(() -> pipeline.replay(foreign, 1))
                .isInstanceOf(CommandPipeline.Unreplayable.class)
                .hasMessage(
                        "at revision 1 a bank.v1.AccountEvent is stored, this release reads parvi.test.v1.LedgerEvent");
    }

    @Test
    void an_event_that_the_code_cannot_apply_is_named_by_its_revision() {
        var cursed = EventRecord.newBuilder()
                .setType("parvi.test.v1.LedgerEvent")
                .setPayload(Ledger.cursed(13).toByteString())
                .build();

        assertThatThrownBy(() -> pipeline.replay(cursed, 1)).hasMessageStartingWith("event 1 could not be applied");
    }

    private CommandOutcome send(String method, long amount, String key) {
        return decide(LedgerCommands.command("a", method, amount, key, EntityCommand.ANY_REVISION, NOW));
    }

    private CommandOutcome sendAt(long revision, String key) {
        return decide(LedgerCommands.command("a", "Add", 1, key, revision, NOW));
    }

    private CommandOutcome decide(EntityCommand command) {
        return pipeline.decide(command, NOW).fold(Decision.Answer::outcome, append -> {
            stored.addAll(append.events());
            return append.outcome();
        });
    }

    private static CommandOutcome outcome(
            CommandPipeline<LedgerState, LedgerEvent> pipeline, String method, long amount, String key) {
        return pipeline.decide(LedgerCommands.command("a", method, amount, key, -1, NOW), NOW)
                .fold(Decision.Answer::outcome, Decision.Append::outcome);
    }

    private static CommandPipeline<LedgerState, LedgerEvent> replayed(List<EventRecord> events) {
        var rebuilt = CommandPipeline.of(new Ledger(), "a", LIMITS);
        for (var index = 0; index < events.size(); index++) rebuilt.replay(events.get(index), index + 1L);
        return rebuilt;
    }

    private static String kind(CommandOutcome outcome) {
        return outcome.fold(
                completed -> "completed",
                rejection -> rejection.code().name(),
                notServing -> "not serving",
                unknown -> "unknown");
    }

    private static Total total(long total) {
        return Total.newBuilder().setTotal(total).build();
    }
}
