package dev.parvi.sharding;

import static dev.parvi.entity.LedgerCommands.command;
import static dev.parvi.entity.LedgerCommands.deletion;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Empty;
import com.typesafe.config.ConfigFactory;
import dev.parvi.entity.CommandOutcome;
import dev.parvi.entity.CommandPipeline;
import dev.parvi.entity.EntityCommand;
import dev.parvi.entity.Ledger;
import dev.parvi.entity.NotServing;
import dev.parvi.entity.OutcomeUnknown;
import dev.parvi.entity.Rejection;
import dev.parvi.protobuf.EventRecord;
import dev.parvi.protobuf.OutcomeRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One actor that deletes its entity, and a journal that the test holds in its hand. */
class DeletionTest {
    private static final Duration AT_ONCE = Duration.ofMillis(100);

    @TempDir
    Path snapshots;

    private ActorSystem system;
    private TestKit caller;
    private NodeEntities node;
    private HeldJournal.Control journal;
    private CommandPipeline.Archive archive = (entity, key) -> CompletableFuture.completedFuture(journal.outcome(key));

    @BeforeEach
    void start() {
        journal = HeldJournal.reset();
        system = ActorSystem.create(
                "deletion",
                ConfigFactory.parseString(
                                "pekko.persistence.snapshot-store.local.dir = \"" + snapshots
                                        + "\"\nparvi.sharding { snapshot-every = 3, quarantine-retry = 300ms, outcomes-max = 4 }")
                        .withFallback(ConfigFactory.parseResources("application-test.conf"))
                        .withFallback(ConfigFactory.defaultReference())
                        .resolve());
        caller = new TestKit(system);
        node = new NodeEntities(
                ShardingSettings.from(system.settings().config()), (entity, key) -> archive.find(entity, key));
    }

    @AfterEach
    void stop() {
        TestKit.shutdownActorSystem(system);
    }

    @Test
    void when_a_deletion_is_acknowledged_only_the_tombstone_is_left() {
        var entity = spawn();
        add(entity, 5);
        await().until(() -> snapshots.toFile().list().length == 1);

        delete(entity, "end");
        assertThat(outcome()).isEqualTo(new CommandOutcome.Completed(6, Empty.getDefaultInstance(), false));
        assertThat(revisions()).containsExactly(6L);
        assertThat(snapshots.toFile().list()).isEmpty();
    }

    @Test
    void nothing_is_acknowledged_before_the_tombstone_is_stored() {
        var entity = spawn();
        add(entity, 1);
        journal.hold();
        delete(entity, "end");
        awaitHeld(1);
        tell(entity, "Add", 1);
        tell(entity, "Read", 0);

        caller.expectNoMessage(AT_ONCE);
        assertThat(revisions()).containsExactly(1L);
        journal.letGo();
        var answers = List.of(outcome(), outcome(), outcome());
        assertThat(answers)
                .filteredOn(CommandOutcome.Completed.class::isInstance)
                .hasSize(1);
        assertThat(answers)
                .filteredOn(
                        answer -> answer instanceof Rejection rejection && rejection.code() == Rejection.Code.DELETED)
                .hasSize(2);
    }

    @Test
    void a_tombstone_that_is_not_stored_deletes_nothing_and_nobody_is_told_that_it_did() {
        var entity = spawn();
        add(entity, 1);
        journal.hold();
        delete(entity, "end");
        awaitHeld(1);
        tell(entity, "Add", 1);
        caller.watch(entity);

        journal.refuse(new NotServing("another owner has written"));
        assertThat(outcome()).isInstanceOf(NotServing.class);
        assertThat(outcome()).isInstanceOf(NotServing.class);
        caller.expectTerminated(entity);
        assertThat(revisions()).containsExactly(1L);
    }

    @Test
    void a_deletion_is_not_acknowledged_while_its_removal_is_under_way() {
        var entity = spawn();
        add(entity, 1);
        journal.holdDeletion();
        delete(entity, "end");
        delete(entity, "end");
        tell(entity, "Read", 0);

        assertThat(rejection()).isEqualTo(Rejection.Code.DELETED);
        caller.expectNoMessage(AT_ONCE);
        journal.letDeletionGo();
        assertThat(outcome()).isEqualTo(new CommandOutcome.Completed(2, Empty.getDefaultInstance(), false));
        assertThat(outcome()).isEqualTo(new CommandOutcome.Completed(2, Empty.getDefaultInstance(), true));
    }

    @Test
    void a_removal_that_fails_leaves_the_deletion_unknown_and_is_tried_again() {
        var entity = spawn();
        add(entity, 1);
        journal.failDeletions(new IllegalStateException("the disk is on fire"));
        delete(entity, "end");

        assertThat(outcome()).isInstanceOf(OutcomeUnknown.class);
        assertThat(revisions()).containsExactly(1L, 2L);
        journal.failDeletions(null);
        await().untilAsserted(() -> assertThat(revisions()).containsExactly(2L));
        delete(entity, "end");
        assertThat(outcome()).isEqualTo(new CommandOutcome.Completed(2, Empty.getDefaultInstance(), true));
    }

