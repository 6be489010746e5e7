package dev.parvi.persistence.cassandra;

import com.typesafe.config.ConfigFactory;
import dev.parvi.persistence.SnapshotStoreTck;
import dev.parvi.persistence.TckConfig;

/** Pekko's own specification of a snapshot store, on a real Cassandra. */
public final class CassandraSnapshotStoreTckIT extends SnapshotStoreTck {
    public CassandraSnapshotStoreTckIT() {
        super(ConfigFactory.parseString("parvi.persistence.auto-migrate = on")
                .withFallback(TckConfig.on(OneNode.freshUrl())));
    }
}
