package dev.parvi.persistence.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.typesafe.config.ConfigFactory;
import dev.parvi.persistence.EventStoreExtension;
import dev.parvi.persistence.StoreClient;
import dev.parvi.persistence.TckConfig;
import dev.parvi.protobuf.EventRecord;
import java.time.Duration;
import java.util.stream.LongStream;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.persistence.AbstractPersistentActor;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Isolated;

/** What a persistent actor sends while a write of its own is stuck comes as one request, however much it is. */
@Isolated("it freezes the server that others use")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GatheredWritesIT {
    private static final int EVENTS = 20_000;
    private static final int EVENT_BYTES = 1_000;
    private static final long APPEND_BYTES_MAX = 4 << 20;
    private static final String ID = "account/gathered";
    private static final Duration FROZEN = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ActorSystem system = ActorSystem.create(
            "gathered",
            ConfigFactory.parseString("parvi.persistence.auto-migrate = on")
                    .withFallback(TckConfig.on(OneNode.freshUrl())));

    @AfterAll
    void end() {
        TestKit.shutdownActorSystem(system);
    }

    @Test
    void twenty_megabytes_that_gathered_behind_a_frozen_node_are_stored_when_it_thaws() throws InterruptedException {
        var probe = new TestKit(system);
        var store = EventStoreExtension.of(system).store();
        var actor = system.actorOf(Props.create(Pipelining.class, () -> new Pipelining(probe.getRef())));
        actor.tell(1, probe.getRef());
        probe.expectMsg(PATIENCE, "stored 1");
        var commits = store.stats().commits();
        var node = OneNode.servers().nodes().get(0);
        node.freeze();
        try {
            actor.tell(1, probe.getRef());
            actor.tell(EVENTS, probe.getRef());
            Thread.sleep(FROZEN.toMillis());
            await().atMost(PATIENCE).until(() -> store.stats().queued() == 1);
        } finally {
            node.thaw();
        }
        probe.expectMsg(PATIENCE, "stored 2");
        probe.expectMsg(PATIENCE, "stored " + (EVENTS + 2));
        assertThat(store.stats().commits() - commits)
                .isBetween(1 + (long) EVENTS * EVENT_BYTES / APPEND_BYTES_MAX, (long) EVENTS / 100);
        var revisions = LongStream.rangeClosed(1, EVENTS + 2).boxed().toList();
        assertThat(new StoreClient(store).replay(ID))
                .extracting(event -> event.revision())
                .containsExactlyElementsOf(revisions);
    }

    /** Persists as many events as it is told, each on its own and without waiting, and tells when the last of them is stored. */
    private static final class Pipelining extends AbstractPersistentActor {
        private static final EventRecord EVENT = EventRecord.newBuilder()
                .setPayload(ByteString.copyFrom(new byte[EVENT_BYTES]))
                .build();

        private final ActorRef listener;
        private long expected;

        Pipelining(ActorRef listener) {
            this.listener = listener;
        }

        @Override
        public String persistenceId() {
            return ID;
        }

        @Override
        public Receive createReceiveRecover() {
            return receiveBuilder().build();
        }

        @Override
        public Receive createReceive() {
            return receiveBuilder().match(Integer.class, this::persist).build();
        }

        private void persist(int events) {
            expected += events;
            var last = expected;
            for (var n = 0; n < events; n++)
                persistAsync(EVENT, stored -> {
                    if (lastSequenceNr() == last) listener.tell("stored " + last, getSelf());
                });
        }

        @Override
        public void onPersistFailure(Throwable cause, Object event, long revision) {
            listener.tell(revision + " is not stored: " + cause, getSelf());
        }
    }
}
