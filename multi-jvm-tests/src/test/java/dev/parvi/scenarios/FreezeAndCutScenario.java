package dev.parvi.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.typesafe.config.ConfigFactory;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.cassandra.server.CassandraServers;
import dev.parvi.testkit.TestNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code freeze A; A | {B, C}; thaw A}: the owner of a third of the entities stops, is cut off, and wakes up inside the cut. It takes
 * itself for the owner for as long as its failure detector needs, it can reach the store, and clients can reach it. Others own its
 * entities by then.
 */
class FreezeAndCutScenario {
    private static final int CLIENTS = 6;
    private static final int ENTITIES = 60;
    private static final Duration FROZEN = Duration.ofSeconds(25);
    /** How long clients write before the fault and after the thaw; more for more commands. */
    private static final Duration CALM = Duration.ofSeconds(Long.getLong("parvi.scenario.calm-seconds", 5));

    @TempDir
    Path data;

    private final List<TestNode> nodes = new ArrayList<>();
    private final History history = new History();
    private long refused;

    @BeforeEach
    void needs_root() {
        assumeTrue(Cut.isPossible(), "skipped, not passed: cutting needs root and iptables");
    }

    @AfterEach
    void stop() {
        nodes.forEach(TestNode::close);
    }

    @Test
    void on_one_file_nothing_is_lost() throws IOException {
        assertThat(freezeAndCut("SQLite", "sqlite:" + data.resolve("parvi.db"))).isEmpty();
        assertThat(refused).as("the stale owner tried").isPositive();
    }

    @Test
    void on_a_ring_of_three_nothing_is_lost() throws IOException {
        try (var ring = CassandraServers.start(3, data.resolve("ring"), progress -> {})) {
            var url = "cassandra://" + ring.contactPoint().getHostString() + ":"
                    + ring.contactPoint().getPort() + "/scenario";
            assertThat(freezeAndCut("Cassandra, three nodes", url)).isEmpty();
            assertThat(refused).as("the stale owner tried").isPositive();
        }
    }

    /** The control: without a fence the same minutes must show revisions that were acknowledged twice. */
    @Test
    void without_a_fence_acknowledged_commands_are_lost() throws IOException {
        assertThat(freezeAndCut("SQLite without a fence", "unfenced:sqlite:" + data.resolve("parvi.db")))
                .anyMatch(violation -> violation.startsWith("twice: "));
    }

    private List<String> freezeAndCut(String what, String store) throws IOException {
        EventStore.migrate(ConfigFactory.parseString("parvi.persistence.store = \"" + store + "\"")
                .withFallback(ConfigFactory.load()));
        for (var n = 1; n <= 3; n++) nodes.add(start(n, store));
        nodes.forEach(TestNode::awaitReady);
        var stale = nodes.get(0);
        var driver = Driver.start(nodes, CLIENTS, ENTITIES, history);
        pause(CALM);

        stale.freeze();
        try (var cut = Cut.between(host(1), "127.0.7.0/24")) {
            // Fills the sockets of the frozen node: the first that it does is to carry these out.
            var early = driver.burst(stale, 2 * ENTITIES);
            pause(FROZEN);
            var late = driver.burst(stale, 2 * ENTITIES);
            stale.thaw();
            pause(CALM.plusSeconds(15));
            early.join();
            late.join();
        }
        pause(CALM);
        driver.close();
        return judge(what, driver);
    }

    private TestNode start(int number, String store) {
        return TestNode.start(
                data,
                "--store",
                store,
                "--set",
                "parvi.node.host=" + host(number),
                "--set",
                "pekko.remote.artery.advanced.tcp.outbound-client-hostname=" + host(number));
    }

    private static String host(int number) {
        return "127.0.7." + number;
    }

    private List<String> judge(String store, Driver driver) throws IOException {
        var witness = nodes.get(1);
        var violations = history.violations(driver.revisions(witness));
        refused = refusedAtTheStaleOwner();
        System.out.printf(
                "freeze and cut on %s: %d acknowledged, %d writes of the stale owner refused, %d violations%s%n",
                store,
                history.size(),
                refused,
                violations.size(),
                violations.isEmpty() ? "" : ", such as " + violations.get(0));
        assertThat(history.size()).as("enough was tried").isGreaterThan(200);
        return violations;
    }

    /** It has left by now, so its log tells. */
    private long refusedAtTheStaleOwner() throws IOException {
        var port = URI.create(nodes.get(0).url()).getPort();
        try (var lines = Files.lines(data.resolve("node-" + port + ".log"))) {
            return lines.filter(line -> line.contains("another writer has been there"))
                    .count();
        }
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
