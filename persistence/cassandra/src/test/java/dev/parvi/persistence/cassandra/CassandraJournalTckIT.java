package dev.parvi.persistence.cassandra;

import com.typesafe.config.ConfigFactory;
import dev.parvi.persistence.JournalTck;
import dev.parvi.persistence.TckConfig;

/** Pekko's own specification of a journal, on a real Cassandra. */
public final class CassandraJournalTckIT extends JournalTck {
    public CassandraJournalTckIT() {
        super(ConfigFactory.parseString("parvi.persistence.auto-migrate = on")
                .withFallback(TckConfig.on(OneNode.freshUrl())));
    }
}
