package dev.parvi.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.parvi.entity.NotServing;
import dev.parvi.protobuf.EventRecord;
import dev.parvi.protobuf.JournalRecord;
import dev.parvi.protobuf.OutcomeRecord;
import dev.parvi.protobuf.SnapshotRecord;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.persistence.AbstractPersistentActor;
import org.apache.pekko.persistence.Persistence;
import org.apache.pekko.persistence.RecoveryCompleted;
import org.apache.pekko.persistence.SaveSnapshotFailure;
import org.apache.pekko.persistence.SaveSnapshotSuccess;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotOffer;
import org.apache.pekko.persistence.SnapshotProtocol;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import scala.Option;

/** The store as a persistent actor of Pekko sees it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class JournalTest {
    private final ActorSystem system = ActorSystem.create("journal", TckConfig.fresh());
    private final EventStore store = EventStoreExtension.of(system).store();
    private TestKit probe = new TestKit(system);
    private String id = "";

    @AfterAll
    void end() {
        TestKit.shutdownActorSystem(system);
        assertThat(store.append(StoreClient.appendOf("late", 0, "w", "x"))).isCompletedExceptionally();
    }

    @BeforeEach
    void fresh() {
        probe = new TestKit(system);
        id = "account/" + UUID.randomUUID();
    }

    @Test
    void events_of_parvi_are_stored_as_they_are() throws Exception {
        start().tell(List.of(event("one")), probe.getRef());
        probe.expectMsg("stored 1");
        var stored = new StoreClient(store).replay(id).get(0);
        var record = JournalRecord.parseFrom(stored.record());
        assertThat(record.getEvent()).isEqualTo(event("one"));
        assertThat(stored.writer()).isNotEmpty();
    }

    @Test
    void an_outcome_is_found_by_its_key_for_as_long_as_its_event_is_stored() {
        var outcomes = EventStoreExtension.of(system).outcomes();
        var keyed = event("two").toBuilder()
                .setOutcome(OutcomeRecord.newBuilder().setIdempotencyKey("k").setRevision(2))
                .build();
        start().tell(List.of(event("one"), keyed), probe.getRef());
        probe.expectMsg("stored 1");
        probe.expectMsg("stored 2");
        assertThat(outcomes.find(id, "k").join()).contains(keyed.getOutcome());
        assertThat(outcomes.find(id, "other").join()).isEmpty();
        assertThat(outcomes.find(id, "").join()).isEmpty();
        assertThat(outcomes.find("account/another", "k").join()).isEmpty();
        StoreClient.get(store.deleteTo(id, 2));
        assertThat(outcomes.find(id, "k").join()).isEmpty();
    }

    @Test
    void an_outcome_of_another_key_with_the_same_hash_is_not_taken() {
        var keyed = JournalRecord.newBuilder()
                .setEvent(event("one").toBuilder()
                        .setOutcome(OutcomeRecord.newBuilder().setIdempotencyKey("another")))
                .build();
        StoreClient.get(store.append(
                new EventStore.Append(id, 0, "w", List.of(new EventStore.Record(keyed.toByteString(), "k")))));
        assertThat(StoreClient.get(store.find(id, "k"))).hasSize(1);
        assertThat(EventStoreExtension.of(system).outcomes().find(id, "k").join())
                .isEmpty();
    }

    @Test
    void an_outcome_that_cannot_be_read_is_nobody_serving() {
        var unreadable = new EventStore.Record(ByteString.copyFromUtf8("no record"), "k");
        StoreClient.get(store.append(new EventStore.Append(id, 0, "w", List.of(unreadable))));
        var failures = new ArrayList<Throwable>();
        var unused = EventStoreExtension.of(system).outcomes().find(id, "k").whenComplete((outcome, failure) -> {
            synchronized (failures) {
                failures.add(failure);
            }
        });
        Awaitility.await().untilAsserted(() -> {
            synchronized (failures) {
                assertThat(failures).hasSize(1).first().isInstanceOf(NotServing.class);
            }
        });
    }

    @Test
    void pipelined_writes_are_answered_in_order_and_replayed_in_order() {
        var actor = start();
        for (var n = 0; n < 50; n++) actor.tell(List.of(event("a" + n), event("b" + n)), probe.getRef());
        for (var n = 1; n <= 50; n++) {
            probe.expectMsg("stored " + (2 * n - 1));
            probe.expectMsg("stored " + 2 * n);
        }
        restart(actor);
        probe.expectMsg("recovered 100 from 0");
    }

    @Test
    void an_actor_whose_fence_was_lost_is_told_and_stops() {
        var actor = start();
        actor.tell(List.of(event("one")), probe.getRef());
        probe.expectMsg("stored 1");
        var fenced = store.stats().fenced();
        new StoreClient(store).append(id, 1, "rival", "two");
        probe.watch(actor);
        actor.tell(List.of(event("stale")), probe.getRef());
        var failure = probe.expectMsgClass(NotServing.class);
        assertThat(failure).hasMessage("fence lost: " + id + " expected revision 1 and found 2");
        probe.expectTerminated(actor);
        assertThat(store.stats().fenced()).isEqualTo(fenced + 1);
    }

    @Test
    void many_lost_fences_harm_no_other_entity() {
        for (var n = 0; n < 30; n++) {
            an_actor_whose_fence_was_lost_is_told_and_stops();
            fresh();
        }
        start().tell(List.of(event("one")), probe.getRef());
        probe.expectMsg("stored 1");
    }

    @Test
    void a_damaged_record_fails_the_recovery_by_name() throws Exception {
        var actor = start();
        actor.tell(List.of(event("one"), event("two")), probe.getRef());
        probe.expectMsg("stored 1");
        probe.expectMsg("stored 2");
        var file = EventStoreExtension.of(system).settings().store().replace("sqlite:", "jdbc:sqlite:");
        try (var connection = DriverManager.getConnection(file)) {
            SqliteFile.execute(
                    connection,
                    "UPDATE event SET record = x'00' WHERE revision = 2"
                            + " AND entity = (SELECT number FROM entity WHERE id = '" + id + "')");
        }
        restart(actor);
        assertThat(probe.expectMsgClass(DamagedRecord.class)).hasMessageContaining(id + " at revision 2 is damaged");
    }

    @Test
    void recovery_starts_from_a_snapshot() {
        var actor = start();
        actor.tell(List.of(event("one"), event("two")), probe.getRef());
        probe.expectMsg("stored 1");
        probe.expectMsg("stored 2");
        actor.tell(SnapshotRecord.newBuilder().setRevision(2).build(), probe.getRef());
        probe.expectMsgClass(SaveSnapshotSuccess.class);
        actor.tell(List.of(event("three")), probe.getRef());
        probe.expectMsg("stored 3");
        restart(actor);
        probe.expectMsg("recovered 3 from 2");
    }

    @Test
    void a_snapshot_of_events_that_are_not_stored_is_refused() {
        var actor = start();
        actor.tell(List.of(event("one")), probe.getRef());
        probe.expectMsg("stored 1");
        actor.tell(SnapshotRecord.newBuilder().setRevision(5).build(), probe.getRef());
        var failure = probe.expectMsgClass(SaveSnapshotFailure.class);
        assertThat(failure.cause()).hasMessageContaining("after 5 events, of which 1 are stored");
    }

    @Test
    void only_the_newest_own_snapshots_are_kept_and_those_of_others_are_theirs() {
        new StoreClient(store).append(id, 0, "w", "1", "2", "3", "4");
        var plugin = Persistence.get(system)
                .snapshotStoreFor("parvi.snapshot-store", system.settings().config());
        for (var revision = 1; revision <= 4; revision++) {
            save(
                    plugin,
                    revision,
                    SnapshotRecord.newBuilder().setRevision(revision).build());
        }
        assertThat(new StoreClient(store).load(id, EventStore.SnapshotRange.at(2)))
                .isEmpty();
        assertThat(new StoreClient(store).load(id, EventStore.SnapshotRange.at(3)))
                .isPresent();
        for (var revision = 1; revision <= 4; revision++) save(plugin, revision, "foreign");
        assertThat(new StoreClient(store).load(id, EventStore.SnapshotRange.at(1)))
                .isPresent();
    }

    @Test
    void an_own_snapshot_that_comes_after_its_events_were_deleted_is_taken_back() {
        new StoreClient(store).append(id, 0, "w", "1", "2", "3");
        StoreClient.get(store.deleteTo(id, 2));
        var plugin = Persistence.get(system)
                .snapshotStoreFor("parvi.snapshot-store", system.settings().config());
        save(plugin, 2, SnapshotRecord.newBuilder().setRevision(2).build());
        assertThat(new StoreClient(store).load(id, EventStore.SnapshotRange.ALL))
                .isEmpty();
        save(plugin, 3, SnapshotRecord.newBuilder().setRevision(3).build());
        assertThat(new StoreClient(store).load(id, EventStore.SnapshotRange.ALL))
                .isPresent();
        save(plugin, 2, "of somebody else");
        assertThat(new StoreClient(store).load(id, EventStore.SnapshotRange.at(2)))
                .isPresent();
    }

    @Test
    void parvis_records_are_named_by_their_proto_name_and_not_by_a_java_class() {
        var serialization = SerializationExtension.get(system);
        var snapshot = SnapshotRecord.newBuilder().setRevision(7).build();
        for (var record : List.of(event("one"), snapshot)) {
            var serializer = serialization.findSerializerFor(record);
            assertThat(serializer).isInstanceOf(RecordSerializer.class);
            var own = (RecordSerializer) serializer;
            assertThat(own.manifest(record)).isIn("parvi.v1.EventRecord", "parvi.v1.SnapshotRecord");
            assertThat(serialization
                            .deserialize(own.toBinary(record), own.identifier(), own.manifest(record))
                            .get())
                    .isEqualTo(record);
        }
        assertThat(serialization
                        .deserialize(new byte[0], RecordSerializer.IDENTIFIER, "java.lang.String")
                        .isFailure())
                .isTrue();
        assertThat(serialization
                        .deserialize(new byte[] {1}, RecordSerializer.IDENTIFIER, "parvi.v1.EventRecord")
                        .isFailure())
                .isTrue();
    }

    private void save(ActorRef plugin, long revision, Object snapshot) {
        plugin.tell(new SnapshotProtocol.SaveSnapshot(new SnapshotMetadata(id, revision, 0), snapshot), probe.getRef());
        probe.expectMsgClass(SaveSnapshotSuccess.class);
    }

    private ActorRef start() {
        var actor = system.actorOf(Props.create(Recorder.class, () -> new Recorder(id, probe.getRef())));
        probe.expectMsg("recovered 0 from 0");
        return actor;
    }

    private void restart(ActorRef actor) {
        probe.watch(actor);
        system.stop(actor);
        probe.expectTerminated(actor);
        system.actorOf(Props.create(Recorder.class, () -> new Recorder(id, probe.getRef())));
    }

    private static EventRecord event(String payload) {
        return EventRecord.newBuilder()
                .setType("test.v1.Event")
                .setPayload(ByteString.copyFromUtf8(payload))
                .build();
    }

    /** Persists lists of events, pipelined, and tells of everything that happens to it. */
    private static final class Recorder extends AbstractPersistentActor {
        private final String id;
        private final ActorRef listener;
        private long fromSnapshot;

        Recorder(String id, ActorRef listener) {
            this.id = id;
            this.listener = listener;
        }

        @Override
        public String persistenceId() {
            return id;
        }

        @Override
        public Receive createReceiveRecover() {
            return receiveBuilder()
                    .match(
                            SnapshotOffer.class,
                            offer -> fromSnapshot = offer.metadata().sequenceNr())
                    .match(EventRecord.class, event -> {})
                    .match(
                            RecoveryCompleted.class,
                            done -> listener.tell("recovered " + lastSequenceNr() + " from " + fromSnapshot, getSelf()))
                    .build();
        }

        @Override
        public Receive createReceive() {
            return receiveBuilder()
                    .match(
                            List.class,
                            events -> persistAllAsync(
                                    List.copyOf((List<?>) events),
                                    event -> listener.tell("stored " + lastSequenceNr(), getSelf())))
                    .match(SnapshotRecord.class, this::saveSnapshot)
                    .match(SaveSnapshotSuccess.class, saved -> listener.tell(saved, getSelf()))
                    .match(SaveSnapshotFailure.class, failed -> listener.tell(failed, getSelf()))
                    .build();
        }

        @Override
        public void onRecoveryFailure(Throwable cause, Option<Object> event) {
            listener.tell(cause, getSelf());
        }

        @Override
        public void onPersistFailure(Throwable cause, Object event, long revision) {
            listener.tell(cause, getSelf());
        }
    }
}
