package dev.parvi.sharding;

import static dev.parvi.entity.LedgerCommands.command;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.parvi.entity.CommandOutcome;
import dev.parvi.entity.EntityCommand;
import dev.parvi.entity.Ledger;
import dev.parvi.entity.NotServing;
import dev.parvi.entity.OutcomeUnknown;
import dev.parvi.entity.Rejection;
import dev.parvi.entity.Total;
import dev.parvi.protobuf.EventRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** One actor and a journal that the test holds in its hand. */
class EntityActorTest {
    @TempDir
    Path snapshots;

    private ActorSystem system;
    private TestKit caller;
    private NodeEntities node;
    private HeldJournal.Control journal;

    @BeforeEach
    void start() {
        journal = HeldJournal.reset();
        system = ActorSystem.create("entity", config());
        caller = new TestKit(system);
        node = new NodeEntities(
                ShardingSettings.from(system.settings().config()),
                (entity, key) -> CompletableFuture.completedFuture(journal.outcome(key)));
    }

    private Config config() {
        return ConfigFactory.parseString("pekko.persistence.snapshot-store.local.dir = \"" + snapshots
                        + "\"\nparvi.sharding { snapshot-every = 3, quarantine-retry = 300ms }")
                .withFallback(ConfigFactory.parseResources("application-test.conf"))
                .withFallback(ConfigFactory.defaultReference())
                .resolve();
    }

    @AfterEach
    void stop() {
        TestKit.shutdownActorSystem(system);
    }

    @Test
    void nothing_is_answered_before_it_is_stored() {
        journal.hold();
        var entity = spawn("a");
        tell(entity, "Add", 5);

        awaitHeld(1);
        caller.expectNoMessage(Duration.ofMillis(100));
        journal.letGo();
        assertThat(completed()).isEqualTo(new CommandOutcome.Completed(1, total(5), false));
    }

    @Test
    void who_waits_for_the_next_event_is_told_when_it_is_stored_and_not_before() {
        var entity = spawn("a");
        entity.tell(watch(-1), caller.getRef());
        assertThat(caller.expectMsgClass(HeadReply.class)).isEqualTo(new HeadReply("ledger", "a", 0));

        journal.hold();
        entity.tell(watch(0), caller.getRef());
        tell(entity, "Add", 5);
        awaitHeld(1);
        caller.expectNoMessage(Duration.ofMillis(100));
        journal.letGo();
        assertThat(completed()).isEqualTo(new CommandOutcome.Completed(1, total(5), false));
        assertThat(caller.expectMsgClass(HeadReply.class)).isEqualTo(new HeadReply("ledger", "a", 1));
    }

    @Test
    void who_waits_for_an_entity_that_stops_is_told_what_is_known() {
        var entity = spawn("a");
        tell(entity, "Add", 5);
        completed();
        entity.tell(watch(1), caller.getRef());
        entity.tell(EntityStop.STOP, caller.getRef());
        assertThat(caller.expectMsgClass(HeadReply.class)).isEqualTo(new HeadReply("ledger", "a", 1));
    }

    private static HeadWatch watch(long beyond) {
        return new HeadWatch("ledger", "a", beyond, System.currentTimeMillis() + 60_000);
    }

    @Test
    void commands_that_arrive_during_a_write_share_the_next() {
        journal.hold();
        var entity = spawn("a");
        tell(entity, "Add", 1);
        awaitHeld(1);
        for (var n = 0; n < 10; n++) tell(entity, "Add", 1);
        tell(entity, "Split", 4);

        journal.letGo();
        awaitHeld(12);
        journal.letGo();
        for (var n = 1; n <= 11; n++) assertThat(completed().revision()).isEqualTo(n);
        assertThat(completed().revision()).isEqualTo(13);
    }

    @Test
    void a_query_and_a_rejection_wait_for_the_writes_that_they_have_seen() {
        journal.hold();
        var entity = spawn("a");
        tell(entity, "Add", 5);
        tell(entity, "Read", 0);
        tell(entity, "Take", 9);

        awaitHeld(1);
        caller.expectNoMessage(Duration.ofMillis(100));
        journal.letGo();
        assertThat(completed().revision()).isEqualTo(1);
        assertThat(completed().reply()).isEqualTo(total(5));
        assertThat(((Rejection) outcome()).code()).isEqualTo(Rejection.Code.FAILED_PRECONDITION);
    }

