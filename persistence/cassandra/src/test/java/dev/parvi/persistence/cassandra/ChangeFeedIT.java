package dev.parvi.persistence.cassandra;

import static dev.parvi.persistence.StoreClient.appendOf;
import static dev.parvi.persistence.StoreClient.failureOf;
import static dev.parvi.persistence.StoreClient.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.cql.Statement;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.EventStore.Appended;
import dev.parvi.persistence.EventStore.LostCursor;
import dev.parvi.persistence.EventStore.Slices;
import dev.parvi.persistence.RecordChecksum;
import dev.parvi.persistence.StoreClient;
import dev.parvi.persistence.cassandra.Epochs.Clocks;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What can go wrong between an announcement and the append that it announces. */
final class ChangeFeedIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** So many epochs pass meanwhile that the one of an announcement before it is over. */
    private static final Duration LONG = Epochs.LENGTH.multipliedBy(Epochs.OPEN + 8);

    private final String url = OneNode.freshUrl();
    private final List<String> told = new ArrayList<>();
    private String cursor = "";

    @Test
    void an_append_that_took_so_long_that_its_epoch_was_over_is_announced_again() {
        var faults = new Faults();
        try (var slow = faults.open(url);
                var store = OneNode.open(url)) {
            faults.delay = LONG;
            var late = slow.append(appendOf("late", 0, "w", "late"));
            followUntilDone(late, store);
            assertThat(get(late)).isEqualTo(new Appended(1));
            awaitTold(store, "late 1");
        }
    }

    /** As a machine does that is halted and goes on: what it knows of the epoch seems to be of just now. */
    @Test
    void an_append_of_a_process_whose_clocks_stood_still_with_it_is_announced_again() {
        var faults = new Faults();
        try (var halted = faults.open(url);
                var store = OneNode.open(url)) {
            new StoreClient(halted).append("other", 0, "w", "one");
            faults.halt();
            faults.delay = LONG;
            var late = halted.append(appendOf("late", 0, "w", "late"));
            followUntilDone(late, store);
            assertThat(get(late)).as("nobody has noticed").isEqualTo(new Appended(1));
            faults.goOn();
            awaitTold(store, "late 1");
        }
    }

    @Test
    void what_a_writer_stored_and_could_not_announce_again_is_told_with_the_next_event() {
        var faults = new Faults();
        try (var slow = faults.open(url, "cassandra.resolve-timeout = 20s", "cassandra.request-timeout = 19s");
                var store = OneNode.open(url)) {
            faults.delay = LONG;
            faults.isLastWord = true;
            var late = slow.append(appendOf("late", 0, "w", "late"));
            followUntilDone(late, store);
            assertThat(failureOf(late)).hasMessageContaining("change feed");
            await().atMost(PATIENCE).ignoreExceptions().until(() -> new StoreClient(store).head("late") == 1);
            new StoreClient(store).append("late", 1, "v", "next");
            awaitTold(store, "late 1");
            awaitTold(store, "late 2");
            assertThat(told).containsSubsequence("late 1", "late 2");
        }
    }

    @Test
    void a_feed_goes_on_behind_damaged_events_however_small_its_pages() {
        try (var store = OneNode.open(url);
                var session = OneNode.session()) {
            new StoreClient(store).append("a", 0, "w", "1", "2", "3", "4", "5", "6");
            for (var revision : List.of(2, 3, 4, 6))
                session.execute("UPDATE " + keyspace() + ".event SET checksum = 0 WHERE entity = 'a' AND bucket = 0"
                        + " AND kind = 0 AND number = " + revision + " AND revision = 0 IF EXISTS");
            for (var max : List.of(1, 2, 3, 100)) {
                var damaged = new ArrayList<Long>();
                var events = new ArrayList<Long>();
                var from = "";
                for (var page = 0; page < 10 && damaged.size() + events.size() < 6; page++) {
                    var next = get(store.feed(Slices.ALL, "", from, max));
                    next.damaged().forEach(each -> damaged.add(each.revision()));
                    next.events().forEach(each -> events.add(each.revision()));
                    from = next.next();
                }
                assertThat(damaged).containsExactly(2L, 3L, 4L, 6L);
                assertThat(events).containsExactly(1L, 5L);
            }
        }
    }

    @Test
    void a_cursor_whose_announcements_are_forgotten_is_lost() {
        try (var store = OneNode.open(url);
                var session = OneNode.session()) {
            new StoreClient(store).append("a", 0, "w", "one");
            var end = get(store.feedEnd());
            session.execute("UPDATE " + keyspace() + ".feed_epoch SET current = 100, first = 90 WHERE feed = 0"
                    + " IF current > 0");
            assertThat(failureOf(store.feed(Slices.ALL, "", end, 10)))
                    .isInstanceOf(LostCursor.class)
                    .hasMessageContaining("forgotten");
            awaitTold(store, "a 1");
        }
    }

    @Test
    void events_of_the_release_before_there_was_a_feed_are_told() throws IOException {
        try (var session = OneNode.session()) {
            makeTablesOfTheFirstVersion(session);
            for (var revision = 1; revision <= 2; revision++) {
                var bytes = "old " + revision;
                session.execute("BEGIN UNLOGGED BATCH UPDATE " + keyspace() + ".event SET head = " + revision
                        + ", first = 1, bytes = 100 WHERE entity = 'a' AND bucket = 0 IF head = "
                        + (revision == 1 ? "null" : "1") + "; INSERT INTO " + keyspace()
                        + ".event(entity, bucket, kind,"
                        + " number, revision, writer, record, checksum) VALUES ('a', 0, 0, " + revision + ", 0, 'w', 0x"
                        + HexFormat.of().formatHex(bytes.getBytes(StandardCharsets.UTF_8)) + ", "
                        + RecordChecksum.of(
                                RecordChecksum.entityBytes("a"), revision, bytes.getBytes(StandardCharsets.UTF_8))
                        + "); APPLY BATCH");
            }
        }
        assertThat(EventStore.migrate(OneNode.config(url))).contains("went from schema version 1 to 2");
        try (var store = OneNode.open(url)) {
            awaitTold(store, "a 2");
            assertThat(new StoreClient(store).records("a")).containsExactly("old 1", "old 2");
            new StoreClient(store).append("a", 2, "v", "three");
            awaitTold(store, "a 3");
            assertThat(told).containsExactly("a 1", "a 2", "a 3");
        }
    }

    private void makeTablesOfTheFirstVersion(CqlSession session) throws IOException {
        session.execute("CREATE KEYSPACE " + keyspace()
                + " WITH replication = {'class': 'NetworkTopologyStrategy', 'datacenter1': 1}");
        try (var script = ChangeFeedIT.class.getResourceAsStream("schema-0001.cql")) {
            var text = new String(Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8);
            for (var statement : text.split(";\\s*\n"))
                session.execute(SimpleStatement.newInstance(statement).setKeyspace(keyspace()));
        }
        session.execute(
                "INSERT INTO " + keyspace() + ".meta(name, value) VALUES ('schema-version', '1') IF NOT EXISTS");
    }

    /** Events come all the time, so that the feed goes on. */
    private void followUntilDone(CompletableFuture<?> late, EventStore store) {
        var client = new StoreClient(store);
        var revision = 0;
        while (!late.isDone()) {
            client.append("steady", revision++, "w", "tick");
            follow(store);
        }
        assertThat(told).as("the feed went on meanwhile").contains("steady 1").doesNotContain("late 1");
    }

    private void awaitTold(EventStore store, String event) {
        await().atMost(PATIENCE).until(() -> {
            follow(store);
            return told.contains(event);
        });
    }

    private void follow(EventStore store) {
        var page = get(store.feed(Slices.ALL, "", cursor, 100));
        assertThat(page.damaged()).isEmpty();
        page.events().forEach(event -> told.add(event.entity() + " " + event.revision()));
        cursor = page.next();
    }

    private String keyspace() {
        return url.substring(url.lastIndexOf('/') + 1);
    }

    /** Sends appends late, and perhaps nothing after them. */
    private static final class Faults {
        volatile Duration delay = Duration.ZERO;
        volatile boolean isLastWord;
        private volatile boolean isSilent;
        private final CompletableFuture<Void> goesOn = new CompletableFuture<>();
        private volatile boolean isHalted;
        private volatile long haltedNanos;
        private volatile long haltedMillis;

        /** The clocks stand still, and no read of the epoch is answered. */
        void halt() {
            haltedNanos = System.nanoTime();
            haltedMillis = System.currentTimeMillis();
            isHalted = true;
        }

        void goOn() {
            isHalted = false;
            goesOn.complete(null);
        }

        private long nanos(long now) {
            return isHalted ? haltedNanos : now;
        }

        private long millis(long now) {
            return isHalted ? haltedMillis : now;
        }

        EventStore open(String url, String... changes) {
            var patient =
                    new ArrayList<>(List.of("cassandra.request-timeout = 20s", "cassandra.resolve-timeout = 30s"));
            patient.addAll(List.of(changes));
            var config = OneNode.config(url, patient.toArray(String[]::new));
            return CassandraStore.open(
                    OneNode.settings(url),
                    CassandraSettings.from(config),
                    this::session,
                    new Clocks(() -> nanos(System.nanoTime()), () -> millis(System.currentTimeMillis())));
        }

        private CqlSession session(CqlSession real) {
            return (CqlSession) Proxy.newProxyInstance(
                    CqlSession.class.getClassLoader(), new Class<?>[] {CqlSession.class}, (self, method, arguments) -> {
                        if (method.getName().equals("executeAsync")) {
                            if (isSilent) return CompletableFuture.failedFuture(new IllegalStateException("cut off"));
                            if (arguments[0] instanceof BatchStatement append) return late(append, real);
                            if (isHalted && isReadOfEpoch(arguments[0]))
                                return goesOn.thenCompose(on -> real.executeAsync((Statement<?>) arguments[0]));
                        }
                        try {
                            return method.invoke(real, arguments);
                        } catch (InvocationTargetException failure) {
                            throw failure.getCause();
                        }
                    });
        }

        private static boolean isReadOfEpoch(Object statement) {
            return statement instanceof BoundStatement bound
                    && bound.getPreparedStatement().getQuery().contains(".feed_epoch");
        }

        private CompletableFuture<?> late(BatchStatement append, CqlSession real) {
            var then = CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS);
            return CompletableFuture.supplyAsync(() -> real.executeAsync(append), then)
                    .thenCompose(sent -> sent)
                    .whenComplete((done, failure) -> isSilent = isLastWord);
        }
    }
}
