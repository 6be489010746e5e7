package dev.parvi.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.typesafe.config.ConfigFactory;
import dev.parvi.entity.NotServing;
import dev.parvi.entity.OutcomeUnknown;
import dev.parvi.persistence.EventStore.Append;
import dev.parvi.protobuf.EventRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.JournalProtocol;
import org.apache.pekko.persistence.NonPersistentRepr;
import org.apache.pekko.persistence.Persistence;
import org.apache.pekko.persistence.PersistentEnvelope;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import scala.jdk.javaapi.CollectionConverters;

/** Requests that are more than one append may hold; {@link NarrowJournal} allows three events and a thousand bytes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class JournalPartsTest {
    private static final int INSTANCE = 1;
    private static final Duration QUIET = Duration.ofMillis(200);

    private final ActorSystem system = ActorSystem.create(
            "parts",
            ConfigFactory.parseString("parvi.journal.class = \"" + NarrowJournal.class.getName() + "\"")
                    .withFallback(TckConfig.on("memory:")));
    private final ActorRef journal = Persistence.get(system)
            .journalFor("parvi.journal", system.settings().config());
    private TestKit actor = new TestKit(system);
    private String id = "";
    private long revision;

    @AfterAll
    void end() {
        TestKit.shutdownActorSystem(system);
    }

    @BeforeEach
    void fresh() {
        actor = new TestKit(system);
        id = "account/" + UUID.randomUUID();
        revision = 0;
    }

    @Test
    void a_request_that_fits_is_one_append() {
        send(write(1), write(2));
        expectWhole(JournalProtocol.WriteMessagesSuccessful$.class);
        expectStored(1, 3);
        assertThat(appends()).containsExactly("1..3");
    }

    @Test
    void parts_are_cut_between_writes_and_stored_in_order() {
        send(write(1), write(2), write(2), write(3), write(1));
        expectStored(1, 8);
        expectWhole(JournalProtocol.WriteMessagesSuccessful$.class);
        expectStored(9, 9);
        assertThat(appends()).containsExactly("1..3", "4..5", "6..8", "9..9");
        assertThat(stored())
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 9).boxed().toList());
    }

    @Test
    void a_part_is_as_heavy_as_the_store_allows_and_no_heavier() {
        send(IntStream.range(0, 7).mapToObj(n -> write(300, 1)).toArray(PersistentEnvelope[]::new));
        expectStored(1, 6);
        expectWhole(JournalProtocol.WriteMessagesSuccessful$.class);
        expectStored(7, 7);
        assertThat(appends()).containsExactly("1..2", "3..4", "5..6", "7..7");
        assertThat(NarrowJournal.asked(id).appends())
                .allSatisfy(append -> assertThat(append.sizeBytes()).isBetween(300L, NarrowJournal.LIMITS.bytesMax()));
    }

    @Test
    void the_next_part_waits_until_the_one_before_is_stored() {
        var until = new CompletableFuture<Void>();
        NarrowJournal.asked(id).holdBack(1, until);
        send(write(3), write(3), write(3));
        expectStored(1, 3);
        actor.expectNoMessage(QUIET);
        assertThat(appends()).containsExactly("1..3", "4..6");
        until.complete(null);
        expectStored(4, 6);
        expectWhole(JournalProtocol.WriteMessagesSuccessful$.class);
        expectStored(7, 9);
    }

    @Test
    void if_the_first_part_fails_nothing_is_stored_and_all_are_told_so() {
        var full = new NotServing("the queue is full");
        NarrowJournal.asked(id).holdBack(0, CompletableFuture.failedFuture(full));
        send(write(2), write(3), write(1));
        assertThat(expectWhole(JournalProtocol.WriteMessagesFailed.class))
                .isEqualTo(new JournalProtocol.WriteMessagesFailed(full, 3));
        expectFailed(1, 6, full);
        assertThat(appends()).containsExactly("1..2");
        assertThat(stored()).isEmpty();
    }

    @Test
    void if_a_later_part_fails_those_before_it_are_told_that_they_are_stored() {
        var unknown = new OutcomeUnknown("the disk failed");
        NarrowJournal.asked(id).holdBack(1, CompletableFuture.failedFuture(unknown));
        send(write(1), write(2), write(2), write(3));
        expectStored(1, 3);
        assertThat(expectWhole(JournalProtocol.WriteMessagesFailed.class))
                .isEqualTo(new JournalProtocol.WriteMessagesFailed(unknown, 2));
        expectFailed(4, 8, unknown);
        assertThat(appends()).containsExactly("1..3", "4..5");
        assertThat(stored()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void a_part_that_finds_another_owner_is_not_stored() {
        var until = new CompletableFuture<Void>();
        NarrowJournal.asked(id).holdBack(1, until);
        send(write(3), write(3), write(3));
        expectStored(1, 3);
        new StoreClient(NarrowJournal.real(system)).append(id, 3, "rival", "theirs");
        until.complete(null);
        var failed = expectWhole(JournalProtocol.WriteMessagesFailed.class);
        assertThat(failed.cause())
                .isInstanceOf(NotServing.class)
                .hasMessage("fence lost: " + id + " expected revision 3 and found 4");
        expectFailed(4, 9, failed.cause());
        assertThat(stored()).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void a_write_that_is_too_much_on_its_own_is_not_divided() {
        send(write(1), write(4), write(1));
        expectStored(1, 1);
        var failed = expectWhole(JournalProtocol.WriteMessagesFailed.class);
        assertThat(failed).isEqualTo(new JournalProtocol.WriteMessagesFailed(failed.cause(), 2));
        assertThat(failed.cause()).isInstanceOf(NotServing.class);
        expectFailed(2, 6, failed.cause());
        assertThat(stored()).containsExactly(1L);
    }

    @Test
    void an_event_that_cannot_be_serialized_fails_its_request_before_any_part_is_stored() {
        var fits = write(3);
        var unserializable = List.of(repr(new Object(), ++revision));
        send(fits, new AtomicWrite(CollectionConverters.asScala(unserializable).toSeq()));
        var failed = expectWhole(JournalProtocol.WriteMessagesFailed.class);
        expectFailed(1, 4, failed.cause());
        assertThat(appends()).isEmpty();
    }

    @Test
    void what_is_not_stored_keeps_its_place_between_the_events() {
        send(loop("a"), write(3), loop("b"), write(1), loop("c"));
        expectLoop("a");
        expectStored(1, 3);
        expectLoop("b");
        expectWhole(JournalProtocol.WriteMessagesSuccessful$.class);
        expectStored(4, 4);
        expectLoop("c");
    }

    @Test
    void an_actor_that_restarts_meanwhile_sees_all_parts() {
        var until = new CompletableFuture<Void>();
        NarrowJournal.asked(id).holdBack(1, until);
        send(write(3), write(3), write(3));
        expectStored(1, 3);
        var restarted = new TestKit(system);
        journal.tell(new JournalProtocol.ReplayMessages(1, 0, 0, id, restarted.getRef()), restarted.getRef());
        restarted.expectNoMessage(QUIET);
        until.complete(null);
        restarted.expectMsg(new JournalProtocol.RecoverySuccess(9));
    }

    private void send(PersistentEnvelope... messages) {
        var all = CollectionConverters.asScala(List.of(messages)).toSeq();
        journal.tell(new JournalProtocol.WriteMessages(all, actor.getRef(), INSTANCE), actor.getRef());
    }

    private AtomicWrite write(int events) {
        return write(10, events);
    }

    /** Of the entity's next events. */
    private AtomicWrite write(int bytes, int events) {
        var all = new ArrayList<PersistentRepr>();
        for (var n = 0; n < events; n++) {
            var payload = EventRecord.newBuilder().setPayload(ByteString.copyFrom(new byte[bytes]));
            all.add(repr(payload.build(), ++revision));
        }
        return new AtomicWrite(CollectionConverters.asScala(all).toSeq());
    }

    private PersistentRepr repr(Object event, long number) {
        return PersistentRepr.apply(event, number, id, "", false, actor.getRef(), "writer");
    }

    private NonPersistentRepr loop(String payload) {
        return new NonPersistentRepr(payload, actor.getRef());
    }

    private <T> T expectWhole(Class<T> type) {
        return actor.expectMsgClass(type);
    }

    private void expectLoop(String payload) {
        actor.expectMsg(new JournalProtocol.LoopMessageSuccess(payload, INSTANCE));
    }

    private void expectStored(long from, long to) {
        for (var n = from; n <= to; n++)
            assertThat(actor.expectMsgClass(JournalProtocol.WriteMessageSuccess.class)
                            .persistent()
                            .sequenceNr())
                    .isEqualTo(n);
    }

    /** And nothing after them. */
    private void expectFailed(long from, long to, Throwable cause) {
        for (var n = from; n <= to; n++) {
            var failure = actor.expectMsgClass(JournalProtocol.WriteMessageFailure.class);
            assertThat(failure.message().sequenceNr()).isEqualTo(n);
            assertThat(failure.cause()).isSameAs(cause);
        }
        actor.expectNoMessage(QUIET);
    }

    private List<String> appends() {
        return NarrowJournal.asked(id).appends().stream()
                .map(JournalPartsTest::range)
                .toList();
    }

    private static String range(Append append) {
        return append.expectedRevision() + 1 + ".." + append.lastRevision();
    }

    private List<Long> stored() {
        return new StoreClient(NarrowJournal.real(system))
                .replay(id).stream().map(EventStore.StoredEvent::revision).toList();
    }
}
