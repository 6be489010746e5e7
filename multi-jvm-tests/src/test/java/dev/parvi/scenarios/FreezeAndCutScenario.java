package dev.parvi.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.cassandra.server.CassandraServers;
import dev.parvi.testkit.TestNode;
import dev.parvi.testkit.cluster.Fault;
import dev.parvi.testkit.cluster.TestCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code freeze A; A | {B, C}; thaw A}: the owner of a third of the entities stops, is cut off, and wakes up inside the cut. It takes
 * itself for the owner for as long as its failure detector needs, it can reach the store, and clients can reach it. Others own its
 * entities by then.
 */
class FreezeAndCutScenario {
    private static final int CLIENTS = Integer.getInteger("parvi.scenario.clients", 6);
    private static final int ENTITIES = Integer.getInteger("parvi.scenario.entities", 60);
    private static final Duration FROZEN = Duration.ofSeconds(25);
    /** When it wakes up: by its failure detector, with much to spare on a busy machine. */
    private static final Duration LEAVES_WITHIN = Duration.ofSeconds(60);
    /** How long clients write before the fault and after the thaw; more for more commands. */
    private static final Duration CALM = Duration.ofSeconds(Long.getLong("parvi.scenario.calm-seconds", 5));

    private static final int ENOUGH = 200;
    /** The fault needs the thawed node to be quicker than its failure detector; a control that never shows it has failed. */
    private static final int CONTROL_TRIES_MAX = 3;

    @TempDir
    static Path ringFolder;

    private static CassandraServers ring;

    @TempDir
    Path data;

    private TestCluster cluster;
    private History history = new History();

    @AfterEach
    void stop() {
        if (cluster != null) cluster.close();
    }

    @AfterAll
    static void stop_the_ring() {
        if (ring != null) ring.close();
    }

    @Test
    void on_one_file_nothing_is_lost() throws IOException {
        var evidence = freezeAndCut("SQLite", file(), List.of());

        assertThat(evidence.violations()).isEmpty();
        assertThat(evidence.gone()).isZero();
        assertThat(evidence.refused()).as("the stale owner tried").isPositive();
    }

    @Test
    void on_a_ring_of_three_nothing_is_lost() throws IOException {
        var contact = ring().contactPoint();
        var url = "cassandra://" + contact.getHostString() + ":" + contact.getPort() + "/scenario";
        var evidence = freezeAndCut("Cassandra, three nodes", url, List.of());

        assertThat(evidence.violations()).isEmpty();
        assertThat(evidence.gone()).isZero();
        assertThat(evidence.refused()).as("the stale owner tried").isPositive();
    }

    /** The control: without a fence the same minutes must show revisions that were acknowledged twice. */
    @Test
    void without_a_fence_acknowledged_commands_are_lost() throws IOException {
        var evidence = control(
                tries -> freezeAndCut("SQLite without a fence", "unfenced:" + file(), List.of()),
                shown -> shown.twice() > 0);

        assertThat(evidence.twice()).isPositive();
    }

    /** The other control, and what the fence is for: the same ring, with the journal that Pekko has for it. */
    @Test
    void with_the_stock_journal_on_a_ring_of_three_acknowledged_commands_are_lost() throws IOException {
        var evidence = control(
                tries -> {
                    var stock = new StockJournal(ring(), "stock" + tries);
                    stock.createTables();
                    return freezeAndCut("the stock journal on Cassandra, three nodes", file(), stock.settings());
                },
                shown -> shown.twice() > 0 && shown.gone() > 0);

        assertThat(evidence.twice()).isPositive();
        assertThat(evidence.gone()).isPositive();
    }

    /** Each try begins with empty stores and a history of its own. */
    private Evidence control(Trial trial, Predicate<Evidence> isShown) throws IOException {
        var evidence = trial.run(1);
        for (var tries = 2; tries <= CONTROL_TRIES_MAX && !isShown.test(evidence); tries++) {
            data = Files.createDirectory(data.resolve("again"));
            history = new History();
            evidence = trial.run(tries);
        }
        return evidence;
    }

    private String file() {
        return "sqlite:" + data.resolve("parvi.db");
    }

    /** One ring for all that need one: its start takes longer than a scenario. */
    private static CassandraServers ring() {
        if (ring == null) ring = CassandraServers.start(3, ringFolder, progress -> {});
        return ring;
    }

    private Evidence freezeAndCut(String what, String store, List<String> settings) throws IOException {
        EventStore.migrate(ConfigFactory.parseString("parvi.persistence.store = \"" + store + "\"")
                .withFallback(ConfigFactory.load()));
        var arguments = new ArrayList<>(List.of("--store", store));
        for (var setting : settings) arguments.addAll(List.of("--set", setting));
        cluster = TestCluster.start(data, 3, arguments);
        var stale = cluster.node("A");
        var driver = Driver.start(cluster.nodes(), CLIENTS, ENTITIES, history);
        pause(CALM);
        await().atMost(Duration.ofSeconds(90)).until(() -> history.size() > ENOUGH);

        cluster.apply(Fault.freeze("A"));
        cluster.apply(Fault.partition("A | B C"));
        // Fills the sockets of the frozen node: the first that it does is to carry these out.
        var early = driver.burst(stale, 2 * ENTITIES);
        // And these it has never seen: it is to load what others have written meanwhile, and be the newer writer.
        driver.widen(2 * ENTITIES);
        pause(FROZEN);
        var late = driver.burst(stale, 4 * ENTITIES);
        cluster.apply(Fault.thaw("A"));
        await().atMost(LEAVES_WITHIN).until(() -> !stale.isAlive());
        pause(CALM);
        early.join();
        late.join();
        cluster.apply(Fault.heal());
        pause(CALM);
        driver.close();
        var violations = history.violations(driver.revisions(cluster.node("B")));

        cluster.close();
        try (var fresh = TestNode.start(data, arguments.toArray(String[]::new)).awaitReady()) {
            return judge(what, violations, driver.revisions(fresh));
        }
    }

    private Evidence judge(String what, List<String> violations, Map<String, Long> restarted) throws IOException {
        var twice =
                violations.stream().filter(told -> told.startsWith("twice: ")).count();
        var gone = history.gone(restarted);
        var refused = refusedAtTheStaleOwner();
        System.out.printf(
                "freeze and cut on %s: %d acknowledged, %d revisions acknowledged twice, %d acknowledged commands gone after a restart,"
                        + " %d writes of the stale owner refused, %d violations%s%n",
                what,
                history.size(),
                twice,
                gone,
                refused,
                violations.size(),
                violations.isEmpty() ? "" : ", such as " + violations.get(0));
        assertThat(history.size()).as("enough was tried").isGreaterThan(ENOUGH);
        return new Evidence(twice, gone, refused, violations);
    }

    /** It has left by now, so its log tells. */
    private long refusedAtTheStaleOwner() throws IOException {
        try (var lines = Files.lines(cluster.node("A").log())) {
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

    /** What a run came to; {@code gone} is what a new node finds missing, the others are what clients and logs say. */
    private record Evidence(long twice, long gone, long refused, List<String> violations) {}

    private interface Trial {
        Evidence run(int tries) throws IOException;
    }
}
