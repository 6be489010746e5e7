package dev.parvi.persistence.pekkojournal;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import com.google.protobuf.StringValue;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.EventStore.Append;
import dev.parvi.persistence.EventStore.Record;
import dev.parvi.persistence.EventStore.StoredEvent;
import dev.parvi.persistence.StoreSettings;
import dev.parvi.persistence.pekkojournal.JournalMapping.Target;
import dev.parvi.persistence.pekkojournal.PekkoJournalImport.Refusal;
import dev.parvi.persistence.pekkojournal.PekkoJournalImport.Result;
import dev.parvi.protobuf.JournalRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A journal that the stock plugin has written becomes entities of Parvi. */
class PekkoJournalImportIT {
    private final String keyspace = StockRing.freshKeyspace();
    private final StockApplication application = new StockApplication(StockRing.stockConfig(keyspace, 500_000));
    private final EventStore store = EventStore.open(StoreSettings.config("store = \"memory:\""));
    private final List<Refusal> refusals = new ArrayList<>();

    @AfterEach
    void stop() {
        store.close();
        application.close();
    }

    @Test
    void an_entity_gets_what_a_replay_delivers_and_nothing_that_it_discards() throws Exception {
        var stale = application.own("cart|7");
        var fresh = application.own("cart|7");
        stale.store("stale-1", "stale-2");
        fresh.store("fresh-1", "fresh-2", "fresh-3");
        stale.store("stale-3", "stale-4", "stale-5");
        application.own("other|1").store("of another kind");
        application.own("cart|7").store("last");

        var result = importAll(new Carts());

        assertThat(refusals).isEmpty();
        assertThat(result.entities()).isEqualTo(1);
        assertThat(result.leftOut()).isEqualTo(1);
        assertThat(result.stored()).isEqualTo(4);
        var replayed = application.replay("cart|7").stream()
                .map(StockApplication.Replayed::event)
                .toList();
        assertThat(replayed).containsExactly("fresh-1", "fresh-2", "fresh-3", "last");
        assertThat(texts("cart/7")).isEqualTo(replayed);
        assertThat(events("cart/7")).extracting(StoredEvent::writer).containsOnly("import:cart|7");
        var record = JournalRecord.parseFrom(events("cart/7").get(0).record());
        assertThat(record.getEvent().getType()).isEqualTo("google.protobuf.StringValue");
        assertThat(record.getEvent().hasOutcome()).isFalse();
        assertThat(Instant.ofEpochMilli(record.getEvent().getTimeMillis()))
                .isBetween(Instant.now().minus(Duration.ofMinutes(5)), Instant.now());
        assertThat(record.getTimestamp()).isEqualTo(record.getEvent().getTimeMillis());
    }

    @Test
    void an_import_that_runs_again_goes_on_where_it_stopped() {
        var owner = application.own("cart|1");
        owner.store(IntStream.rangeClosed(1, 50).mapToObj(n -> "event-" + n).toArray(String[]::new));
        IntStream.rangeClosed(51, 250).forEach(n -> owner.store("event-" + n));

        var interrupted = importAll(new Carts("event-180"));
        assertThat(interrupted.entities()).isZero();
        assertThat(refusals)
                .singleElement()
                .extracting(Refusal::sentence)
                .asString()
                .startsWith(
                        "the mapping failed at number 180 of the journal's cart|1, and cart/1 ends at revision 179: ");
        assertThat(texts("cart/1")).hasSize(179);

        refusals.clear();
        var resumed = importAll(new Carts());
        assertThat(refusals).isEmpty();
        assertThat(resumed.wereThere()).isEqualTo(179);
        assertThat(resumed.stored()).isEqualTo(71);
        assertThat(texts("cart/1")).hasSize(250).endsWith("event-250");

        owner.store("event-251");
        var again = importAll(new Carts());
        assertThat(again.stored()).isEqualTo(1);
        assertThat(store.head("cart/1").join()).isEqualTo(251);
        assertThat(importAll(new Carts()).stored()).isZero();
    }

    @Test
    void an_entity_that_somebody_else_has_written_is_refused_by_name_and_the_others_go_on() {
        application.own("cart|1").store("a");
        application.own("cart|2").store("b");
        var foreign = new Record(JournalRecord.getDefaultInstance().toByteString(), "");
        store.append(new Append("cart/1", 0, "an owner", List.of(foreign))).join();

        var result = importAll(new Carts());

        assertThat(result.entities()).isEqualTo(1);
        assertThat(result.refused()).isEqualTo(1);
        assertThat(refusals)
                .containsExactly(
                        new Refusal(
                                "cart|1",
                                "cart/1 is in the store up to revision 1, and not by an import of cart|1: it was left as it is"));
        assertThat(events("cart/1")).hasSize(1);
        assertThat(texts("cart/2")).containsExactly("b");
    }

