package dev.parvi.bench;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.typesafe.config.Config;
import java.time.Duration;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.persistence.cassandra.KeyspaceAndTableStatements;
import org.apache.pekko.persistence.cassandra.PluginSettings;

/** The tables of the stock journal, made before it starts: what it makes by itself it does not wait for on a busy ring. */
final class StockTables {
    private StockTables() {}

    static void create(CqlSession session, String plugin, Config config) {
        var system = ActorSystem.create("tables", config);
        try {
            var statements = new KeyspaceAndTableStatements(system, plugin, PluginSettings.apply(system));
            execute(session, statements.createJournalKeyspaceStatement());
            statements.getCreateJournalTablesStatements().forEach(statement -> execute(session, statement));
        } finally {
            system.terminate();
        }
    }

    /** A statement that changes the schema may take long: all nodes must agree. */
    static void execute(CqlSession session, String statement) {
        session.execute(SimpleStatement.newInstance(statement).setTimeout(Duration.ofSeconds(60)));
    }
}
