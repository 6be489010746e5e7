package dev.parvi.persistence;

import static dev.parvi.persistence.StoreClient.appendOf;
import static dev.parvi.persistence.StoreClient.failureOf;
import static dev.parvi.persistence.StoreClient.get;
import static dev.parvi.persistence.StoreClient.snapshotOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.parvi.entity.NotServing;
import dev.parvi.persistence.EventStore.Append;
import dev.parvi.persistence.EventStore.AppendResult;
import dev.parvi.persistence.EventStore.Appended;
import dev.parvi.persistence.EventStore.Fenced;
import dev.parvi.persistence.EventStore.Record;
import dev.parvi.persistence.EventStore.Snapshot;
import dev.parvi.persistence.EventStore.SnapshotRange;
import dev.parvi.persistence.EventStore.StoredEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What every store does, whatever it keeps its rows in. {@link ConformanceProofTest} shows that it can fail. */
public abstract class EventStoreConformance extends FeedConformance {
    @Test
    void an_unknown_entity_is_at_revision_0_and_has_no_events() {
        assertThat(client.head("nobody")).isZero();
        assertThat(client.replay("nobody")).isEmpty();
    }

    @Test
    void stored_events_come_back_in_order_with_revision_writer_and_bytes() {
        assertThat(client.append("a", 0, "w", "one")).isEqualTo(new Appended(1));
        assertThat(client.append("a", 1, "w", "two", "three")).isEqualTo(new Appended(3));
        assertThat(client.replay("a"))
                .containsExactly(event("a", 1, "w", "one"), event("a", 2, "w", "two"), event("a", 3, "w", "three"));
        assertThat(client.head("a")).isEqualTo(3);
    }

    @Test
    void entities_are_kept_apart() {
        client.append("a", 0, "w", "of a");
        client.append("b", 0, "w", "of b");
        client.append("ä/%_'", 0, "w", "of another");
        assertThat(client.records("a")).containsExactly("of a");
        assertThat(client.records("b")).containsExactly("of b");
        assertThat(client.records("ä/%_'")).containsExactly("of another");
    }

    @Test
    void a_replay_keeps_to_its_bounds() {
        for (var n = 0; n < 6; n++) client.append("a", n, "w", "e" + (n + 1));
        assertThat(revisions(client.replay("a", 2, 4, Long.MAX_VALUE))).containsExactly(2L, 3L, 4L);
        assertThat(revisions(client.replay("a", 2, 100, 2))).containsExactly(2L, 3L);
        assertThat(client.replay("a", 2, 4, 0)).isEmpty();
        assertThat(client.replay("a", 4, 2, 10)).isEmpty();
        assertThat(client.replay("a", 7, 9, 10)).isEmpty();
    }

    @Test
    void a_stale_writer_is_fenced_and_stores_nothing() {
        client.append("a", 0, "old", "one");
        client.append("a", 1, "new", "two");
        assertThat(client.append("a", 1, "old", "stale")).isEqualTo(new Fenced(2));
        assertThat(client.append("a", 0, "old", "staler", "still")).isEqualTo(new Fenced(2));
        assertThat(client.records("a")).containsExactly("one", "two");
        assertThat(store.stats().fenced()).isEqualTo(2);
    }

    @Test
    void a_gap_is_fenced_and_stores_nothing() {
        assertThat(client.append("a", 3, "w", "four")).isEqualTo(new Fenced(0));
        assertThat(client.head("a")).isZero();
        assertThat(client.append("a", 0, "w", "one")).isEqualTo(new Appended(1));
    }

    @Test
    void of_two_interleaved_writers_exactly_one_stores_each_revision() {
        var results = new ArrayList<CompletableFuture<AppendResult>>();
        for (var revision = 0; revision < 50; revision++) {
            results.add(store.append(appendOf("a", revision, "left", "left " + revision)));
            results.add(store.append(appendOf("a", revision, "right", "right " + revision)));
        }
        var appended =
                results.stream().filter(result -> isAppended(get(result))).count();
        assertThat(appended).isEqualTo(50);
        assertThat(client.head("a")).isEqualTo(50);
        assertThat(client.replay("a"))
                .allSatisfy(event -> assertThat(event.record().toStringUtf8())
                        .isEqualTo(event.writer() + " " + (event.revision() - 1)));
    }

