package dev.parvi.sharding;

import static dev.parvi.entity.LedgerCommands.command;
import static dev.parvi.entity.LedgerCommands.fresh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import dev.parvi.entity.CommandOutcome;
import dev.parvi.entity.CommandPipeline;
import dev.parvi.entity.Ledger;
import dev.parvi.entity.NotServing;
import dev.parvi.entity.Rejection;
import dev.parvi.entity.Total;
import dev.parvi.protobuf.OutcomeRecord;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Retries that come after the entity has forgotten their outcome: ten commands later, where it remembers four. */
class ForgottenKeyTest {
    private static final int COMMANDS = 10;

    private final HeldJournal.Control journal = HeldJournal.reset();
    private final ActorSystem system = ActorSystem.create(
            "forgotten",
            ConfigFactory.parseString("""
                            parvi.sharding { outcomes-max = 4, snapshot-every = 1000 }
                            pekko.persistence.snapshot-store.plugin = "pekko.persistence.no-snapshot-store"
                            """)
                    .withFallback(ConfigFactory.parseResources("application-test.conf"))
                    .withFallback(ConfigFactory.defaultReference())
                    .resolve());
    private final TestKit caller = new TestKit(system);

    @AfterEach
    void stop() {
        TestKit.shutdownActorSystem(system);
    }

    @Test
    void a_forgotten_outcome_is_found_in_the_journal() {
        var entity = spawn(this::findInJournal);
        sendAll(entity);
        receiveAll();

        send(entity, 1, "k0");
        assertThat(outcome()).isEqualTo(new CommandOutcome.Completed(1, total(1), true));
        send(entity, 2, "k0");
        assertThat(((Rejection) outcome()).code()).isEqualTo(Rejection.Code.KEY_REUSED);
        assertThat(journal.stored()).hasSize(COMMANDS);
    }

    /** The negative control: this is what happens where nobody looks. */
    @Test
    void without_an_archive_it_would_be_applied_again() {
        var entity = spawn((id, key) -> CompletableFuture.completedFuture(Optional.empty()));
        sendAll(entity);
        receiveAll();

        send(entity, 1, "k0");
        assertThat(outcome()).isEqualTo(new CommandOutcome.Completed(11, total(11), false));
    }

    @Test
    void a_look_up_waits_for_what_is_being_stored() {
        journal.hold();
        var entity = spawn(this::findInJournal);
        sendAll(entity);
        send(entity, 1, "k0");

        letGoUntilStored(COMMANDS);
        receiveAll();
        assertThat(outcome()).isEqualTo(new CommandOutcome.Completed(1, total(1), true));
        assertThat(journal.stored()).hasSize(COMMANDS);
    }

    @Test
    void a_new_key_is_decided_once_however_often_it_is_sent_during_the_look_up() {
        var answer = new CompletableFuture<Optional<OutcomeRecord>>();
        var entity = spawn((id, key) -> answer);
        sendAll(entity);
        receiveAll();

        for (var n = 0; n < 3; n++) send(entity, 1, "new");
        entity.tell(command("a", "Read", 0, ""), caller.getRef());
        assertThat(((CommandOutcome.Completed) outcome()).revision()).isEqualTo(COMMANDS);
        answer.complete(Optional.empty());
        assertThat(outcome()).isEqualTo(new CommandOutcome.Completed(11, total(11), false));
        for (var n = 0; n < 2; n++) assertThat(outcome()).isEqualTo(new CommandOutcome.Completed(11, total(11), true));
    }

    @Test
    void a_key_that_cannot_be_looked_up_is_not_decided() {
        var entity = spawn((id, key) -> CompletableFuture.failedFuture(new NotServing("the store is away")));
        sendAll(entity);
        receiveAll();

        send(entity, 1, "k0");
        assertThat(outcome()).isInstanceOf(NotServing.class);
        assertThat(journal.stored()).hasSize(COMMANDS);
    }

    @Test
    void a_command_that_waits_for_its_look_up_is_told_when_the_entity_leaves() {
        var entity = spawn((id, key) -> new CompletableFuture<>());
        sendAll(entity);
        receiveAll();

        send(entity, 1, "k0");
        entity.tell(EntityStop.STOP, ActorRef.noSender());
        assertThat(((NotServing) outcome()).reason()).isEqualTo("the entity is moving");
    }

    private CompletableFuture<Optional<OutcomeRecord>> findInJournal(String id, String key) {
        return CompletableFuture.completedFuture(journal.outcome(key));
    }

    private ActorRef spawn(CommandPipeline.Archive archive) {
        var settings = ShardingSettings.from(system.settings().config());
        return system.actorOf(EntityActor.props(new Ledger(), new NodeEntities(settings, archive)), "a");
    }

    private void sendAll(ActorRef entity) {
        for (var n = 0; n < COMMANDS; n++) entity.tell(fresh("a", "Add", 1, "k" + n), caller.getRef());
    }

    private void receiveAll() {
        for (var n = 0; n < COMMANDS; n++) assertThat(outcome()).isInstanceOf(CommandOutcome.Completed.class);
    }

    private void letGoUntilStored(int events) {
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            journal.letGo();
            return journal.stored().size() == events;
        });
    }

    private void send(ActorRef entity, long amount, String key) {
        entity.tell(command("a", "Add", amount, key), caller.getRef());
    }

    private CommandOutcome outcome() {
        return caller.expectMsgClass(EntityReply.class).outcome();
    }

    private static Total total(long total) {
        return Total.newBuilder().setTotal(total).build();
    }
}
