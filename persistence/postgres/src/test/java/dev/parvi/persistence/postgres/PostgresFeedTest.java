package dev.parvi.persistence.postgres;

import static dev.parvi.persistence.StoreClient.appendOf;
import static dev.parvi.persistence.StoreClient.failureOf;
import static dev.parvi.persistence.StoreClient.get;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import dev.parvi.entity.NotServing;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.EventStore.Appended;
import dev.parvi.persistence.EventStore.LostCursor;
import dev.parvi.persistence.EventStore.Slices;
import dev.parvi.persistence.FeedReader;
import dev.parvi.persistence.RecordChecksum;
import dev.parvi.persistence.StoreClient;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What only transactions that overlap, strangers and restored dumps can get wrong. */
final class PostgresFeedTest {
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final PostgresServer server = PostgresServer.shared();
    private final Config config = server.freshConfig("postgres.writers = 1");
    private final String schema = config.getString("parvi.persistence.postgres.schema");
    private final EventStore store = EventStore.open(config);
    private final StoreClient client = new StoreClient(store);
    private final List<Connection> people = new ArrayList<>();

    @BeforeEach
    void begin() {
        client.append("first", 0, "w", "one");
    }

    @AfterEach
    void close() throws SQLException {
        for (var person : people) person.close();
        store.close();
    }

    @Test
    void an_event_that_is_committed_after_a_later_one_is_told_and_told_first() throws SQLException {
        var slow = person();
        execute(slow, "INSERT INTO entity(id, head) VALUES ('slow', 1)");
        execute(
                slow,
                "INSERT INTO event(entity, revision, checksum, writer, record) SELECT number, 1, "
                        + RecordChecksum.of(RecordChecksum.entityBytes("slow"), 1, new byte[0])
                        + ", 'w', '' FROM entity WHERE id = 'slow'");
        client.append("fast", 0, "w", "one");
        var reader = FeedReader.from(store, "", 10);
        for (var n = 0; n < 5; n++) reader.next();
        assertThat(reader.entities()).containsExactly("first");
        // It says that this is all, so that nobody asks again and again.
        assertThat(reader.next().isLast()).isTrue();
        slow.commit();
        reader.readUntil(PATIENCE, () -> reader.events() == 3);
        assertThat(reader.entities()).containsExactly("fast", "first", "slow");
    }

    /** The second writer has the greater number, and stores its event while the first one waits for the lock. */
    @Test
    void the_events_of_an_entity_are_told_in_order_whichever_transaction_had_its_number_first() throws Exception {
        for (var entity : List.of("gate", "x", "y", "a")) client.append(entity, 0, "w", "one");
        try (var rival = EventStore.open(config)) {
            var gate = person();
            execute(gate, "SELECT FROM entity WHERE id = 'gate' FOR UPDATE");
            var waiting = store.append(appendOf("gate", 1, "w", "two"));
            awaitWriterThatWaits();
            var y = person();
            execute(y, "SELECT FROM entity WHERE id = 'y' FOR UPDATE");
            var group = List.of(
                    store.append(appendOf("x", 1, "w", "two")),
                    store.append(appendOf("y", 1, "w", "two")),
                    store.append(appendOf("a", 2, "w", "three")));
            gate.rollback();
            assertThat(get(waiting)).isEqualTo(new Appended(2));
            awaitWriterThatWaits();
            assertThat(new StoreClient(rival).append("a", 1, "rival", "two")).isEqualTo(new Appended(2));
            y.rollback();
            assertThat(get(group.get(2))).isEqualTo(new Appended(3));
            assertThat(ask("SELECT x.xact < a.xact FROM event x, event a WHERE x.revision = 2 AND a.revision = 2"
                            + " AND x.entity = (SELECT number FROM entity WHERE id = 'x')"
                            + " AND a.entity = (SELECT number FROM entity WHERE id = 'a')"))
                    .as("the first writer had its number first")
                    .isEqualTo("t");
            var reader = FeedReader.from(store, "", 1);
            reader.readUntil(PATIENCE, () -> reader.events() == 10);
            assertThat(reader.revisions("a")).containsExactly(1L, 2L, 3L);
        }
    }