    @Test
    void the_same_append_again_by_the_same_writer_is_told_that_it_succeeded() {
        client.append("a", 0, "w", "one", "two");
        assertThat(client.append("a", 0, "w", "one", "two")).isEqualTo(new Appended(2));
        client.append("a", 2, "w", "three");
        assertThat(client.append("a", 0, "w", "one", "two")).isEqualTo(new Appended(2));
        assertThat(client.records("a")).containsExactly("one", "two", "three");
    }

    @Test
    void a_retry_that_differs_in_writer_bytes_or_number_is_fenced() {
        client.append("a", 0, "w", "one", "two");
        assertThat(client.append("a", 0, "other", "one", "two")).isEqualTo(new Fenced(2));
        assertThat(client.append("a", 0, "w", "one", "too")).isEqualTo(new Fenced(2));
        assertThat(client.append("a", 0, "w", "one", "two", "three")).isEqualTo(new Fenced(2));
        assertThat(client.records("a")).containsExactly("one", "two");
    }

    @Test
    void a_writer_without_a_name_has_no_retries() {
        client.append("a", 0, "", "one");
        assertThat(client.append("a", 0, "", "one")).isEqualTo(new Fenced(1));
    }

    @Test
    void an_append_that_is_fenced_leaves_the_others_of_its_group_alone() {
        client.append("a", 0, "w", "one");
        var results = List.of(
                store.append(appendOf("b", 0, "w", "b1")),
                store.append(appendOf("a", 0, "rival", "lost")),
                store.append(appendOf("a", 1, "w", "two")),
                store.append(appendOf("b", 1, "w", "b2")));
        assertThat(results.stream().map(StoreClient::get))
                .containsExactly(new Appended(1), new Fenced(1), new Appended(2), new Appended(2));
        assertThat(client.records("a")).containsExactly("one", "two");
    }

