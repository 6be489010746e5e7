package dev.parvi.persistence.cassandra;

import static dev.parvi.persistence.StoreClient.get;
import static dev.parvi.persistence.StoreClient.snapshotOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.cql.ResultSet;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.servererrors.WriteTimeoutException;
import com.datastax.oss.driver.internal.core.time.ServerSideTimestampGenerator;
import dev.parvi.entity.NotServing;
import dev.parvi.persistence.EventStore.Appended;
import dev.parvi.persistence.EventStore.Fenced;
import dev.parvi.persistence.EventStore.SnapshotRange;
import dev.parvi.persistence.StoreClient;
import dev.parvi.persistence.cassandra.server.CassandraOptions;
import dev.parvi.persistence.cassandra.server.CassandraServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A ring whose second node is ten minutes ahead and whose third is ten behind, asked through each of them in turn by nodes of Parvi
 * whose clocks are as wrong, and differently so. Nothing that was acknowledged may depend on whose clock says what.
 */
@Order(1) // It takes longest; begun last, it would end alone.
final class ClockSkewIT {
    private static final int RIGHT = 0;
    private static final int AHEAD = 1;
    private static final int BEHIND = 2;
    private static final int ENTITIES = 4;
    private static final int STEPS = 50;
    private static final int TRIES_MAX = 10;
    private static final Duration[] CLIENTS = {Duration.ofMinutes(10), Duration.ofMinutes(-10), Duration.ZERO};
    private static final long SEED = 20_261_125;

    @TempDir
    static Path folder = Path.of("");

    private static CassandraServers servers;

    @BeforeAll
    static void start() {
        var library = library();
        assumeTrue(library.isPresent(), "skipped, not passed: libfaketime is missing, install Debian's faketime");
        servers = CassandraServers.start(
                3,
                folder,
                CassandraOptions.standard()
                        .withStartWithin(Duration.ofMinutes(6))
                        // Else nodes drop each other's messages as too old, and nothing is served at all.
                        .with("internode_timeout", "false")
                        // Whoever is behind gives way to a clock, not to a rival who would be done if it waited.
                        .with("paxos_contention_min_wait", "0")
                        .with("paxos_contention_min_delta", "1ms")
                        .with("paxos_contention_max_wait", "2ms")
                        .withEnvironment(AHEAD + 1, clock(library.orElseThrow(), "+10m"))
                        .withEnvironment(BEHIND + 1, clock(library.orElseThrow(), "-10m")),
                progress -> {});
    }

    @AfterAll
    static void stop() {
        if (servers != null) servers.close();
    }

    /** The control: the clocks are wrong, and writes that are ordered by them get lost. */
    @Test
    void without_conditions_a_deletion_by_the_node_that_is_ahead_eats_what_is_written_after_it() {
        try (var session = session("control")) {
            executeAt(session, AHEAD, "DELETE FROM control.event WHERE entity = 'a'");
            executeAt(session, BEHIND, "INSERT INTO control.event (entity, number) VALUES ('a', 1)");
            // Of all nodes, since one alone may not have heard of the deletion.
            var all = SimpleStatement.newInstance("SELECT * FROM control.event WHERE entity = 'a'")
                    .setConsistencyLevel(ConsistencyLevel.ALL);
            assertThat(session.execute(all).all()).isEmpty();
        }
    }

    /**
     * What a wrong clock costs, by Cassandra alone. Its Paxos v2 lets the look of a conditional write pass below the ballot of a later
     * read, finds that it may not propose, and begins again without a higher ballot, until its time is up. So others than the node that is
     * ahead write only what was written at least as late as it was read. Nothing is lost: whoever asks node after node gets through.
     */
    @Test
    void after_a_look_by_the_node_that_is_ahead_only_that_one_can_write() {
        var insert = "INSERT INTO looked.event (entity, number) VALUES ('a', %d) IF NOT EXISTS";
        try (var session = session("looked")) {
            var look = SimpleStatement.newInstance("SELECT * FROM looked.event WHERE entity = 'a'")
                    .setConsistencyLevel(ConsistencyLevel.SERIAL);
            session.execute(look.setNode(node(session, AHEAD)));
            for (var late : new int[] {RIGHT, BEHIND})
                assertThatThrownBy(() -> executeAt(session, late, insert.formatted(1)))
                        .isInstanceOf(WriteTimeoutException.class);
            assertThat(session.execute(look).all()).isEmpty();
            assertThat(executeAt(session, AHEAD, insert.formatted(1)).wasApplied())
                    .isTrue();
            // From now on the last write is as late as any look, and they are told of a ballot to outbid.
            session.execute(look.setNode(node(session, AHEAD)));
            assertThat(executeAt(session, RIGHT, insert.formatted(2)).wasApplied())
                    .isTrue();
            assertThat(executeAt(session, BEHIND, insert.formatted(3)).wasApplied())
                    .isTrue();
        }
    }

