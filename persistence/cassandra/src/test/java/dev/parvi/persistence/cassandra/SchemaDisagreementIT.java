package dev.parvi.persistence.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.EventStore.Appended;
import dev.parvi.persistence.StoreClient;
import dev.parvi.persistence.UnusableStore;
import dev.parvi.persistence.cassandra.server.CassandraServers;
import java.nio.file.Path;
import java.time.Duration;
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

    @Test
    void a_node_that_is_frozen_meanwhile_hears_of_it_when_it_thaws() {
        var url = url("frozen");
        var node = servers.nodes().get(2);
        node.freeze();
        try {
            var outcome = outcomeOf(url);
            assertThat(outcome)
                    .matches(".*went from schema version 0 to 2|the nodes of Cassandra do not agree on the schema.*"
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
        assertThat(EventStore.migrate(OneNode.config(url))).contains("went from schema version 0 to 2");
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
                var client = new StoreClient(store);
                var head = n;
                await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> client.head("a") >= head);
                assertThat(client.append("a", n, "w", "event")).isEqualTo(new Appended(n + 1));
            }
        }
    }

    private static void awaitAgreement() {
        // A node that missed a change asks the others once a minute.
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
}
