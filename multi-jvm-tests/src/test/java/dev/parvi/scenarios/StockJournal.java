package dev.parvi.scenarios;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.typesafe.config.ConfigFactory;
import dev.parvi.persistence.cassandra.server.CassandraServers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.persistence.cassandra.KeyspaceAndTableStatements;
import org.apache.pekko.persistence.cassandra.PluginSettings;

/**
 * The control: Pekko's own journal and snapshot store for Cassandra with their defaults, but for three replicas instead of one.
 */
final class StockJournal {
    static final String PLUGIN = "pekko.persistence.cassandra";

    private final CassandraServers ring;
    private final String keyspace;

    StockJournal(CassandraServers ring, String keyspace) {
        this.ring = ring;
        this.keyspace = keyspace;
    }

    /** With the plugin's own statements, and in a step of its own: nodes that each make the tables race. */
    void createTables() {
        var replicas = ConfigFactory.parseString(PLUGIN
                + " { journal { replication-factor = 3, keyspace = " + keyspace
                + " }, snapshot { replication-factor = 3, keyspace = " + keyspace + "_snapshot } }");
        var system = ActorSystem.create("tables", replicas.withFallback(ConfigFactory.load()));
        try (var session = CqlSession.builder()
                .addContactPoint(ring.contactPoint())
                .withLocalDatacenter(ring.datacenter())
                .build()) {
            var plugin = new KeyspaceAndTableStatements(system, PLUGIN, PluginSettings.apply(system));
            var statements = new ArrayList<String>();
            statements.add(plugin.createJournalKeyspaceStatement());
            statements.addAll(plugin.getCreateJournalTablesStatements());
            statements.add(plugin.createSnapshotKeyspaceStatement());
            statements.addAll(plugin.getCreateSnapshotTablesStatements());
            for (var statement : statements)
                session.execute(SimpleStatement.newInstance(statement).setTimeout(Duration.ofSeconds(30)));
        } finally {
            system.terminate();
        }
    }

    /**
     * What makes a node use it. Such a node must not forget an outcome that a client may ask for: it would look for it in Parvi's store,
     * where this journal's events are not.
     */
    List<String> settings() {
        return List.of(
                "parvi.journal.class=" + BehindTheBack.class.getName(),
                "pekko.persistence.snapshot-store.plugin=" + PLUGIN + ".snapshot",
                PLUGIN + ".journal.keyspace=" + keyspace,
                PLUGIN + ".snapshot.keyspace=" + keyspace + "_snapshot",
                "datastax-java-driver.basic.contact-points=[\""
                        + ring.contactPoint().getHostString() + ":"
                        + ring.contactPoint().getPort() + "\"]",
                "datastax-java-driver.basic.load-balancing-policy.local-datacenter=" + ring.datacenter(),
                "parvi.sharding.outcomes-max=100000");
    }
}
