package dev.parvi.entity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parvi.entity.CommandPipeline.Decision;
import dev.parvi.entity.CommandPipeline.Limits;
import dev.parvi.protobuf.EventRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

/** What holds for every history, whatever the commands. */
class CommandPipelinePropertyTest {
    private static final Instant NOW = Instant.ofEpochMilli(1_700_000_000_000L);
    private static final Limits LIMITS = new Limits(4, Duration.ofHours(24));

    record Step(String method, long amount, String key) {}

    @Property(tries = 300)
    void replay_of_any_accepted_history_gives_the_same_entity(@ForAll("histories") List<Step> history) {
        var live = new Run();
        history.forEach(live::send);

        assertThat(picture(live.replayed())).isEqualTo(picture(live.pipeline));
    }

    @Property(tries = 300)
    void replay_from_a_snapshot_anywhere_gives_the_same_entity(
            @ForAll("histories") List<Step> before, @ForAll("histories") List<Step> after) {
        var live = new Run();
        before.forEach(live::send);
        Assume.that(!live.pipeline.isDeleted());
        var snapshot = live.pipeline.snapshot();
        after.forEach(live::send);

        var rebuilt = CommandPipeline.of(new Ledger(), "a", LIMITS);
        rebuilt.restore(snapshot);
        for (var revision = snapshot.getRevision() + 1; revision <= live.stored.size(); revision++)
            rebuilt.replay(live.stored.get((int) revision - 1), revision);
        assertThat(picture(rebuilt)).isEqualTo(picture(live.pipeline));
    }

    @Property(tries = 300)
    void the_same_key_twice_in_a_row_changes_nothing(
            @ForAll("histories") List<Step> history, @ForAll("steps") Step step) {
        var live = new Run();
        history.forEach(live::send);
        var keyed = new Step(step.method(), step.amount(), "fresh");
        var first = live.send(keyed);
        var picture = picture(live.pipeline);

        var second = live.send(keyed);

        assertThat(picture(live.pipeline)).isEqualTo(picture);
        if (first instanceof CommandOutcome.Completed completed)
            assertThat(((CommandOutcome.Completed) second).reply()).isEqualTo(completed.reply());
    }

    @Property(tries = 300)
    void a_command_that_is_not_completed_changes_nothing(
            @ForAll("histories") List<Step> history, @ForAll("steps") Step step) {
        var live = new Run();
        history.forEach(live::send);
        var picture = picture(live.pipeline);

        if (!(live.send(step) instanceof CommandOutcome.Completed))
            assertThat(picture(live.pipeline)).isEqualTo(picture);
    }

    /** Whatever of the events before the tombstone is missing, and whichever snapshot is still there. */
    @Property(tries = 300)
    void what_is_left_of_a_deleted_entity_is_never_more_than_that_it_is_deleted(
            @ForAll("histories") List<Step> before,
            @ForAll("histories") List<Step> after,
            @ForAll @IntRange(max = 60) int removed,
            @ForAll boolean keepsSnapshot) {
        var live = new Run();
        live.send(new Step("Add", 1, ""));
        before.stream().filter(step -> !step.method().equals("Delete")).forEach(live::send);
        var snapshot = live.pipeline.snapshot();
        after.stream().filter(step -> !step.method().equals("Delete")).forEach(live::send);
        var deleted = (CommandOutcome.Completed) live.send(new Step("Delete", 0, "the end"));

        var rebuilt = CommandPipeline.of(new Ledger(), "a", LIMITS);
        if (keepsSnapshot) rebuilt.restore(snapshot);
        var gone = Math.min(removed, live.stored.size() - 1);
        for (var revision = Math.max(rebuilt.revision(), gone) + 1; revision <= live.stored.size(); revision++)
            replayOrPassOver(rebuilt, live.stored.get((int) revision - 1), revision);

        assertThat(picture(rebuilt)).isEqualTo("deleted at " + live.stored.size());
        assertThat(rebuilt.state()).isEqualTo(LedgerState.getDefaultInstance());
        assertThat(rebuilt.decide(LedgerCommands.deletion("a", "the end", -1, NOW), NOW)
                        .fold(Decision.Answer::outcome, Decision.Append::outcome))
                .isEqualTo(new CommandOutcome.Completed(deleted.revision(), deleted.reply(), true));
        for (var step : before) assertThat(kind(rebuilt, step)).isEqualTo(Rejection.Code.DELETED);
    }

    /** An owner goes on reading, in case a tombstone comes. */
    private static void replayOrPassOver(CommandPipeline<?, ?> pipeline, EventRecord event, long revision) {
        try {
            pipeline.replay(event, revision);
        } catch (CommandPipeline.Unreplayable gap) {
            assertThat(CommandPipeline.isTombstone(event)).isFalse();
        }
    }

    private static Object kind(CommandPipeline<LedgerState, LedgerEvent> pipeline, Step step) {
        return pipeline.decide(command(step), NOW).fold(Decision.Answer::outcome, Decision.Append::outcome)
                        instanceof Rejection rejection
                ? rejection.code()
                : "carried out";
    }

    private static EntityCommand command(Step step) {
        return step.method().equals("Delete")
                ? LedgerCommands.deletion("a", step.key(), -1, NOW)
                : LedgerCommands.command("a", step.method(), step.amount(), step.key(), -1, NOW);
    }

    private static Object picture(CommandPipeline<?, ?> pipeline) {
        return pipeline.isDeleted() ? "deleted at " + pipeline.revision() : pipeline.snapshot();
    }

    @Provide
    Arbitrary<List<Step>> histories() {
        return steps().list().ofMaxSize(30);
    }

    @Provide
    Arbitrary<Step> steps() {
        return Combinators.combine(
                        Arbitraries.frequencyOf(
                                Tuple.of(9, Arbitraries.of("Add", "Split", "Take", "Fail", "Curse", "Read")),
                                Tuple.of(1, Arbitraries.just("Delete"))),
                        Arbitraries.longs().between(0, 20),
                        Arbitraries.of("", "k1", "k2", "k3", "k4", "k5", "k6"))
                .as(Step::new);
    }

    private static final class Run {
        final CommandPipeline<LedgerState, LedgerEvent> pipeline = CommandPipeline.of(new Ledger(), "a", LIMITS);
        final List<EventRecord> stored = new ArrayList<>();

        CommandOutcome send(Step step) {
            return pipeline.decide(command(step), NOW).fold(Decision.Answer::outcome, append -> {
                stored.addAll(append.events());
                return append.outcome();
            });
        }

        CommandPipeline<LedgerState, LedgerEvent> replayed() {
            var rebuilt = CommandPipeline.of(new Ledger(), "a", LIMITS);
            for (var index = 0; index < stored.size(); index++) rebuilt.replay(stored.get(index), index + 1L);
            return rebuilt;
        }
    }
}
