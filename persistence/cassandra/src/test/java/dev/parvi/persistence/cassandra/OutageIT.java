package dev.parvi.persistence.cassandra;

import static dev.parvi.persistence.StoreClient.appendOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import dev.parvi.entity.NotServing;
import dev.parvi.entity.OutcomeUnknown;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.StoreClient;
import dev.parvi.persistence.cassandra.server.CassandraOptions;
import dev.parvi.persistence.cassandra.server.CassandraOptions.CommitLogSync;
import dev.parvi.persistence.cassandra.server.CassandraServers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** A ring that freezes or dies under writers: what was acknowledged is there once, and service is back soon. */
@Isolated("it counts threads, and how soon service is back")
final class OutageIT {
    private static final int WRITERS = 16;
    private static final Duration SERVICE_CHANGES_WITHIN = Duration.ofSeconds(30);

    @TempDir
    Path folder = Path.of("");

    /** With the log synced before it answers: else a single server that is killed loses what it acknowledged in the last tenth of a second. */
    @Test
    void a_ring_of_one_that_freezes_and_dies_loses_nothing() throws InterruptedException {
        var synced = CassandraOptions.standard().withCommitLogSync(CommitLogSync.BATCH);
        try (var servers = CassandraServers.start(1, folder, synced, progress -> {})) {
            var node = servers.nodes().get(0);
            var url = "cassandra://" + node.address().getHostString() + ":"
                    + node.address().getPort() + "/outage";
            try (var store = OneNode.open(url, "cassandra.request-timeout = 2s", "cassandra.resolve-timeout = 4s")) {
                var writers = new ArrayList<Writer>();
                for (var n = 0; n < WRITERS; n++) writers.add(new Writer(store, "e" + n));
                writers.forEach(Thread::start);
                awaitProgress(writers);

                var threads = Thread.activeCount();
                node.freeze();
                await().atMost(SERVICE_CHANGES_WITHIN).until(() -> refusesAtOnce(store));
                assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads + 4);
                assertThat(store.stats().queued()).isLessThanOrEqualTo(WRITERS + 1);
                node.thaw();
                awaitProgress(writers);

                node.kill();
                await().atMost(SERVICE_CHANGES_WITHIN).until(() -> refusesAtOnce(store));
                node.restart();
                awaitProgress(writers);
                for (var writer : writers) writer.end();
                for (var writer : writers) writer.verify();
            }
        }
    }

    @Test
    void one_of_three_nodes_may_die_without_a_failed_append() throws InterruptedException {
        try (var servers = CassandraServers.start(3, folder, progress -> {})) {
            var contact = servers.contactPoint();
            var url = "cassandra://" + contact.getHostString() + ":" + contact.getPort() + "/outage";
            try (var store = OneNode.open(url)) {
                var writers = new ArrayList<Writer>();
                for (var n = 0; n < WRITERS; n++) writers.add(new Writer(store, "e" + n));
                writers.forEach(Thread::start);
                awaitProgress(writers);
                assertThat(replication(servers)).isEqualTo("3");
                servers.nodes().get(1).kill();
                for (var round = 0; round < 5; round++) awaitProgress(writers);
                for (var writer : writers) writer.end();
                for (var writer : writers) writer.verify();
                assertThat(writers.stream()
                                .mapToLong(writer -> writer.failures.get())
                                .sum())
                        .isZero();
            }
        }
    }

    /** How many copies of each event the ring was told to keep. */
    private static String replication(CassandraServers servers) {
        var patient = DriverConfigLoader.programmaticBuilder()
                .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofSeconds(20))
                .withDuration(DefaultDriverOption.METADATA_SCHEMA_REQUEST_TIMEOUT, Duration.ofSeconds(20))
                .build();
        try (var session = CqlSession.builder()
                .withConfigLoader(patient)
                .addContactPoint(servers.contactPoint())
                .withLocalDatacenter(servers.datacenter())
                .build()) {
            var keyspace = session.getMetadata().getKeyspace("outage").orElseThrow();
            return keyspace.getReplication().getOrDefault(servers.datacenter(), "0");
        }
    }

    private static void awaitProgress(List<Writer> writers) {
        var before = writers.stream().map(writer -> writer.acknowledged.get()).toList();
        await().atMost(SERVICE_CHANGES_WITHIN).untilAsserted(() -> {
            for (var n = 0; n < writers.size(); n++) {
                var writer = writers.get(n);
                assertThat(writer.acknowledged.get())
                        .as(() -> writer.getName() + " " + writer.getState() + ", last failure " + writer.lastFailure
                                + ", at " + List.of(writer.getStackTrace()))
                        .isGreaterThan(before.get(n));
            }
        });
    }

    private static boolean refusesAtOnce(EventStore store) {
        var began = System.nanoTime();
        var failure = StoreClient.failureOf(store.append(appendOf("probe", 1_000_000, "w", "never")));
        return failure instanceof NotServing && System.nanoTime() - began < TimeUnit.MILLISECONDS.toNanos(100);
    }

    /** Appends one event after the other, and after a failure reads the head, as an entity does that is rebuilt. */
    private static final class Writer extends Thread {
        private final StoreClient client;
        private final String entity;
        private final AtomicLong acknowledged = new AtomicLong();
        private final AtomicLong failures = new AtomicLong();
        private final List<String> expected = new ArrayList<>();
        private volatile String lastFailure = "none";
        private long inDoubt;
        private volatile boolean isOver;

        Writer(EventStore store, String entity) {
            super("writer-" + entity);
            this.client = new StoreClient(store);
            this.entity = entity;
        }

        @Override
        public void run() {
            while (!isOver) {
                try {
                    write();
                } catch (CompletionException failure) {
                    failures.incrementAndGet();
                    lastFailure = String.valueOf(failure.getCause());
                    assertThat(failure.getCause()).isInstanceOfAny(NotServing.class, OutcomeUnknown.class);
                    pause();
                } catch (AssertionError broken) {
                    lastFailure = String.valueOf(broken);
                    throw broken;
                }
            }
        }

        private void write() {
            var head = client.head(entity);
            assertThat(head).as("acknowledged events of " + entity).isGreaterThanOrEqualTo(acknowledged.get());
            // What an unknown outcome left behind is part of the history now.
            while (expected.size() < head) {
                expected.add(client.replay(entity, expected.size() + 1, expected.size() + 1, 1)
                        .get(0)
                        .record()
                        .toStringUtf8());
                inDoubt++;
            }
            while (!isOver) {
                var record = entity + "-" + expected.size();
                var result = client.append(entity, expected.size(), getName(), record);
                if (!result.<Boolean>fold(appended -> true, fenced -> false)) return;
                expected.add(record);
                acknowledged.incrementAndGet();
            }
        }

        private static void pause() {
            try {
                Thread.sleep(50);
            } catch (InterruptedException end) {
                Thread.currentThread().interrupt();
            }
        }

        void end() throws InterruptedException {
            isOver = true;
            join();
        }

        void verify() {
            assertThat(client.records(entity)).isEqualTo(expected);
            assertThat(expected).doesNotHaveDuplicates();
            assertThat(expected).hasSize((int) (acknowledged.get() + inDoubt));
        }
    }
}
