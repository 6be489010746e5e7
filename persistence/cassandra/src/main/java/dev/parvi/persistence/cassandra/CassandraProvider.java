package dev.parvi.persistence.cassandra;

import com.typesafe.config.Config;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.PersistenceSettings;

/** Finds its way into {@link EventStore#open} by the scheme {@code cassandra:}. */
public final class CassandraProvider implements EventStore.Provider {
    @Override
    public String scheme() {
        return CassandraUrl.SCHEME;
    }

    @Override
    public String example() {
        return "cassandra://<host>:<port>/<keyspace>";
    }

    @Override
    public EventStore open(PersistenceSettings settings, Config config) {
        return CassandraStore.open(settings, CassandraSettings.from(config));
    }

    @Override
    public String migrate(PersistenceSettings settings, Config config) {
        return CassandraStore.migrate(settings, CassandraSettings.from(config));
    }
}