    @Test
    void a_retry_completes_a_removal_that_failed() {
        var entity = spawn();
        add(entity, 1);
        journal.failDeletions(new IllegalStateException("the disk is on fire"));
        delete(entity, "end");
        assertThat(outcome()).isInstanceOf(OutcomeUnknown.class);

        journal.failDeletions(null);
        delete(entity, "end");
        assertThat(outcome()).isEqualTo(new CommandOutcome.Completed(2, Empty.getDefaultInstance(), true));
        assertThat(revisions()).containsExactly(2L);
    }

    @Test
    void a_new_owner_removes_what_a_crash_left() {
        var entity = spawn();
        add(entity, 5);
        await().until(() -> snapshots.toFile().list().length == 1);
        journal.failDeletions(new IllegalStateException("as if it had crashed"));
        delete(entity, "end");
        assertThat(outcome()).isInstanceOf(OutcomeUnknown.class);
        end(entity);
        assertThat(revisions()).hasSize(6);
        assertThat(snapshots.toFile().list()).hasSize(1);

        journal.failDeletions(null);
        var next = spawn();
        tell(next, "Add", 1);
        assertThat(rejection()).isEqualTo(Rejection.Code.DELETED);
        await().untilAsserted(() -> assertThat(snapshots.toFile().list()).isEmpty());
        assertThat(revisions()).containsExactly(6L);
    }

    @Test
    void a_snapshot_whose_events_are_gone_does_not_bring_the_entity_back() {
        var entity = spawn();
        add(entity, 5);
        await().until(() -> snapshots.toFile().list().length == 1);
        journal.failDeletions(new IllegalStateException("as if it had crashed"));
        delete(entity, "end");
        assertThat(outcome()).isInstanceOf(OutcomeUnknown.class);
        end(entity);
        journal.failDeletions(null);
        journal.deleteTo(5);

        var next = spawn();
        tell(next, "Read", 0);
        assertThat(rejection()).isEqualTo(Rejection.Code.DELETED);
        delete(next, "end");
        assertThat(outcome()).isEqualTo(new CommandOutcome.Completed(6, Empty.getDefaultInstance(), true));
        assertThat(snapshots.toFile().list()).isEmpty();
        assertThat(node.counts().quarantined()).isZero();
    }

    @Test
    void a_history_that_cannot_be_read_does_not_hide_its_tombstone() {
        journal.store(EventRecord.newBuilder().setType("an.older.Event").build());
        journal.store(EventRecord.newBuilder()
                .setType("parvi.v1.Tombstone")
                .setMethod(".Delete")
                .build());

        var entity = spawn();
        tell(entity, "Read", 0);
        assertThat(rejection()).isEqualTo(Rejection.Code.DELETED);
        await().untilAsserted(() -> assertThat(revisions()).containsExactly(2L));
        assertThat(node.counts().quarantined()).isZero();
    }

    @Test
    void a_key_that_is_being_looked_for_is_not_told_an_outcome_from_before() {
        var found = new CompletableFuture<Optional<OutcomeRecord>>();
        archive = (entity, key) -> found;
        var entity = spawn();
        for (var n = 0; n < 6; n++) entity.tell(command("a", "Add", 1, "k" + n), caller.getRef());
        for (var n = 0; n < 4; n++) outcome();
        found.complete(Optional.empty());
        for (var n = 4; n < 6; n++) outcome();

        var late = new CompletableFuture<Optional<OutcomeRecord>>();
        archive = (persistenceId, key) -> late;
        entity.tell(command("a", "Add", 1, "k0"), caller.getRef());
        var before = journal.outcome("k0");
        assertThat(before).isPresent();
        entity.tell(fresh(deletion("a", "end")), caller.getRef());
        assertThat(outcome()).isInstanceOf(CommandOutcome.Completed.class);
        late.complete(before);
        assertThat(rejection()).isEqualTo(Rejection.Code.DELETED);
    }

    private static EntityCommand fresh(EntityCommand command) {
        return new EntityCommand(
                command.type(),
                command.id(),
                command.method(),
                command.request(),
                command.idempotencyKey(),
                true,
                command.expectedRevision(),
                command.deadline(),
                command.principal(),
                command.trace());
    }

    private ActorRef spawn() {
        return system.actorOf(EntityActor.props(new Ledger(), node), "a");
    }

    private void end(ActorRef entity) {
        entity.tell(EntityStop.STOP, ActorRef.noSender());
        caller.watch(entity);
        caller.expectTerminated(entity);
        await().until(() -> node.counts().live() == 0);
    }

    private void add(ActorRef entity, int times) {
        for (var n = 0; n < times; n++) tell(entity, "Add", 1);
        for (var n = 0; n < times; n++) assertThat(outcome()).isInstanceOf(CommandOutcome.Completed.class);
    }

    private void tell(ActorRef entity, String method, long amount) {
        entity.tell(command("a", method, amount, ""), caller.getRef());
    }

    private void delete(ActorRef entity, String key) {
        entity.tell(deletion("a", key), caller.getRef());
    }

    private void awaitHeld(int events) {
        await().until(() -> journal.held().equals(List.of(events)));
    }

    private List<Long> revisions() {
        return journal.stored().stream().map(event -> event.sequenceNr()).toList();
    }

    private CommandOutcome outcome() {
        return caller.expectMsgClass(EntityReply.class).outcome();
    }

    private Rejection.Code rejection() {
        return ((Rejection) outcome()).code();
    }
}