    @Test
    void a_retry_while_the_first_attempt_is_being_stored_waits_and_gets_the_same() {
        journal.hold();
        var entity = spawn("a");
        entity.tell(command("a", "Add", 5, "k1"), caller.getRef());
        entity.tell(command("a", "Add", 5, "k1"), caller.getRef());

        awaitHeld(1);
        journal.letGo();
        assertThat(completed()).isEqualTo(new CommandOutcome.Completed(1, total(5), false));
        assertThat(completed()).isEqualTo(new CommandOutcome.Completed(1, total(5), true));
        assertThat(journal.stored()).hasSize(1);
    }

    @Test
    void a_refused_write_ends_the_actor_and_every_waiting_caller_hears_that_nothing_was_stored() {
        journal.hold();
        var entity = spawn("a");
        caller.watch(entity);
        tell(entity, "Add", 5);
        awaitHeld(1);
        tell(entity, "Add", 6);
        tell(entity, "Read", 0);

        journal.fail(new NotServing("canary.db has another owner"));
        for (var n = 0; n < 3; n++)
            assertThat(((NotServing) outcome()).reason()).isEqualTo("the store did not take its events");
        caller.expectTerminated(entity);
        assertThat(node.counts().unstored()).isEqualTo(1);
    }

    @Test
    void a_write_that_fails_otherwise_leaves_the_outcome_unknown() {
        journal.hold();
        var entity = spawn("a");
        caller.watch(entity);
        tell(entity, "Add", 5);
        awaitHeld(1);

        journal.fail(new java.io.IOException("the disk is on fire"));
        assertThat(outcome()).isInstanceOf(OutcomeUnknown.class);
        caller.expectTerminated(entity);
    }

    @Test
    void user_code_that_throws_fails_its_one_command() {
        var entity = spawn("a");
        tell(entity, "Fail", 1);
        assertThat(((Rejection) outcome()).code()).isEqualTo(Rejection.Code.ENTITY_FAILED);
        tell(entity, "Curse", 13);
        assertThat(((Rejection) outcome()).code()).isEqualTo(Rejection.Code.ENTITY_FAILED);
        tell(entity, "Add", 1);

        assertThat(completed().revision()).isEqualTo(1);
        assertThat(journal.stored()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"b", "A", "a/b", "ä \u0000"})
    void an_entity_that_was_not_asked_does_not_answer(String id) {
        var entity = spawn("a");
        entity.tell(command(id, "Add", 1, ""), caller.getRef());

        assertThat(outcome()).isInstanceOf(NotServing.class);
        assertThat(journal.stored()).isEmpty();
    }

    @Test
    void an_entity_is_rebuilt_from_its_events() {
        var first = spawn("a");
        tell(first, "Add", 5);
        completed();
        stop(first);

        var second = spawn("a");
        second.tell(command("a", "Read", 0, ""), caller.getRef());
        assertThat(completed()).isEqualTo(new CommandOutcome.Completed(1, total(5), false));
        assertThat(node.counts()).isEqualTo(new EntityCounts(1, 2, 0, 0));
    }

    @Test
    void a_snapshot_is_taken_of_what_is_stored_and_used() {
        var first = spawn("a");
        for (var n = 0; n < 4; n++) tell(first, "Add", 1);
        for (var n = 0; n < 4; n++) completed();
        await().untilAsserted(() -> assertThat(snapshots.toFile().list()).hasSize(1));
        assertThat(snapshots.toFile().list()[0]).contains("-3-");
        stop(first);

        var second = spawn("a");
        tell(second, "Read", 0);
        assertThat(completed()).isEqualTo(new CommandOutcome.Completed(4, total(4), false));
    }

