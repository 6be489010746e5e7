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
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for every history, whatever the commands. */
class CommandPipelinePropertyTest {
    private static final Instant NOW = Instant.ofEpochMilli(1_700_000_000_000L);
    private static final Limits LIMITS = new Limits(4, Duration.ofHours(24));

    record Step(String method, long amount, String key) {}

    @Property(tries = 300)
    void replay_of_any_accepted_history_gives_the_same_entity(@ForAll("histories") List<Step> history) {
        var live = new Run();
        history.forEach(live::send);

        assertThat(live.replayed().snapshot()).isEqualTo(live.pipeline.snapshot());
    }

    @Property(tries = 300)
    void replay_from_a_snapshot_anywhere_gives_the_same_entity(
            @ForAll("histories") List<Step> before, @ForAll("histories") List<Step> after) {
        var live = new Run();
        before.forEach(live::send);
        var snapshot = live.pipeline.snapshot();
        after.forEach(live::send);

        var rebuilt = CommandPipeline.of(new Ledger(), "a", LIMITS);
        rebuilt.restore(snapshot);
        for (var revision = snapshot.getRevision() + 1; revision <= live.stored.size(); revision++)
            rebuilt.replay(live.stored.get((int) revision - 1), revision);
        assertThat(rebuilt.snapshot()).isEqualTo(live.pipeline.snapshot());
    }

    @Property(tries = 300)
    void the_same_key_twice_in_a_row_changes_nothing(
            @ForAll("histories") List<Step> history, @ForAll("steps") Step step) {
        var live = new Run();
        history.forEach(live::send);
        var keyed = new Step(step.method(), step.amount(), "fresh");
        var first = live.send(keyed);
        var snapshot = live.pipeline.snapshot();

        var second = live.send(keyed);

        assertThat(live.pipeline.snapshot()).isEqualTo(snapshot);
        if (first instanceof CommandOutcome.Completed completed)
            assertThat(((CommandOutcome.Completed) second).reply()).isEqualTo(completed.reply());
    }

    @Property(tries = 300)
    void a_command_that_is_not_completed_changes_nothing(
            @ForAll("histories") List<Step> history, @ForAll("steps") Step step) {
        var live = new Run();
        history.forEach(live::send);
        var snapshot = live.pipeline.snapshot();

        if (!(live.send(step) instanceof CommandOutcome.Completed))
            assertThat(live.pipeline.snapshot()).isEqualTo(snapshot);
    }

    @Provide
    Arbitrary<List<Step>> histories() {
        return steps().list().ofMaxSize(30);
    }

    @Provide
    Arbitrary<Step> steps() {
        return Combinators.combine(
                        Arbitraries.of("Add", "Split", "Take", "Fail", "Curse", "Read"),
                        Arbitraries.longs().between(0, 20),
                        Arbitraries.of("", "k1", "k2", "k3", "k4", "k5", "k6"))
                .as(Step::new);
    }

    private static final class Run {
        final CommandPipeline<LedgerState, LedgerEvent> pipeline = CommandPipeline.of(new Ledger(), "a", LIMITS);
        final List<EventRecord> stored = new ArrayList<>();

        CommandOutcome send(Step step) {
            var command = LedgerCommands.command("a", step.method(), step.amount(), step.key(), -1, NOW);
            return pipeline.decide(command, NOW).fold(Decision.Answer::outcome, append -> {
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