    @Test
    void an_owner_that_has_taken_over_since_is_not_written_over() {
        var owner = application.own("cart|1");
        owner.store("a");
        importAll(new Carts());
        var own = new Record(JournalRecord.getDefaultInstance().toByteString(), "");
        store.append(new Append("cart/1", 1, "an owner", List.of(own))).join();
        owner.store("b", "c");

        importAll(new Carts());

        assertThat(refusals)
                .singleElement()
                .extracting(Refusal::sentence)
                .asString()
                .contains("cart/1");
        assertThat(events("cart/1")).hasSize(2);
    }

    @Test
    void an_entity_whose_events_were_all_deleted_is_refused() {
        application.own("cart|1").store("a");
        var other = new Record(JournalRecord.getDefaultInstance().toByteString(), "");
        store.append(new Append("cart/1", 0, "an owner", List.of(other))).join();
        store.deleteTo("cart/1", 1).join();
        importAll(new Carts());
        assertThat(refusals)
                .singleElement()
                .extracting(Refusal::sentence)
                .asString()
                .contains("cart/1", "it was left as it is");
    }

    @Test
    void a_journal_whose_replay_changed_since_is_refused() {
        var stale = application.own("cart|1");
        var fresh = application.own("cart|1");
        stale.store("stale");
        fresh.store("fresh");
        importAll(new Carts());
        assertThat(texts("cart/1")).containsExactly("stale");
        fresh.store("more");

        importAll(new Carts());

        assertThat(refusals)
                .singleElement()
                .extracting(Refusal::sentence)
                .asString()
                .startsWith("cart/1 holds another event at revision 1 than number 1 of the journal's cart|1");
        assertThat(texts("cart/1")).containsExactly("stale");
    }

    @Test
    void what_cannot_be_replayed_is_refused_before_anything_of_it_is_stored() {
        application.own("cart|1").store("a", "b", "c");
        try (var session = StockRing.administrator()) {
            session.execute("DELETE FROM " + keyspace
                    + ".messages WHERE persistence_id = 'cart|1' AND partition_nr = 0 AND sequence_nr = 2");
        }
        importAll(new Carts());
        assertThat(refusals)
                .containsExactly(
                        new Refusal(
                                "cart|1",
                                "the journal's cart|1 cannot be replayed, since number 2 is missing: leave it out, or mend it"));
        assertThat(store.head("cart/1").join()).isZero();
    }

    @Test
    void two_persistence_ids_do_not_become_one_entity() {
        application.own("cart|1").store("a");
        application.own("cart|01").store("b");
        importAll(new Carts());
        assertThat(refusals)
                .singleElement()
                .extracting(Refusal::sentence)
                .asString()
                .contains("cart/1");
        assertThat(events("cart/1")).hasSize(1);
    }

    private Result importAll(JournalMapping mapping) {
        try (var journal = StockRing.journal(keyspace)) {
            return PekkoJournalImport.of(journal, store, mapping).run(refusals::add, progress -> {});
        }
    }

    private List<StoredEvent> events(String entity) {
        var events = new ArrayList<StoredEvent>();
        store.replay(entity, 1, Long.MAX_VALUE, Long.MAX_VALUE, events::add).join();
        return events;
    }

    private List<String> texts(String entity) {
        return events(entity).stream().map(PekkoJournalImportIT::text).toList();
    }

    private static String text(StoredEvent event) {
        try {
            var payload = JournalRecord.parseFrom(event.record()).getEvent().getPayload();
            return StringValue.parseFrom(payload).getValue();
        } catch (com.google.protobuf.InvalidProtocolBufferException damaged) {
            throw new IllegalStateException(damaged);
        }
    }

    /** What an author writes, and a place where it fails. */
    private record Carts(String failsAt) implements JournalMapping {
        Carts() {
            this("");
        }

        @Override
        public Optional<Target> entity(String persistenceId) {
            if (!persistenceId.startsWith("cart|")) return Optional.empty();
            return Optional.of(new Target("cart", persistenceId.substring(5).replaceFirst("^0", "")));
        }

        @Override
        public Message event(Target entity, JournalEvent stored) {
            var text = stored.payload().toStringUtf8();
            if (text.equals(failsAt)) throw new IllegalArgumentException("an event of a kind that I do not know");
            return StringValue.of(text);
        }
    }
}
