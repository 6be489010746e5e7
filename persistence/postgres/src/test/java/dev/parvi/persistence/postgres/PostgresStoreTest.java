package dev.parvi.persistence.postgres;

import static dev.parvi.persistence.StoreClient.appendOf;
import static dev.parvi.persistence.StoreClient.failureOf;
import static dev.parvi.persistence.StoreClient.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.parvi.entity.NotServing;
import dev.parvi.persistence.DamagedRecord;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.EventStore.AppendResult;
import dev.parvi.persistence.EventStore.Appended;
import dev.parvi.persistence.EventStore.Fenced;
import dev.parvi.persistence.EventStoreConformance;
import dev.parvi.persistence.StoreClient;
import dev.parvi.persistence.UnusableStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class PostgresStoreTest extends EventStoreConformance {
    private final PostgresServer server = PostgresServer.shared();

    @Override
    protected EventStore open() {
        return server.openFresh();
    }

    @Test
    void two_stores_on_one_database_fence_each_other() {
        var config = server.freshConfig();
        try (var left = EventStore.open(config);
                var right = EventStore.open(config)) {
            var results = new ArrayList<CompletableFuture<AppendResult>>();
            for (var revision = 0; revision < 100; revision++) {
                results.add(left.append(appendOf("a", revision, "left", "left " + revision)));
                results.add(right.append(appendOf("a", revision, "right", "right " + revision)));
            }
            results.forEach(StoreClient::get);
            var reader = new StoreClient(left);
            var head = reader.head("a");
            assertThat(head).isPositive();
            assertThat(results.stream().filter(result -> isAppended(get(result))))
                    .hasSize((int) head);
            assertThat(reader.replay("a"))
                    .hasSize((int) head)
                    .allSatisfy(event -> assertThat(event.record().toStringUtf8())
                            .isEqualTo(event.writer() + " " + (event.revision() - 1)));
        }
    }

    @Test
    void of_two_stores_that_race_for_each_revision_exactly_one_stores_it() throws Exception {
        var config = server.freshConfig();
        try (var left = EventStore.open(config);
                var right = EventStore.open(config)) {
            var acknowledged = Collections.synchronizedList(new ArrayList<String>());
            var threads = new ArrayList<Thread>();
            for (var store : List.of(left, right))
                for (var n = 0; n < 4; n++) threads.add(new Thread(() -> race(store, 60, acknowledged)));
            threads.forEach(Thread::start);
            for (var thread : threads) thread.join();
            var stored = new ArrayList<String>();
            for (var event : new StoreClient(left).replay("a"))
                stored.add(event.revision() + " " + event.record().toStringUtf8());
            assertThat(stored).containsExactlyInAnyOrderElementsOf(acknowledged);
            assertThat(left.stats().fenced() + right.stats().fenced()).isPositive();
        }
    }

    /** Until so many were its own. */
    private static void race(EventStore store, int times, List<String> acknowledged) {
        var client = new StoreClient(store);
        var head = 0L;
        for (var own = 0; own < times; ) {
            var text = Thread.currentThread().getName() + " " + head;
            var result = client.append("a", head, text, text);
            if (isAppended(result)) {
                acknowledged.add((head + 1) + " " + text);
                own++;
            }
            head = result.<Long>fold(Appended::revision, Fenced::headRevision);
        }
    }

    @Test
    void two_stores_that_write_the_same_entities_in_opposite_orders_are_not_in_each_others_way() {
        var config = server.freshConfig("postgres.writers = 1");
        var entities = IntStream.range(0, 200).mapToObj(n -> "e" + n).toList();
        var reversed = new ArrayList<>(entities);
        Collections.reverse(reversed);
        try (var left = EventStore.open(config);
                var right = EventStore.open(config)) {
            for (var revision = 0; revision < 10; revision++) {
                var results = new ArrayList<CompletableFuture<AppendResult>>();
                for (var n = 0; n < entities.size(); n++) {
                    results.add(left.append(appendOf(entities.get(n), revision, "left", "l")));
                    results.add(right.append(appendOf(reversed.get(n), revision, "right", "r")));
                }
                assertThat(results.stream().filter(result -> isAppended(get(result))))
                        .hasSize(entities.size());
            }
            assertThat(left.stats().failed() + right.stats().failed()).isZero();
        }
    }

    @Test
    void a_history_can_be_recovered_by_many_at_once_while_it_grows() {
        client.append(
                "a", 0, "w", IntStream.range(0, 500).mapToObj(n -> "e" + n).toArray(String[]::new));
        var replays = new ArrayList<CompletableFuture<Void>>();
        var lists = new ArrayList<List<Long>>();
        for (var n = 0; n < 20; n++) {
            var seen = Collections.synchronizedList(new ArrayList<Long>());
            lists.add(seen);
            replays.add(
                    client.store().replay("a", 1, Long.MAX_VALUE, Long.MAX_VALUE, event -> seen.add(event.revision())));
            client.append("a", 500 + n, "w", "more");
        }
        replays.forEach(StoreClient::get);
        assertThat(lists)
                .allSatisfy(seen -> assertThat(seen)
                        .hasSizeGreaterThanOrEqualTo(500)
                        .containsExactlyElementsOf(Stream.iterate(1L, n -> n + 1)
                                .limit(seen.size())
                                .toList()));
    }

    @Test
    void a_writer_that_is_pipelined_beyond_a_lost_fence_is_fenced_until_it_stops() {
        client.append("a", 0, "w", "one");
        var results = IntStream.range(0, 50)
                .mapToObj(n -> client.store().append(appendOf("a", n, "rival", "r" + n)))
                .toList();
        assertThat(get(results.get(0))).isEqualTo(new Fenced(1));
        // What it knows of revision 1 is wrong, but what it sends next names the head: the entity stops it, not the
        // store.
        assertThat(get(results.get(1))).isEqualTo(new Appended(2));
    }

    @Test
    void a_damaged_record_is_named() throws Exception {
        try (var store = EventStore.open(server.config("damaged"))) {
            var damaged = new StoreClient(store);
            damaged.append("a", 0, "w", "one", "two", "three");
            server.execute("UPDATE damaged.event SET record = 'tow' WHERE revision = 2");
            assertThat(failureOf(store.replay("a", 1, 9, 9, event -> {})))
                    .isInstanceOf(DamagedRecord.class)
                    .hasMessageContaining("postgres://127.0.0.1")
                    .hasMessageContaining("the record of a at revision 2 is damaged");
            server.execute("DELETE FROM damaged.event WHERE revision = 2");
            assertThat(failureOf(store.replay("a", 1, 9, 9, event -> {})))
                    .isInstanceOf(DamagedRecord.class)
                    .hasMessageContaining("the record of a at revision 2 is missing");
            damaged.save("a", 1, "after 1");
            damaged.save("a", 3, "after 3");
            server.execute("UPDATE damaged.snapshot SET record = 'x' WHERE revision = 3");
            assertThat(damaged.load("a")).contains("after 1");
        }
    }

    @Test
    void an_id_that_cannot_be_stored_is_refused_alone() {
        var good = client.store().append(appendOf("good", 0, "w", "one"));
        for (var id : List.of("a\0b", "\ud800", "x".repeat(3_000)))
            assertThat(failureOf(client.store().append(appendOf(id, 0, "w", "one"))))
                    .isInstanceOf(IllegalArgumentException.class);
        assertThat(get(good)).isEqualTo(new Appended(1));
    }

    @Test
    void what_the_server_refuses_does_not_disturb_the_others_of_its_group() throws Exception {
        try (var store = EventStore.open(server.config("strict", "postgres.writers = 1"))) {
            server.execute("ALTER TABLE strict.event ADD CHECK (record <> 'poison')");
            var results = new ArrayList<CompletableFuture<AppendResult>>();
            for (var n = 0; n < 50; n++)
                results.add(store.append(appendOf("e" + n, 0, "w", n == 25 ? "poison" : "fine")));
            assertThat(failureOf(results.remove(25))).isInstanceOf(NotServing.class);
            assertThat(results).allSatisfy(result -> assertThat(get(result)).isEqualTo(new Appended(1)));
        }
    }

    @Test
    void a_full_queue_refuses() {
        try (var store = server.openFresh("queue-max = 10")) {
            var results = new ArrayList<CompletableFuture<AppendResult>>();
            for (var n = 0; n < 1_000; n++) results.add(store.append(appendOf("e" + n, 0, "w", "x")));
            var refused = results.stream()
                    .filter(result -> result.handle((stored, failure) -> failure instanceof NotServing)
                            .join())
                    .count();
            assertThat(refused).isPositive().isEqualTo(store.stats().failed());
            assertThat(store.stats().appends()).isEqualTo(1_000 - refused);
        }
    }

    @Test
    void events_of_all_entities_have_an_order_that_a_reader_can_follow() throws Exception {
        try (var store = EventStore.open(server.config("ordered"));
                var connection = server.connect();
                var statement = connection.createStatement()) {
            for (var n = 0; n < 20; n++) new StoreClient(store).append("e" + n % 3, n / 3, "w", "" + n);
            var order = new ArrayList<String>();
            try (var rows = statement.executeQuery("SELECT record FROM ordered.event"
                    + " WHERE xact < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY xact, position")) {
                while (rows.next())
                    order.add(ByteString.copyFrom(rows.getBytes(1)).toStringUtf8());
            }
            assertThat(order)
                    .containsExactlyElementsOf(
                            IntStream.range(0, 20).mapToObj(n -> "" + n).toList());
        }
    }

    @Test
    void an_accepted_write_is_stored_before_the_store_closes() {
        var config = server.freshConfig();
        var store = EventStore.open(config);
        var results = IntStream.range(0, 500)
                .mapToObj(n -> store.append(appendOf("a", n, "w", "e" + n)))
                .toList();
        store.close();
        assertThat(results).allSatisfy(result -> assertThat(result).isCompleted());
        try (var again = EventStore.open(config)) {
            assertThat(new StoreClient(again).head("a")).isEqualTo(500);
        }
    }

    @Test
    void a_connection_that_was_cut_while_idle_is_replaced() throws Exception {
        client.append("a", 0, "w", "one");
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'parvi'");
        var answered = client.store().append(appendOf("a", 1, "w", "two")).handle((stored, failure) -> failure == null);
        if (!get(answered)) client.append("a", 1, "w", "two");
        assertThat(client.records("a")).containsExactly("one", "two");
    }

    @Test
    void a_closed_store_leaves_no_connections() throws Exception {
        var store = server.openFresh();
        new StoreClient(store).append("a", 0, "w", "one");
        assertThatThrownBy(() -> EventStore.open(server.config("never_made", "auto-migrate = off")))
                .isInstanceOf(UnusableStore.class);
        store.close();
        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> thread.getName().startsWith("parvi-store"))
                .hasSizeLessThanOrEqualTo(6);
    }

    static boolean isAppended(AppendResult result) {
        return result.fold(appended -> true, fenced -> false);
    }
}
