package dev.parvi.persistence.cassandra;

import com.typesafe.config.ConfigFactory;
import dev.parvi.persistence.JournalTck;
import dev.parvi.persistence.TckConfig;

/** Pekko's own specification of a journal, on a real Cassandra. */
public final class CassandraJournalTckIT extends JournalTck {
    /** The first write has three seconds, which a busy machine needs for the tables. */
    private static String withTables(String url) {
        OneNode.open(url).close();
        return url;
    }

    public CassandraJournalTckIT() {
        super(ConfigFactory.parseString("parvi.persistence.auto-migrate = on")
                .withFallback(TckConfig.on(withTables(OneNode.freshUrl()))));
    }
}