    @Test
    void stop_waits_until_everything_decided_is_answered() {
        journal.hold();
        var entity = spawn("a");
        caller.watch(entity);
        tell(entity, "Add", 5);
        awaitHeld(1);
        entity.tell(EntityStop.STOP, ActorRef.noSender());
        tell(entity, "Add", 6);

        assertThat(((NotServing) outcome()).reason()).isEqualTo("the entity is moving");
        journal.letGo();
        assertThat(completed().revision()).isEqualTo(1);
        caller.expectTerminated(entity);
    }

    @Test
    void an_entity_that_cannot_replay_says_why_and_tries_again_later() {
        journal.store(event(Ledger.cursed(13)));
        var first = spawn("a");
        tell(first, "Add", 1);

        var rejection = (Rejection) outcome();
        assertThat(rejection.code()).isEqualTo(Rejection.Code.QUARANTINED);
        assertThat(rejection.message()).contains("the log of its node says why").doesNotContain("event 1");
        assertThat(node.quarantine().reason("ledger/a")).startsWith("event 1 could not be applied");
        assertThat(node.counts().quarantined()).isEqualTo(1);
        stop(first);
        var second = spawn("a");
        tell(second, "Add", 1);
        assertThat(((Rejection) outcome()).message()).isEqualTo(rejection.message());
    }

    @Test
    void damage_in_the_store_quarantines_and_a_store_that_is_away_does_not() {
        journal.store(event(Ledger.added(1)));
        journal.failReplay(new IllegalStateException("record 7 is damaged"));
        endOf(spawn("a"));
        assertThat(node.quarantine().reason("ledger/a")).isEqualTo("record 7 is damaged");

        journal.failReplay(new NotServing("the store is away"));
        endOf(spawn("b"));
        assertThat(node.quarantine().reason("ledger/b")).isNull();
    }

    @Test
    void log_lines_about_a_command_carry_its_trace_and_later_ones_do_not() {
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        var logger = (Logger) LoggerFactory.getLogger(EntityActor.class);
        logger.addAppender(lines);
        try {
            var entity = spawn("a");
            var cursed = command("a", "Curse", 13, "");
            entity.tell(traced(cursed, "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"), caller.getRef());
            // In the mailbox together, so that one thread most likely decides both.
            entity.tell(cursed, caller.getRef());
            outcome();
            outcome();
            // A line is written behind its answer; the next answer says that it was.
            tell(entity, "Add", 1);
            completed();

            assertThat(lines.list)
                    .map(line -> line.getMDCPropertyMap().getOrDefault(LoggedTrace.KEY, ""))
                    .containsExactly("4bf92f3577b34da6a3ce929d0e0e4736", "");
        } finally {
            logger.detachAppender(lines);
        }
    }

    private static EntityCommand traced(EntityCommand command, String trace) {
        return new EntityCommand(
                command.type(),
                command.id(),
                command.method(),
                command.request(),
                command.idempotencyKey(),
                command.keyIsFresh(),
                command.expectedRevision(),
                command.deadline(),
                command.principal(),
                trace);
    }

    private ActorRef spawn(String id) {
        return system.actorOf(EntityActor.props(new Ledger(), node), id);
    }

    private void stop(ActorRef entity) {
        entity.tell(EntityStop.STOP, ActorRef.noSender());
        endOf(entity);
        await().until(() -> node.counts().live() == 0);
    }

    private void endOf(ActorRef entity) {
        caller.watch(entity);
        caller.expectTerminated(entity);
    }

    private void tell(ActorRef entity, String method, long amount) {
        entity.tell(command("a", method, amount, ""), caller.getRef());
    }

    private void awaitHeld(int events) {
        await().until(() -> journal.held().equals(List.of(events)));
    }

    private CommandOutcome outcome() {
        return caller.expectMsgClass(EntityReply.class).outcome();
    }

    private CommandOutcome.Completed completed() {
        return (CommandOutcome.Completed) outcome();
    }

    private static EventRecord event(com.google.protobuf.Message event) {
        return EventRecord.newBuilder()
                .setType(event.getDescriptorForType().getFullName())
                .setPayload(event.toByteString())
                .build();
    }

    private static Total total(long total) {
        return Total.newBuilder().setTotal(total).build();
    }
}
