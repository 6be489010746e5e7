package dev.parvi.persistence.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.EventStore.Appended;
import dev.parvi.persistence.StoreClient;
import dev.parvi.persistence.UnusableStore;
import dev.parvi.persistence.cassandra.server.CassandraServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One node of three misses a change of the schema. */
final class SchemaDisagreementIT {
    @TempDir
    static Path folder = Path.of("");

    private static CassandraServers servers;

    @BeforeAll
    static void start() {
        servers = CassandraServers.start(3, folder, progress -> {});
    }

    @AfterAll
    static void stop() {
        if (servers != null) servers.close();
    }

    /** The node serves clients and is cut off from the others, so it hears of nothing. */
    @Test
    void nothing_is_done_while_nodes_disagree_and_all_is_well_once_they_agree() throws IOException {
        var url = url("disagreed");
        try (var cut = Cut.of(2)) {
            assertThatThrownBy(() -> EventStore.migrate(OneNode.config(url)))
                    .isInstanceOf(UnusableStore.class)
                    .hasMessageStartingWith("the nodes of Cassandra do not agree on the schema, disagreed included (")
                    .hasMessageContaining("127.0.0.3")
                    .hasMessageEndingWith(
                            "look at nodetool describecluster, mend it, then run parvi store migrate again");
            assertThatThrownBy(() -> OneNode.open(url, "auto-migrate = off"))
                    .isInstanceOf(UnusableStore.class)
                    .hasMessageContaining("do not agree on the schema");
            cut.heal();
        }
        awaitAgreement();
        assertThat(EventStore.migrate(OneNode.config(url))).contains("went from schema version 0 to 1");
        requireServing(url);
    }

    @Test
    void a_node_that_is_frozen_meanwhile_hears_of_it_when_it_thaws() {
        var url = url("frozen");
        var node = servers.nodes().get(2);
        node.freeze();
        try {
            var outcome = outcomeOf(url);
            assertThat(outcome)
                    .matches(".*went from schema version 0 to 1|the nodes of Cassandra do not agree on the schema.*"
                            + "127.0.0.3.*=no answer.*");
        } finally {
            node.thaw();
        }
        awaitAgreement();
        assertThat(EventStore.migrate(OneNode.config(url))).contains("schema version");
        requireServing(url);
    }

    @Test
    void a_node_that_is_down_meanwhile_has_it_when_it_is_back() {
        var url = url("down");
        var node = servers.nodes().get(2);
        node.kill();
        assertThat(EventStore.migrate(OneNode.config(url))).contains("went from schema version 0 to 1");
        node.restart();
        awaitAgreement();
        requireServing(url);
    }

    private static String outcomeOf(String url) {
        try {
            return EventStore.migrate(OneNode.config(url));
        } catch (UnusableStore refusal) {
            return String.valueOf(refusal.getMessage());
        }
    }

    /** Through each node alone, so the one that missed the change as well. */
    private static void requireServing(String url) {
        for (var n = 0; n < 3; n++) {
            try (var store = ThreeCoordinators.open(servers.nodes().get(n), url, Duration.ZERO, "auto-migrate = off")) {
                assertThat(new StoreClient(store).append("a", n, "w", "event")).isEqualTo(new Appended(n + 1));
            }
        }
    }

    private static void awaitAgreement() {
        // A node that was cut off asks the others once a minute.
        await().atMost(Duration.ofMinutes(4))
                .pollInterval(Duration.ofSeconds(3))
                .ignoreExceptions()
                .until(() -> servers.nodes().stream()
                                .map(SchemaDisagreementIT::versionAt)
                                .collect(Collectors.toSet())
                                .size()
                        == 1);
    }

    private static String versionAt(CassandraServers.Node node) {
        var patient = DriverConfigLoader.programmaticBuilder()
                .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofSeconds(20))
                .build();
        try (var session = CqlSession.builder()
                .withConfigLoader(patient)
                .addContactPoint(node.address())
                .withLocalDatacenter(servers.datacenter())
                .build()) {
            var self = session.getMetadata().getNodes().values().stream()
                    .filter(each -> each.getEndPoint().resolve().equals(node.address()))
                    .findFirst()
                    .orElseThrow();
            var query = SimpleStatement.newInstance("SELECT schema_version FROM system.local")
                    .setNode(self);
            var row = session.execute(query).one();
            return String.valueOf(row == null ? null : row.getUuid("schema_version"));
        }
    }

    private static String url(String keyspace) {
        var contact = servers.contactPoint();
        return "cassandra://" + contact.getHostString() + ":" + contact.getPort() + "/" + keyspace;
    }

    /** A node whose packets to and from the others are dropped, those of clients not. */
    private record Cut(List<String> rules) implements AutoCloseable {
        static Cut of(int node) throws IOException {
            var port = storagePort();
            var host = servers.nodes().get(node).address().getHostString();
            var cut = new Cut(List.of(
                    "INPUT -i lo -p tcp -s " + host + " --dport " + port + " -j DROP",
                    "INPUT -i lo -p tcp -d " + host + " --dport " + port + " -j DROP",
                    "INPUT -i lo -p tcp -s " + host + " --sport " + port + " -j DROP",
                    "INPUT -i lo -p tcp -d " + host + " --sport " + port + " -j DROP"));
            assumeTrue(
                    cut.rules.stream().allMatch(rule -> run("iptables -w 5 -I " + rule)),
                    "skipped, not passed: iptables is missing or needs root");
            return cut;
        }

        void heal() {
            rules.forEach(rule -> run("iptables -w 5 -D " + rule));
        }

        /** What is healed already is not there to remove. */
        @Override
        public void close() {
            heal();
        }

        private static int storagePort() throws IOException {
            var properties = new Properties();
            try (var in = Files.newBufferedReader(folder.resolve("ring.properties"))) {
                properties.load(in);
            }
            return Integer.parseInt(properties.getProperty("storage-port"));
        }

        private static boolean run(String command) {
            try {
                return new ProcessBuilder(command.split(" "))
                                .redirectErrorStream(true)
                                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                .start()
                                .waitFor()
                        == 0;
            } catch (IOException missing) {
                return false;
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new UncheckedIOException(new IOException(stopped));
            }
        }
    }
}
