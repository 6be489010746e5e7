package dev.parvi.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.EventStore.SnapshotRange;
import dev.parvi.persistence.EventStore.StoredEvent;
import dev.parvi.persistence.cassandra.server.CassandraServers;
import dev.parvi.testkit.TestNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Entities are deleted while nodes crash: what was acknowledged stays deleted, and nothing of it is left. */
class DeletionScenario {
    private static final String[] SNAPSHOT_OFTEN = {"--set", "parvi.sharding.snapshot-every=3"};
    private static final int CLIENTS = 5;
    private static final int VIEWERS = 120;
    private static final int ENOUGH = 200;
    private static final int ENOUGH_DELETED = 10;

    @TempDir
    Path data;

    private final List<TestNode> nodes = new ArrayList<>();
    private final Deletions told = new Deletions();

    @AfterEach
    void stop() {
        nodes.forEach(TestNode::close);
    }

    /** The process ends at the first removal of events, or of snapshots: the tombstone is stored, and its client heard nothing. */
    @ParameterizedTest(name = "crash at {0} => deleted, and removed by the next owner")
    @CsvSource({"deleteTo, 8", "deleteSnapshots, 1"})
    void a_crash_between_tombstone_and_removal_brings_nothing_back(String at, int events) throws IOException {
        var store = "sqlite:" + data.resolve("shared.db");
        var dying = new ArrayList<>(TestNode.SMALL_JVM);
        dying.add("-D" + DyingProvider.AT + "=" + at);
        var first = TestNode.start(
                dying,
                data.resolve("first"),
                List.of(
                        "--store",
                        "dying:" + store,
                        "--set",
                        "parvi.sharding.snapshot-every=3",
                        "--set",
                        "parvi.node.cluster=one"));
        nodes.add(first);
        first.awaitReady();
        for (var n = 1; n <= 7; n++)
            assertThat(watch(first, "k" + n).statusCode()).isEqualTo(200);

        assertThatThrownBy(() -> Viewers.deletion(first, "a", "end")).isInstanceOf(IOException.class);
        await().atMost(Duration.ofSeconds(60)).until(() -> !first.isAlive());
        assertThat(stored(store)).as("the cut is where it should be").hasSize(events);
        assertThat(hasSnapshot(store)).isTrue();

        var second = TestNode.start(data.resolve("second"), "--store", store, "--set", "parvi.node.cluster=one");
        nodes.add(second);
        second.awaitReady();
        assertThat(watch(second, "k3").statusCode()).isEqualTo(410);
        assertThat(watch(second, "new").statusCode()).isEqualTo(410);
        var again = Viewers.deletion(second, "a", "end");
        assertThat(again.statusCode()).as(again.body()).isEqualTo(204);
        assertThat(again.headers().firstValue("Idempotency-Replayed")).contains("true");
        second.kill();
        assertThat(stored(store)).extracting(StoredEvent::revision).containsExactly(8L);
        assertThat(hasSnapshot(store)).isFalse();
    }

    @ParameterizedTest(name = "'{A, B, C}' delete under load, {0} => what is deleted stays so")
    @ValueSource(strings = {"kill -9 of one node", "kill -9 of all, restart of one", "freeze of one node for 10 s"})
    void deletions_under_load_and_a_fault_are_for_good(String fault) throws IOException {
        startThree(SNAPSHOT_OFTEN);
        var load = Viewers.start(nodes, CLIENTS, VIEWERS, told);
        pause(Duration.ofSeconds(4));
        awaitEnough();
        var witnesses = inflict(fault);
        pause(Duration.ofSeconds(6));
        load.close();

        judge(fault, witnesses, "sqlite:" + data.resolve("parvi.db"));
    }

    @Test
    void deletions_under_load_and_a_crash_are_for_good_on_cassandra_too() throws IOException, InterruptedException {
        try (var servers = CassandraServers.start(1, data.resolve("cassandra"), progress -> {})) {
            var contact = servers.contactPoint();
            var url = "cassandra://" + contact.getHostString() + ":" + contact.getPort();
            EventStore.migrate(config(url));
            startThree("--store", url, "--set", "parvi.sharding.snapshot-every=3");
            var load = Viewers.start(nodes, CLIENTS, VIEWERS, told);
            pause(Duration.ofSeconds(4));
            awaitEnough();
            var witnesses = inflict("kill -9 of one node");
            pause(Duration.ofSeconds(8));
            load.close();

            judge("kill -9 of one node on Cassandra", witnesses, url);
        }
    }

