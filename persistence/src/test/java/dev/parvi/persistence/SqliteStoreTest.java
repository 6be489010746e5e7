package dev.parvi.persistence;

import static dev.parvi.persistence.StoreClient.appendOf;
import static dev.parvi.persistence.StoreClient.failureOf;
import static dev.parvi.persistence.StoreClient.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parvi.entity.NotServing;
import dev.parvi.persistence.EventStore.AppendResult;
import dev.parvi.persistence.EventStore.Appended;
import dev.parvi.persistence.EventStore.Fenced;
import dev.parvi.persistence.EventStore.LostCursor;
import dev.parvi.persistence.EventStore.Slices;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The conformance suite on a file, and what only a file can get wrong. */
final class SqliteStoreTest extends EventStoreConformance {
    @TempDir
    Path folder = Path.of("");

    @Override
    protected EventStore open() {
        return open("store.db");
    }

    @Test
    void many_may_open_a_new_file_at_the_same_moment() {
        for (var round = 0; round < 40; round++) {
            var name = "fresh-" + round + ".db";
            var opening = IntStream.range(0, 4)
                    .mapToObj(n -> CompletableFuture.supplyAsync(() -> open(name), task -> new Thread(task).start()))
                    .toList();
            opening.forEach(store -> store.join().close());
        }
    }

    @Test
    void what_was_stored_is_there_after_reopening() {
        try (var store = open("again.db")) {
            var first = new StoreClient(store);
            first.append("a", 0, "w", "one", "two");
            first.save("a", 2, "after 2");
            first.appendKeyed("keyed", 0, "k1", "k2");
        }
        try (var store = open("again.db")) {
            var second = new StoreClient(store);
            assertThat(second.records("a")).containsExactly("one", "two");
            assertThat(second.load("a")).contains("after 2");
            assertThat(second.find("keyed", "k1")).containsExactly(1L);
            assertThat(second.append("a", 1, "w", "rival")).isEqualTo(new Fenced(2));
            assertThat(second.append("a", 2, "w", "three")).isEqualTo(new Appended(3));
        }
    }

    @Test
    void what_another_process_stored_is_found() {
        try (var one = open("found.db");
                var two = open("found.db")) {
            new StoreClient(one).appendKeyed("a", 0, "k");
            assertThat(new StoreClient(two).find("a", "k")).containsExactly(1L);
        }
    }

    @Test
    void keys_with_one_hash_are_found_together_and_callers_compare() {
        var file = folder.resolve("collision.db");
        try (var store = SqliteStore.open(file, StoreSettings.on(file), SqliteConnection::new, key -> 7)) {
            var colliding = new StoreClient(store);
            colliding.appendKeyed("a", 0, "k1", "k2");
            colliding.append("a", 2, "w", "without a key");
            assertThat(colliding.find("a", "k1")).containsExactly(2L, 1L);
            assertThat(colliding.find("a", "")).isEmpty();
        }
    }

    /** Files hold these numbers: another hash would find nothing of what they hold. */
    @Test
    void the_hash_of_a_key_never_changes() {
        assertThat(RecordChecksum.ofKey("abc")).isEqualTo(0xba7816bf8f01cfeaL);
    }

    @Test
    void the_connection_that_writes_syncs_every_commit_and_makes_no_checkpoints_of_its_own() throws SQLException {
        var file = folder.resolve("store.db");
        try (var connection = new SqliteFile(file, StoreSettings.on(file)).openWriter()) {
            assertThat(ask(connection, "PRAGMA synchronous")).isEqualTo("2");
            assertThat(ask(connection, "PRAGMA journal_mode")).isEqualTo("wal");
            assertThat(ask(connection, "PRAGMA wal_autocheckpoint")).isEqualTo("0");
        }
    }

    @Test
    void closing_stores_what_was_accepted() {
        var results = new ArrayList<CompletableFuture<AppendResult>>();
        try (var store = open("closing.db")) {
            for (var n = 0; n < 2_000; n++) results.add(store.append(appendOf("a", n, "w", "event " + n)));
        }
        assertThat(results).allSatisfy(result -> assertThat(result).isCompleted());
        try (var store = open("closing.db")) {
            assertThat(new StoreClient(store).head("a")).isEqualTo(2_000);
        }
    }