    @Test
    void appends_and_deletions_are_in_the_order_in_which_they_were_acknowledged() {
        var random = new Random(SEED);
        // Small enough that histories cross partitions, large enough that one is emptied and written again.
        try (var stores = ThreeCoordinators.open(servers, url("events"), CLIENTS, "cassandra.bucket-events-max = 12")) {
            for (var n = 0; n < ENTITIES; n++) {
                var history = new History("e" + n);
                for (var step = 0; step < STEPS; step++) history.step(stores, random);
                for (var store = 0; store < 3; store++) history.verify(new StoreClient(stores.store(store)));
            }
        }
    }

    /** Each is stored once, whichever way round the two clocks are wrong. */
    @Test
    void an_event_and_its_key_that_follow_a_deletion_are_not_eaten_by_it() {
        try (var stores = ThreeCoordinators.open(servers, url("tombstones"), CLIENTS)) {
            for (var deleting = 0; deleting < 3; deleting++) {
                for (var appending = 0; appending < 3; appending++) {
                    var entity = "e" + deleting + appending;
                    var deleter = new StoreClient(stores.store(deleting));
                    var writer = new StoreClient(stores.store(appending));
                    served(() -> writer.appendKeyed(entity, 0, "k1", "k2"));
                    served(() -> get(deleter.store().deleteTo(entity, 2)));
                    served(() -> writer.appendKeyed(entity, 2, "k3"));
                    for (var n = 0; n < 3; n++) {
                        var reader = new StoreClient(stores.store(n));
                        served(() -> {
                            assertThat(reader.records(entity)).as(entity).containsExactly("k3!");
                            assertThat(reader.find(entity, "k3")).as(entity).containsExactly(3L);
                            assertThat(reader.find(entity, "k2")).as(entity).isEmpty();
                        });
                    }
                    // A deletion is not undone by a writer whose clock is before it.
                    served(() ->
                            assertThat(writer.append(entity, 1, "w", "k2!")).isEqualTo(new Fenced(3)));
                }
            }
        }
    }

    @Test
    void the_newest_snapshot_is_found_whoever_saved_it() {
        var random = new Random(SEED);
        try (var stores = ThreeCoordinators.open(servers, url("snapshots"), CLIENTS)) {
            for (var n = 1; n <= 40; n++) {
                var revision = n;
                var writer = new StoreClient(stores.store(random.nextInt(3)));
                var saver = stores.store(random.nextInt(3));
                served(() -> assertThat(writer.append("a", revision - 1, "w" + revision, "event"))
                        .isEqualTo(new Appended(revision)));
                served(() -> get(saver.save(snapshotOf("a", revision, "w" + revision, "s" + revision), 2)));
                for (var store = 0; store < 3; store++) {
                    var reader = new StoreClient(stores.store(store));
                    served(() -> assertThat(reader.load("a")).contains("s" + revision));
                }
            }
        }
    }

    /** What a wrong clock costs: one that is deleted by hand may stay, and one that is saved again may be gone. Neither lies. */
    @Test
    void a_snapshot_that_is_deleted_and_saved_again_is_true_if_it_is_there() {
        try (var stores = ThreeCoordinators.open(servers, url("again"), CLIENTS)) {
            var seen = new ArrayList<Optional<String>>();
            for (var deleting = 0; deleting < 3; deleting++) {
                for (var saving = 0; saving < 3; saving++) {
                    var entity = "e" + deleting + saving;
                    var saver = new StoreClient(stores.store(saving));
                    var deleter = stores.store(deleting);
                    served(() -> saver.append(entity, 0, "w", "one", "two"));
                    served(() -> get(saver.store().save(snapshotOf(entity, 2, "w", "s2"), 2)));
                    served(() -> get(deleter.deleteSnapshots(entity, SnapshotRange.ALL)));
                    served(() -> get(saver.store().save(snapshotOf(entity, 2, "w", "s2"), 2)));
                    served(() -> {
                        var loaded = saver.load(entity);
                        assertThat(loaded).isIn(Optional.empty(), Optional.of("s2"));
                        seen.add(loaded);
                    });
                    // The next one is found in any case: no deletion reaches beyond the revisions that it saw.
                    served(() -> saver.append(entity, 2, "w", "three"));
                    served(() -> get(saver.store().save(snapshotOf(entity, 3, "w", "s3"), 2)));
                    served(() -> {
                        assertThat(saver.load(entity)).contains("s3");
                        assertThat(saver.records(entity)).containsExactly("one", "two", "three");
                    });
                }
            }
            assertThat(seen)
                    .as("seen both: the clients' clocks are wrong")
                    .contains(Optional.empty(), Optional.of("s2"));
        }
    }