    @Test
    void an_append_needs_events_and_a_revision() {
        assertThatThrownBy(() -> appendOf("a", 0, "w")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> appendOf("a", -1, "w", "x")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void deleted_events_are_gone_and_the_fence_stays() {
        client.append("a", 0, "w", "one", "two", "three");
        get(store.deleteTo("a", 2));
        assertThat(client.records("a")).containsExactly("three");
        assertThat(client.append("a", 2, "rival", "again")).isEqualTo(new Fenced(3));
        assertThat(client.append("a", 0, "w", "one", "two", "three")).isEqualTo(new Fenced(3));
        assertThat(client.append("a", 3, "w", "four")).isEqualTo(new Appended(4));
    }

    @Test
    void deleting_everything_keeps_the_head() {
        client.append("a", 0, "w", "one", "two");
        get(store.deleteTo("a", Long.MAX_VALUE));
        get(store.deleteTo("a", 1));
        assertThat(client.replay("a")).isEmpty();
        assertThat(client.head("a")).isEqualTo(2);
        assertThat(client.append("a", 0, "w", "one")).isEqualTo(new Fenced(2));
        assertThat(client.append("a", 2, "w", "three")).isEqualTo(new Appended(3));
        assertThat(client.records("a")).containsExactly("three");
    }

    @Test
    void deleting_from_an_unknown_entity_does_nothing() {
        get(store.deleteTo("nobody", 5));
        assertThat(client.append("nobody", 0, "w", "one")).isEqualTo(new Appended(1));
    }

    @Test
    void an_event_is_found_by_its_key() {
        client.append("a", 0, "w", "one");
        client.appendKeyed("a", 1, "k1", "k2");
        assertThat(get(store.find("a", "k1"))).containsExactly(event("a", 2, "w", "k1!"));
        assertThat(get(store.find("a", "k2"))).containsExactly(event("a", 3, "w", "k2!"));
    }

    @Test
    void no_event_is_found_for_another_entity_another_key_or_no_key() {
        client.append("a", 0, "w", "without a key");
        client.appendKeyed("a", 1, "k");
        client.appendKeyed("b", 0, "of b");
        assertThat(client.find("b", "k")).isEmpty();
        assertThat(client.find("nobody", "k")).isEmpty();
        assertThat(client.find("a", "of b")).isEmpty();
        assertThat(client.find("a", "K")).isEmpty();
        assertThat(client.find("a", "")).isEmpty();
    }

    @Test
    void events_with_one_key_are_found_newest_first() {
        client.appendKeyed("a", 0, "k", "other", "k");
        client.appendKeyed("a", 3, "k");
        assertThat(client.find("a", "k")).containsExactly(4L, 3L, 1L);
    }

    @Test
    void an_event_is_found_among_thousands() {
        for (var entity : List.of("a", "b", "c"))
            client.appendKeyed(
                    entity,
                    0,
                    IntStream.rangeClosed(1, 3_000).mapToObj(n -> "k" + n).toArray(String[]::new));
        assertThat(get(store.find("b", "k1234"))).containsExactly(event("b", 1_234, "w", "k1234!"));
        assertThat(client.find("b", "k3001")).isEmpty();
    }

    @Test
    void deleted_events_are_not_found() {
        client.appendKeyed("a", 0, "k1", "k2", "k3");
        get(store.deleteTo("a", 2));
        assertThat(client.find("a", "k1")).isEmpty();
        assertThat(client.find("a", "k2")).isEmpty();
        assertThat(client.find("a", "k3")).containsExactly(3L);
        get(store.deleteTo("a", 3));
        assertThat(client.find("a", "k3")).isEmpty();
    }

    @Test
    void what_was_fenced_is_not_found() {
        client.append("a", 0, "w", "one");
        var rival = new Append("a", 0, "rival", List.of(new Record(ByteString.copyFromUtf8("lost"), "k")));
        assertThat(get(store.append(rival))).isEqualTo(new Fenced(1));
        assertThat(client.find("a", "k")).isEmpty();
    }

    @Test
    void the_newest_snapshot_in_range_is_loaded() {
        client.append("a", 0, "w", "1", "2", "3", "4", "5");
        client.save("a", 2, "after 2");
        client.save("a", 4, "after 4");
        assertThat(client.load("a")).contains("after 4");
        assertThat(client.load("a", upTo(3))).contains("after 2");
        assertThat(client.load("a", upTo(1))).isEmpty();
        assertThat(client.load("a", SnapshotRange.at(2))).contains("after 2");
        var before = new SnapshotRange(0, Long.MAX_VALUE, Instant.EPOCH, StoreClient.TIME.plusSeconds(3));
        assertThat(client.load("a", before)).contains("after 2");
        assertThat(client.load("b")).isEmpty();
    }

    @Test
    void a_snapshot_replaces_one_of_its_revision() {
        client.append("a", 0, "w", "one");
        client.save("a", 1, "first");
        client.save("a", 1, "second");
        assertThat(client.load("a")).contains("second");
    }

    @Test
    void only_the_newest_snapshots_are_kept() {
        client.append("a", 0, "w", "1", "2", "3", "4");
        for (var revision = 1; revision <= 4; revision++)
            get(store.save(snapshotOf("a", revision, "w", "after " + revision), 2));
        assertThat(client.load("a")).contains("after 4");
        assertThat(client.load("a", upTo(3))).contains("after 3");
        assertThat(client.load("a", upTo(2))).isEmpty();
    }

    @Test
    void snapshots_in_range_are_deleted() {
        client.append("a", 0, "w", "1", "2", "3");
        for (var revision = 1; revision <= 3; revision++) client.save("a", revision, "after " + revision);
        get(store.deleteSnapshots("a", SnapshotRange.at(2)));
        assertThat(client.load("a", upTo(2))).contains("after 1");
        get(store.deleteSnapshots("a", SnapshotRange.ALL));
        assertThat(client.load("a")).isEmpty();
        get(store.deleteSnapshots("nobody", SnapshotRange.ALL));
    }

    @Test
    void a_snapshot_that_the_journal_does_not_back_is_passed_over() {
        client.append("a", 0, "w", "1", "2");
        client.save("a", 1, "after 1");
        client.save("a", 3, "of an event that was never stored");
        assertThat(client.load("a")).contains("after 1");
        get(store.save(snapshotOf("a", 2, "rival", "of a rival's event"), 10));
        assertThat(client.load("a")).contains("after 1");
    }

    @Test
    void a_snapshot_outlives_the_events_that_were_deleted_because_of_it() {
        client.append("a", 0, "w", "1", "2", "3");
        get(store.save(snapshotOf("a", 2, "w", "after 2"), 10));
        get(store.deleteTo("a", 2));
        assertThat(client.load("a")).contains("after 2");
        get(store.save(snapshotOf("a", 3, "w", "after 3"), 10));
        get(store.deleteTo("a", 3));
        assertThat(client.load("a")).contains("after 3");
    }

    @Test
    void a_snapshot_of_a_deleted_event_is_trusted_whoever_stored_that_event() {
        client.append("a", 0, "w", "1", "2");
        get(store.deleteTo("a", 2));
        client.append("a", 2, "w", "3");
        get(store.save(snapshotOf("a", 2, "another", "after 2"), 10));
        assertThat(client.load("a")).contains("after 2");
    }

    @Test
    void a_long_history_is_replayed_completely() {
        var all = IntStream.range(0, 3_000).mapToObj(n -> "event " + n).toArray(String[]::new);
        client.append("a", 0, "w", all);
        assertThat(client.records("a")).containsExactly(all);
    }

    @Test
    void an_event_of_a_megabyte_comes_back_as_it_was() {
        var bytes = new byte[1 << 20];
        for (var n = 0; n < bytes.length; n++) bytes[n] = (byte) (n * 31 / 8);
        get(store.append(new Append("a", 0, "w", List.of(new Record(ByteString.copyFrom(bytes), "")))));
        get(store.save(new Snapshot("a", 1, "w", StoreClient.TIME, ByteString.copyFrom(bytes)), 2));
        assertThat(client.replay("a").get(0).record()).isEqualTo(ByteString.copyFrom(bytes));
        assertThat(get(store.load("a", SnapshotRange.ALL)).orElseThrow().record())
                .isEqualTo(ByteString.copyFrom(bytes));
    }

    @Test
    void an_empty_record_is_a_record() {
        client.append("a", 0, "w", "", "two");
        client.save("a", 1, "");
        assertThat(client.records("a")).containsExactly("", "two");
        assertThat(client.load("a")).contains("");
    }

    @Test
    void a_store_belongs_to_the_cluster_that_claimed_it_first() {
        assertThat(get(store.claim("first", "host", false)).cluster()).isEqualTo("first");
        assertThat(get(store.claim("first", "another", false)).host()).isEqualTo("host");
        assertThat(get(store.claim("second", "host", false)).cluster()).isEqualTo("first");
        assertThat(get(store.claim("second", "host", true)).cluster()).isEqualTo("second");
        assertThat(get(store.claim("first", "host", false)).cluster()).isEqualTo("second");
        assertThat(client.head(ClusterClaim.ENTITY)).isEqualTo(2);
    }

    @Test
    void of_many_that_claim_a_store_at_once_one_gets_it() {
        var claims = IntStream.range(0, 8)
                .mapToObj(n -> store.claim("cluster " + n, "host", false))
                .toList();
        assertThat(claims.stream().map(claim -> get(claim).cluster()).distinct())
                .hasSize(1);
    }

    @Test
    void many_entities_are_written_at_once() {
        var results = new ArrayList<CompletableFuture<AppendResult>>();
        for (var revision = 0; revision < 10; revision++)
            for (var entity = 0; entity < 300; entity++)
                results.add(store.append(appendOf("e" + entity, revision, "w", entity + "/" + revision)));
        assertThat(results)
                .allSatisfy(result -> assertThat(isAppended(get(result))).isTrue());
        for (var entity = 0; entity < 300; entity++)
            assertThat(revisions(client.replay("e" + entity)))
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, 10).boxed().toList());
        var stats = store.stats();
        assertThat(stats.appends()).isEqualTo(3_000);
        assertThat(stats.events()).isEqualTo(3_000);
        assertThat(stats.queued()).isZero();
        assertThat(store.failure()).isEmpty();
    }

    @Test
    void a_closed_store_serves_nothing() {
        client.append("a", 0, "w", "one");
        store.close();
        assertThat(failureOf(store.append(appendOf("a", 1, "w", "two")))).isInstanceOf(NotServing.class);
        assertThat(failureOf(store.head("a"))).isInstanceOf(NotServing.class);
        assertThat(failureOf(store.find("a", "k"))).isInstanceOf(NotServing.class);
        store.close();
    }

    static boolean isAppended(AppendResult result) {
        return result.fold(appended -> true, fenced -> false);
    }

    private static SnapshotRange upTo(long revision) {
        return new SnapshotRange(0, revision, SnapshotRange.ALL.timeMin(), SnapshotRange.ALL.timeMax());
    }

    private static StoredEvent event(String entity, long revision, String writer, String record) {
        return new StoredEvent(entity, revision, writer, ByteString.copyFromUtf8(record));
    }

    private static List<Long> revisions(List<StoredEvent> events) {
        return events.stream().map(StoredEvent::revision).toList();
    }
}
