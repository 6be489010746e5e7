package dev.parvi.sharding;

import static dev.parvi.entity.LedgerCommands.command;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.parvi.entity.NotServing;
import dev.parvi.entity.OutcomeUnknown;
import java.time.Duration;
import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Dropped;
import org.apache.pekko.actor.Props;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class UndeliveredTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final ActorSystem SYSTEM = ActorSystem.create(
            "undelivered",
            ConfigFactory.parseString("""
                            pekko {
                              loglevel = WARNING
                              log-dead-letters = off
                              actor { provider = cluster, allow-java-serialization = off }
                              remote.artery.canonical { hostname = 127.0.0.1, port = 0 }
                              cluster.jmx.enabled = off
                            }
                            """)
                    .withFallback(ConfigFactory.defaultReference())
                    .resolve());

    private final Attempts attempts = new Attempts();
    private final TestKit asker = new TestKit(SYSTEM);

    @BeforeAll
    static void start() {
        var listens = new TestKit(SYSTEM);
        SYSTEM.actorOf(Undelivered.props(new Attempts()));
        // It has subscribed once it has answered the first.
        listens.awaitAssert(SOON, () -> {
            SYSTEM.deadLetters().tell(command("warm", "Add", 1, "k"), listens.getRef());
            listens.expectMsgClass(Duration.ofMillis(200), EntityReply.class);
            return null;
        });
    }

    @AfterAll
    static void stop() {
        TestKit.shutdownActorSystem(SYSTEM);
    }

    @Test
    void who_asked_an_actor_that_is_gone_is_told_that_nothing_was_done() {
        var gone = SYSTEM.actorOf(Props.create(Silent.class, Silent::new));
        asker.watch(gone);
        SYSTEM.stop(gone);
        asker.expectTerminated(SOON, gone);
        gone.tell(command("a", "Add", 1, "k"), asker.getRef());

        requireNotServing();
    }

    @Test
    void who_asked_a_shard_that_is_handed_over_is_told() {
        SYSTEM.actorOf(Props.create(Silent.class, Silent::new)).tell(command("a", "Add", 1, "k"), asker.getRef());

        requireNotServing();
    }

    @Test
    void who_asked_for_a_shard_whose_buffer_is_dropped_is_told() {
        var dropped = new Dropped(command("a", "Add", 1, "k"), "for no reason", asker.getRef(), ActorRef.noSender());
        SYSTEM.deadLetters().tell(dropped, ActorRef.noSender());

        requireNotServing();
    }

    @Test
    void who_watches_an_entity_is_told_what_they_know() {
        SYSTEM.deadLetters().tell(new HeadWatch("ledger", "a", 7, 0), asker.getRef());

        assertThat(asker.expectMsgClass(SOON, HeadReply.class)).isEqualTo(new HeadReply("ledger", "a", 7));
    }

    @Test
    void an_attempt_of_a_command_ends_as_unknown_and_a_query_as_not_served() {
        var add = attempts.begin(command("a", "Add", 1, "k"));
        var read = attempts.begin(command("a", "Read", 0, ""));
        var answered = attempts.begin(command("b", "Add", 1, "k"));
        attempts.end(answered, new NotServing("told before"));
        attempts.endAll("node x is gone");

        assertThat(add.join()).isInstanceOf(OutcomeUnknown.class);
        assertThat(read.join()).isInstanceOf(NotServing.class);
        assertThat(((NotServing) answered.join()).reason()).isEqualTo("told before");
    }

    private void requireNotServing() {
        var reply = asker.expectMsgClass(SOON, EntityReply.class);
        assertThat(reply.id()).isEqualTo("a");
        assertThat(reply.outcome()).isInstanceOf(NotServing.class);
    }

    /** Handles nothing, like a shard that stops. */
    private static final class Silent extends AbstractActor {
        @Override
        public Receive createReceive() {
            return receiveBuilder().build();
        }
    }
}