    @Test
    void callers_at_once_share_a_sync() throws SQLException {
        try (var store = open("group.db");
                var lock = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("group.db"))) {
            SqliteFile.execute(lock, "BEGIN IMMEDIATE");
            var results = new ArrayList<CompletableFuture<AppendResult>>();
            for (var n = 0; n < 1_000; n++) results.add(store.append(appendOf("e" + n, 0, "w", "event")));
            SqliteFile.execute(lock, "COMMIT");
            results.forEach(StoreClient::get);
            assertThat(store.stats().commits()).isLessThan(100);
        }
    }

    @Test
    void two_stores_on_one_file_fence_each_other_whatever_they_remember() {
        try (var one = open("shared.db");
                var two = open("shared.db")) {
            var left = new StoreClient(one);
            var right = new StoreClient(two);
            for (var revision = 0; revision < 40; revision += 2) {
                assertThat(left.append("a", revision, "left", "l")).isEqualTo(new Appended(revision + 1));
                assertThat(right.append("a", revision, "right", "r")).isEqualTo(new Fenced(revision + 1));
                assertThat(right.append("a", revision + 1, "right", "r")).isEqualTo(new Appended(revision + 2));
                assertThat(left.append("a", revision + 1, "left", "l")).isEqualTo(new Fenced(revision + 2));
            }
            assertThat(left.records("a")).isEqualTo(right.records("a")).hasSize(40);
        }
    }

    @Test
    void a_damaged_record_fails_the_replay_by_name() throws SQLException {
        client.append("a", 0, "w", "one", "two", "three");
        tamper("UPDATE event SET record = CAST('TWO' AS BLOB) WHERE revision = 2");
        assertThat(failureOf(replayOf("a")))
                .isInstanceOfSatisfying(DamagedRecord.class, damaged -> {
                    assertThat(damaged.entity()).isEqualTo("a");
                    assertThat(damaged.revision()).isEqualTo(2);
                })
                .hasMessage(folder.resolve("store.db")
                        + ": the record of a at revision 2 is damaged: its checksum does not match");
    }

    @Test
    void a_record_under_another_entity_or_revision_is_damaged() throws SQLException {
        client.append("a", 0, "w", "one");
        client.append("b", 0, "w", "uno");
        tamper("UPDATE event SET entity = 3 - entity, revision = revision + 10");
        tamper("UPDATE event SET revision = revision - 10");
        assertThat(failureOf(replayOf("a"))).isInstanceOf(DamagedRecord.class);
    }

    @Test
    void a_missing_record_fails_the_replay_by_name() throws SQLException {
        client.append("a", 0, "w", "one", "two", "three");
        tamper("DELETE FROM event WHERE revision = 2");
        assertThat(failureOf(replayOf("a"))).hasMessageEndingWith("the record of a at revision 2 is missing");
    }

    @Test
    void a_damaged_snapshot_is_passed_over() throws SQLException {
        client.append("a", 0, "w", "one", "two");
        client.save("a", 1, "after 1");
        client.save("a", 2, "after 2");
        tamper("UPDATE snapshot SET record = CAST('AFTER 2' AS BLOB) WHERE revision = 2");
        assertThat(client.load("a")).contains("after 1");
    }

    @Test
    void readers_that_failed_serve_again() throws SQLException {
        client.append("a", 0, "w", "one");
        tamper("ALTER TABLE event RENAME TO hidden");
        for (var n = 0; n < 5; n++) assertThat(failureOf(replayOf("a"))).isInstanceOf(NotServing.class);
        tamper("ALTER TABLE hidden RENAME TO event");
        for (var n = 0; n < 5; n++) assertThat(client.records("a")).containsExactly("one");
    }

    @Test
    void the_feed_goes_on_after_reopening_and_tells_what_another_process_stored() {
        var cursor = "";
        try (var store = open("feed.db")) {
            new StoreClient(store).append("a", 0, "w", "one", "two", "three");
            var reader = FeedReader.from(store, "", 2);
            assertThat(reader.next().isLast()).isFalse();
            cursor = reader.cursor();
            assertThat(reader.next().isLast()).isTrue();
            assertThat(get(store.feedEnd())).isEqualTo(reader.cursor());
        }
        try (var store = open("feed.db");
                var another = open("feed.db")) {
            new StoreClient(another).append("a", 3, "w2", "four");
            var reader = FeedReader.from(store, cursor, 10);
            assertThat(reader.next().isLast()).isTrue();
            assertThat(reader.revisions("a")).containsExactly(3L, 4L);
        }
    }

    @Test
    void a_damaged_event_is_named_in_its_place_and_the_feed_goes_on() throws SQLException {
        client.append("a", 0, "w", "one", "two", "three");
        client.append("b", 0, "w", "of b");
        tamper("UPDATE event SET record = CAST('TWO' AS BLOB) WHERE revision = 2");
        for (var max : List.of(1, 100)) {
            var reader = FeedReader.from(client.store(), "", max);
            reader.readToEnd(feedPatience());
            assertThat(reader.revisions("a")).containsExactly(1L, 3L);
            assertThat(reader.revisions("b")).containsExactly(1L);
            assertThat(reader.damaged()).singleElement().satisfies(damaged -> {
                assertThat(damaged.entity() + " " + damaged.revision()).isEqualTo("a 2");
                assertThat(damaged).hasMessageContaining("checksum does not match");
            });
        }
    }

    @Test
    void a_cursor_of_a_longer_file_is_lost() {
        client.append("a", 0, "w", "one", "two");
        var cursor = get(client.store().feedEnd());
        try (var shorter = open("shorter.db")) {
            new StoreClient(shorter).append("a", 0, "w", "one");
            assertThat(failureOf(shorter.feed(Slices.ALL, "", cursor, 10)))
                    .isInstanceOf(LostCursor.class)
                    .hasMessageContaining("ends at position 1");
        }
    }

    @Test
    void a_page_on_which_little_is_wanted_ends_before_it_has_looked_at_everything() {
        var rows = SqliteReads.FEED_ROWS_MAX;
        var texts = IntStream.range(0, rows).mapToObj(n -> "").toArray(String[]::new);
        client.append("many", 0, "w", texts);
        client.append("many", rows, "w", texts);
        client.append("one", 0, "w", "wanted");
        var reader = new FeedReader(client.store(), Slices.ALL, "one", "", 10);
        for (var n = 1; n <= 2; n++) {
            assertThat(reader.next().isLast()).isFalse();
            assertThat(reader.cursor()).isEqualTo("" + n * rows);
        }
        assertThat(reader.events()).isZero();
        assertThat(reader.next().isLast()).isTrue();
        assertThat(reader.revisions("one")).containsExactly(1L);
    }

    @Test
    void a_full_queue_refuses_at_once_and_stores_nothing_of_what_it_refused() throws SQLException {
        try (var store = EventStore.open(StoreSettings.configOn(folder.resolve("full.db"), "queue-max = 3"));
                var lock = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("full.db"))) {
            SqliteFile.execute(lock, "BEGIN IMMEDIATE");
            var accepted = new ArrayList<CompletableFuture<AppendResult>>();
            for (var n = 0; n < 3; n++) accepted.add(store.append(appendOf("a", n, "w", "e")));
            var refused = store.append(appendOf("b", 0, "w", "e"));
            assertThat(refused).isCompletedExceptionally();
            assertThat(failureOf(refused)).isInstanceOf(NotServing.class).hasMessageContaining("queue is full");
            SqliteFile.execute(lock, "COMMIT");
            accepted.forEach(StoreClient::get);
            assertThat(new StoreClient(store).head("b")).isZero();
            assertThat(new StoreClient(store).append("b", 0, "w", "e")).isEqualTo(new Appended(1));
        }
    }

    @Test
    void large_events_are_bounded_by_bytes() {
        var config = StoreSettings.configOn(folder.resolve("bytes.db"), "queue-bytes-max = 1MiB");
        try (var store = EventStore.open(config)) {
            assertThat(failureOf(store.append(appendOf("a", 0, "w", "x".repeat(1 << 20)))))
                    .isInstanceOf(NotServing.class)
                    .hasMessageContaining("bytes");
        }
    }

    @Test
    void a_file_locked_for_too_long_refuses_and_serves_again_later() throws SQLException {
        var file = folder.resolve("busy.db");
        try (var store = EventStore.open(StoreSettings.configOn(file, "busy-timeout = 100ms"));
                var lock = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            SqliteFile.execute(lock, "BEGIN IMMEDIATE");
            assertThat(failureOf(store.append(appendOf("a", 0, "w", "one"))))
                    .isInstanceOf(NotServing.class)
                    .hasMessageContaining(file + " is locked by another process for too long");
            SqliteFile.execute(lock, "COMMIT");
            assertThat(new StoreClient(store).append("a", 0, "w", "one")).isEqualTo(new Appended(1));
        }
    }

    @Test
    void the_log_is_kept_short_while_writing() {
        var file = folder.resolve("log.db");
        try (var store = EventStore.open(StoreSettings.configOn(file, "wal-bytes-max = 1MiB"))) {
            var record = "x".repeat(10_000);
            for (var n = 0; n < 3_000; n += 50) {
                var results = new ArrayList<CompletableFuture<AppendResult>>();
                for (var i = n; i < n + 50; i++) results.add(store.append(appendOf("a", i, "w", record)));
                results.forEach(StoreClient::get);
                if (n % 500 == 0) pause();
            }
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
                get(store.append(appendOf("a" + System.nanoTime(), 0, "w", record)));
                return Files.size(file.resolveSibling("log.db-wal")) < 8L << 20;
            });
        }
    }

    @Test
    void somebody_who_reads_for_long_stops_nobody_and_the_log_is_cut_afterwards() throws SQLException {
        var file = folder.resolve("held.db");
        var record = "x".repeat(50_000);
        try (var store = EventStore.open(StoreSettings.configOn(file, "wal-bytes-max = 1MiB"))) {
            var writer = new StoreClient(store);
            writer.append("a", 0, "w", record);
            try (var reader = DriverManager.getConnection("jdbc:sqlite:" + file)) {
                SqliteFile.execute(reader, "BEGIN");
                SqliteFile.execute(reader, "SELECT count(*) FROM event");
                for (var n = 1; n < 200; n++) writer.append("a", n, "w", record);
                assertThat(file.resolveSibling("held.db-wal").toFile().length()).isGreaterThan(8 << 20);
                SqliteFile.execute(reader, "COMMIT");
            }
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
                writer.append("b" + System.nanoTime(), 0, "w", record);
                return Files.size(file.resolveSibling("held.db-wal")) <= 2 << 20;
            });
            assertThat(writer.head("a")).isEqualTo(200);
        }
    }

    @Test
    void a_store_whose_file_is_taken_away_stops() throws Exception {
        var file = folder.resolve("moved.db");
        try (var store = EventStore.open(StoreSettings.configOn(file))) {
            new StoreClient(store).append("a", 0, "w", "one");
            Files.move(file, folder.resolve("elsewhere.db"));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> store.failure().isPresent());
            assertThat(failureOf(store.append(appendOf("a", 1, "w", "two"))))
                    .isInstanceOf(NotServing.class)
                    .hasMessageContaining("moved or deleted");
        }
    }

    private static void pause() {
        try {
            Thread.sleep(250);
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    private CompletableFuture<Void> replayOf(String entity) {
        return client.store().replay(entity, 1, Long.MAX_VALUE, Long.MAX_VALUE, event -> {});
    }

    private void tamper(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("store.db"))) {
            SqliteFile.execute(connection, sql);
        }
    }

    private static String ask(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            return rows.getString(1);
        }
    }

    private EventStore open(String name) {
        return EventStore.open(StoreSettings.configOn(folder.resolve(name)));
    }
}