    private void awaitWriterThatWaits() {
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> ask("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'parvi'"
                                + " AND wait_event_type = 'Lock' AND query LIKE '%FOR UPDATE%'")
                        .equals("1"));
    }

    @Test
    void a_strangers_transaction_holds_up_nothing() throws SQLException {
        var stranger = person();
        execute(stranger, "CREATE TABLE of_a_stranger(n int)");
        stranger.commit();
        execute(stranger, "INSERT INTO of_a_stranger VALUES (1)");
        var reader = FeedReader.from(store, get(store.feedEnd()), 10);
        client.append("a", 0, "w", "one", "two");
        assertThat(ask("SELECT bool_and(xact > pg_snapshot_xmin(pg_current_snapshot())) FROM event WHERE writer = 'w'"
                        + " AND entity = (SELECT number FROM entity WHERE id = 'a')"))
                .as("the stranger is in the way of those who do not know it")
                .isEqualTo("t");
        reader.readUntil(PATIENCE, () -> reader.events() == 2);
        assertThat(reader.entities()).containsExactly("a");
        var end = FeedReader.from(store, get(store.feedEnd()), 10);
        client.append("a", 2, "w", "three");
        end.readUntil(PATIENCE, () -> end.events() == 1);
        assertThat(end.revisions("a")).containsExactly(3L);
        stranger.rollback();
        assertThat(reader.next().events()).hasSize(1);
    }

    @Test
    void nothing_is_missed_while_strangers_come_and_go() throws Exception {
        execute(person(), "CREATE TABLE of_strangers(n int)");
        people.get(0).commit();
        var stopping = new AtomicBoolean();
        var threads = new ArrayList<Thread>();
        for (var n = 0; n < 2; n++) {
            var stranger = person();
            threads.add(new Thread(() -> comeAndGo(stranger, stopping)));
        }
        try (var other = EventStore.open(config)) {
            for (var writer : List.of(new StoreClient(store), new StoreClient(other)))
                for (var n = 0; n < 2; n++) {
                    var prefix = writer.hashCode() + "/" + n + "/";
                    threads.add(new Thread(() -> {
                        for (var revision = 0; revision < 100; revision++)
                            for (var entity = 0; entity < 3; entity++)
                                writer.append(prefix + entity, revision, "w", "one");
                    }));
                }
            threads.forEach(Thread::start);
            var reader = FeedReader.from(store, "", 7);
            reader.readUntil(PATIENCE, () -> reader.events() == 1 + 4 * 100 * 3);
            stopping.set(true);
            for (var thread : threads) thread.join();
            for (var entity : reader.entities())
                if (!entity.equals("first"))
                    assertThat(reader.revisions(entity))
                            .isEqualTo(LongStream.rangeClosed(1, 100).boxed().toList());
        }
    }

    private static void comeAndGo(Connection stranger, AtomicBoolean stopping) {
        try {
            for (var n = 0; !stopping.get(); n++) {
                execute(stranger, "INSERT INTO of_strangers VALUES (1)");
                Thread.sleep(n % 10);
                stranger.commit();
            }
        } catch (SQLException | InterruptedException failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void the_feed_goes_on_from_a_saved_cursor_in_another_process() {
        client.append("a", 0, "w", "one", "two", "three");
        var reader = FeedReader.from(store, "", 2);
        reader.next();
        var end = get(store.feedEnd());
        try (var other = EventStore.open(config)) {
            var second = FeedReader.from(other, reader.cursor(), 10);
            second.readUntil(PATIENCE, () -> second.events() == 2);
            assertThat(second.revisions("a")).containsExactly(2L, 3L);
            assertThat(FeedReader.from(other, end, 10).next().events()).isEmpty();
        }
    }

    @Test
    void a_damaged_event_is_named_in_its_place_and_the_feed_goes_on() throws SQLException {
        client.append("a", 0, "w", "one", "two", "three");
        server.execute("UPDATE " + schema + ".event SET record = 'TWO' WHERE revision = 2");
        for (var max : List.of(1, 100)) {
            var reader = FeedReader.from(store, "", max);
            reader.readUntil(PATIENCE, () -> reader.events() == 3);
            assertThat(reader.revisions("a")).containsExactly(1L, 3L);
            assertThat(reader.damaged())
                    .singleElement()
                    .satisfies(damaged ->
                            assertThat(damaged).hasMessageContaining("the record of a at revision 2 is damaged"));
        }
    }

    @Test
    void a_page_on_which_little_is_wanted_ends_before_it_has_looked_at_everything() {
        var texts = IntStream.range(0, PostgresFeed.ROWS_MAX).mapToObj(n -> "").toArray(String[]::new);
        client.append("many", 0, "w", texts);
        client.append("one", 0, "w", "wanted");
        var reader = new FeedReader(store, Slices.ALL, "one", "", 10);
        assertThat(reader.next().isLast()).isFalse();
        assertThat(reader.events()).isZero();
        reader.readUntil(PATIENCE, () -> reader.events() == 1);
        assertThat(reader.next().isLast()).isTrue();
    }

    @Test
    void a_server_that_was_set_back_loses_cursors() {
        var parts = get(store.feedEnd()).split("[.@]");
        var later = Long.parseLong(parts[0]) + 1_000_000 + "." + parts[1] + "@" + parts[2];
        assertThat(failureOf(store.feed(Slices.ALL, "", later, 10)))
                .isInstanceOf(LostCursor.class)
                .hasMessageContaining("was set back");
    }

    @Test
    void a_dump_that_is_restored_on_another_server_is_told_from_the_beginning_after_a_migration() throws Exception {
        try (var another = PostgresServer.startNew()) {
            var busy = person();
            for (var n = 0; n < 1_000; n++) {
                execute(busy, "SELECT pg_current_xact_id()");
                busy.commit();
            }
            client.append("a", 0, "w", "one");
            client.append("a", 1, "w", "two");
            var cursor = get(store.feedEnd());
            server.copyTo(another, schema);
            var there = another.config(schema, "auto-migrate = off");
            try (var restored = EventStore.open(there)) {
                new StoreClient(restored).append("a", 2, "w", "three");
                assertThat(failureOf(restored.feed(Slices.ALL, "", "", 10)))
                        .isInstanceOf(NotServing.class)
                        .hasMessageContaining("parvi store migrate");
                EventStore.migrate(there);
                new StoreClient(restored).append("a", 3, "w", "four");
                assertThat(failureOf(restored.feed(Slices.ALL, "", cursor, 10)))
                        .isInstanceOf(LostCursor.class)
                        .hasMessageContaining("another server");
                var reader = FeedReader.from(restored, "", 1);
                reader.readUntil(PATIENCE, () -> reader.events() == 5);
                assertThat(reader.revisions("a")).containsExactly(1L, 2L, 3L, 4L);
            }
        }
    }

    /** A person at the tables, in a transaction. */
    private Connection person() throws SQLException {
        var person = server.connect();
        people.add(person);
        person.setSchema(schema);
        person.setAutoCommit(false);
        return person;
    }

    private String ask(String sql) throws SQLException {
        try (var connection = server.connect()) {
            connection.setSchema(schema);
            try (var statement = connection.createStatement();
                    var rows = statement.executeQuery(sql)) {
                rows.next();
                return rows.getString(1);
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