    /** What one entity must look like. */
    private static final class History {
        private final String entity;
        private final List<String> events = new ArrayList<>();
        private int deleted;

        History(String entity) {
            this.entity = entity;
        }

        void step(ThreeCoordinators stores, Random random) {
            var number = random.nextInt(3);
            var client = new StoreClient(stores.store(number));
            if (random.nextInt(4) == 0) {
                var upTo = deleted + random.nextInt(events.size() - deleted + 1);
                if (random.nextBoolean()) upTo = events.size();
                var last = upTo;
                served(() -> get(client.store().deleteTo(entity, last)));
                deleted = Math.max(deleted, upTo);
            } else {
                var record = entity + "-" + events.size();
                assertThat(served(() -> client.append(entity, events.size(), "w" + number, record)))
                        .isEqualTo(new Appended(events.size() + 1));
                events.add(record);
            }
            verify(new StoreClient(stores.store(random.nextInt(3))));
        }

        void verify(StoreClient client) {
            assertThat(served(() -> client.head(entity))).isEqualTo(events.size());
            assertThat(served(() -> client.records(entity))).isEqualTo(events.subList(deleted, events.size()));
        }
    }

    /** What was not served was not stored, and may be asked for again; the next node gets it. */
    private static <T> @Nullable T served(Supplier<@Nullable T> request) {
        for (var tries = 1; ; tries++) {
            try {
                return request.get();
            } catch (CompletionException failure) {
                if (!(failure.getCause() instanceof NotServing) || tries == TRIES_MAX) throw failure;
            }
        }
    }

    private static void served(Runnable request) {
        served(() -> {
            request.run();
            return null;
        });
    }

    private static String url(String keyspace) {
        var contact = servers.contactPoint();
        return "cassandra://" + contact.getHostString() + ":" + contact.getPort() + "/" + keyspace;
    }

    /** Of the server's clocks, with a table of its own. */
    private static CqlSession session(String keyspace) {
        var config = DriverConfigLoader.programmaticBuilder()
                .withClass(DefaultDriverOption.TIMESTAMP_GENERATOR_CLASS, ServerSideTimestampGenerator.class)
                .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofSeconds(20))
                .build();
        var session = CqlSession.builder()
                .withConfigLoader(config)
                .addContactPoint(servers.contactPoint())
                .withLocalDatacenter(servers.datacenter())
                .build();
        session.execute("CREATE KEYSPACE " + keyspace
                + " WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 3}");
        session.execute(
                "CREATE TABLE " + keyspace + ".event (entity text, number bigint, PRIMARY KEY (entity, number))");
        return session;
    }

    private static ResultSet executeAt(CqlSession session, int node, String statement) {
        // A connection may be lost after a time-out, and is back soon.
        await().atMost(Duration.ofSeconds(20)).until(() -> node(session, node).getOpenConnections() > 0);
        return session.execute(SimpleStatement.newInstance(statement).setNode(node(session, node)));
    }

    private static Node node(CqlSession session, int number) {
        var address = servers.nodes().get(number).address();
        return session.getMetadata().getNodes().values().stream()
                .filter(each -> each.getEndPoint().resolve().equals(address))
                .findFirst()
                .orElseThrow();
    }

    /** Waits are by the monotonic clock, which must stay as it is: else every one of them ends at once, and threads spin. */
    private static Map<String, String> clock(Path library, String offset) {
        return Map.of(
                "LD_PRELOAD",
                library.toString(),
                "FAKETIME",
                offset,
                "DONT_FAKE_MONOTONIC",
                "1",
                "FAKETIME_FORCE_MONOTONIC_FIX",
                "0");
    }

    private static Optional<Path> library() {
        try (var found = Files.find(
                Path.of("/usr/lib"), 3, (path, attributes) -> path.endsWith("faketime/libfaketimeMT.so.1"))) {
            return found.findFirst();
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }
}
