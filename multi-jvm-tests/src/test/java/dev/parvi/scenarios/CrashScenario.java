package dev.parvi.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.cassandra.server.CassandraServers;
import dev.parvi.testkit.TestNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code {A, B, C}} under load: a crash or a freeze of any one loses nothing and applies nothing twice. */
class CrashScenario {
    private static final int CLIENTS = 6;
    private static final int ENTITIES = 40;
    private static final int ENOUGH = 200;

    @TempDir
    Path data;

    private final List<TestNode> nodes = new ArrayList<>();
    private final History history = new History();

    private void startThree(String... arguments) {
        for (var n = 0; n < 3; n++) nodes.add(TestNode.start(data, arguments));
        nodes.forEach(TestNode::awaitReady);
    }

    @AfterEach
    void stop() {
        nodes.forEach(TestNode::close);
    }

    /** The first node to start is the oldest, where the shard coordinator lives. */
    @ParameterizedTest(name = "'{A, B, C}' kill -9 {0} => the others answer for all")
    @ValueSource(ints = {0, 1, 2})
    void a_crash_of_any_node_under_load_loses_nothing(int victim) throws IOException {
        startThree();
        var survivors = new ArrayList<>(nodes);
        survivors.remove(victim);

        var driver = Driver.start(nodes, CLIENTS, ENTITIES, history);
        pause(Duration.ofSeconds(4));
        awaitEnough();
        var fault = System.nanoTime();
        nodes.get(victim).kill();
        pause(Duration.ofSeconds(8));
        driver.close();

        judge("kill -9 of node " + (victim + 1), fault, driver, survivors);
    }

    @Test
    void a_crash_under_load_loses_nothing_on_cassandra_either() throws IOException, InterruptedException {
        try (var servers = CassandraServers.start(1, data.resolve("cassandra"), progress -> {})) {
            var contact = servers.contactPoint();
            var url = "cassandra://" + contact.getHostString() + ":" + contact.getPort();
            var config = ConfigFactory.parseString("parvi.persistence.store = \"" + url + "\"")
                    .withFallback(ConfigFactory.load());
            EventStore.migrate(config);
            startThree("--store", url);
            try (var feed = FeedFollower.start(EventStore.open(config))) {
                var driver = Driver.start(nodes, CLIENTS, ENTITIES, history);
                pause(Duration.ofSeconds(4));
                awaitEnough();
                var fault = System.nanoTime();
                nodes.get(0).kill();
                pause(Duration.ofSeconds(8));
                driver.close();

                judge("kill -9 of node 1 on Cassandra", fault, driver, nodes.subList(1, 3));
                requireTold(feed, driver.revisions(nodes.get(1)));
            }
            nodes.forEach(TestNode::close);
        }
    }

    /** Nobody writes any more: the feed must come to the head of every entity. */
    private static void requireTold(FeedFollower feed, Map<String, Long> heads) {
        var expected = heads.entrySet().stream()
                .collect(Collectors.toMap(head -> "account/" + head.getKey(), Map.Entry::getValue));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(feed.reached()).containsAllEntriesOf(expected));
        System.out.printf("the feed told %d events, some of them again%n", feed.told());
        assertThat(feed.faults()).isEmpty();
    }

    @Test
    void a_frozen_node_that_wakes_up_acknowledges_nothing_stale() throws IOException {
        startThree();
        var driver = Driver.start(nodes, CLIENTS, ENTITIES, history);
        pause(Duration.ofSeconds(4));
        awaitEnough();
        var fault = System.nanoTime();
        nodes.get(0).freeze();
        pause(Duration.ofSeconds(20));
        nodes.get(0).thaw();
        pause(Duration.ofSeconds(5));
        driver.close();

        judge("freeze of node 1 for 20 s", fault, driver, nodes.subList(1, 3));
    }

    @Test
    void a_crash_of_all_nodes_loses_nothing() throws IOException {
        startThree();
        var driver = Driver.start(nodes, CLIENTS, ENTITIES, history);
        pause(Duration.ofSeconds(4));
        awaitEnough();
        var fault = System.nanoTime();
        nodes.forEach(TestNode::kill);
        var restarted = TestNode.start(data);
        nodes.replaceAll(dead -> restarted);
        restarted.awaitReady();
        pause(Duration.ofSeconds(4));
        driver.close();

        judge("kill -9 of all, restart of one", fault, driver, List.of(restarted));
    }

    private void judge(String what, long fault, Driver driver, List<TestNode> witnesses) throws IOException {
        for (var witness : witnesses) {
            var violations = history.violations(driver.revisions(witness));
            System.out.printf(
                    "%s: %d acknowledged, %d requests failed at living nodes, %d violations, longest gap of an entity %.1f s%n",
                    what,
                    history.size(),
                    history.requestsFailed(),
                    violations.size(),
                    history.longestGap(fault).toMillis() / 1e3);
            assertThat(violations).isEmpty();
        }
        assertThat(history.size()).as("enough was tried").isGreaterThan(ENOUGH);
    }

    private void awaitEnough() {
        await().atMost(Duration.ofSeconds(90)).until(() -> history.size() > ENOUGH);
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