    private List<TestNode> inflict(String fault) {
        switch (fault) {
            case "kill -9 of one node" -> nodes.get(0).kill();
            case "freeze of one node for 10 s" -> {
                nodes.get(0).freeze();
                pause(Duration.ofSeconds(10));
                nodes.get(0).thaw();
            }
            default -> {
                nodes.forEach(TestNode::kill);
                var restarted = TestNode.start(data, SNAPSHOT_OFTEN);
                nodes.replaceAll(dead -> restarted);
                restarted.awaitReady();
                return List.of(restarted);
            }
        }
        return nodes.subList(1, 3);
    }

    /** A node is asked first, and the store when nobody writes to it any more. */
    private void judge(String what, List<TestNode> witnesses, String url) throws IOException {
        for (var witness : witnesses) for (var end : told.deleted().entrySet()) requireDeleted(witness, end);
        nodes.forEach(TestNode::close);
        try (var store = EventStore.open(config(url))) {
            var violations = told.violations(store);
            System.out.printf(
                    "%s while deleting: %d deleted, %d commands acknowledged, %d told that it is gone, %d violations%n",
                    what, told.deleted().size(), told.size(), told.goneCount(), violations.size());
            assertThat(violations).isEmpty();
        }
        assertThat(told.deleted()).as("enough was tried").hasSizeGreaterThan(ENOUGH_DELETED);
        assertThat(told.size()).as("enough was tried").isGreaterThan(ENOUGH);
    }

    private void requireDeleted(TestNode witness, Map.Entry<String, Deletions.Deleted> end) throws IOException {
        var viewer = end.getKey();
        // A node that is not served yet says 503; whatever else it says is its answer.
        var read = await().atMost(Duration.ofSeconds(60))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(
                        () -> TestNode.send("GET", witness.url() + "/playback/" + viewer, ""),
                        answer -> answer.statusCode() != 503);
        assertThat(read.statusCode()).as(viewer + " answers " + read.body()).isEqualTo(410);
        var again = Viewers.deletion(witness, viewer, end.getValue().key());
        assertThat(again.statusCode()).as(viewer + " answers " + again.body()).isEqualTo(204);
        assertThat(Driver.revision(again)).isEqualTo(end.getValue().revision());
        var earlier = told.acknowledgedAmong(viewer);
        if (earlier.isEmpty()) return;
        var retried = watch(witness, viewer, earlier.get());
        assertThat(retried.statusCode())
                .as(viewer + " answers " + retried.body())
                .isEqualTo(410);
    }

    private void startThree(String... arguments) {
        for (var n = 0; n < 3; n++) nodes.add(TestNode.start(data, arguments));
        nodes.forEach(TestNode::awaitReady);
    }

    private static HttpResponse<String> watch(TestNode node, String key) throws IOException {
        return watch(node, "a", key);
    }

    private static HttpResponse<String> watch(TestNode node, String viewer, String key) throws IOException {
        return TestNode.send(
                "POST",
                node.url() + "/playback/" + viewer + "/watch",
                "{\"titleId\":\"" + key + "\",\"positionSeconds\":100,\"lengthSeconds\":1000}",
                "Idempotency-Key",
                key);
    }

    private static List<StoredEvent> stored(String url) {
        try (var store = EventStore.open(config(url))) {
            var events = new ArrayList<StoredEvent>();
            store.replay("playback/a", 1, Long.MAX_VALUE, Long.MAX_VALUE, events::add)
                    .join();
            return events;
        }
    }

    private static boolean hasSnapshot(String url) {
        try (var store = EventStore.open(config(url))) {
            return store.load("playback/a", SnapshotRange.ALL).join().isPresent();
        }
    }

    private static Config config(String url) {
        return ConfigFactory.parseMap(Map.of("parvi.persistence.store", url)).withFallback(ConfigFactory.load());
    }

    private void awaitEnough() {
        await().atMost(Duration.ofSeconds(90))
                .until(() -> told.size() > ENOUGH && told.deleted().size() > ENOUGH_DELETED);
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
