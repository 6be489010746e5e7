package dev.parvi.persistence.postgres;

import com.typesafe.config.Config;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.PersistenceSettings;

/** Opens stores in a PostgreSQL database: {@code postgres://[user@]host[:port]/database[?sslmode=...]}. */
public final class PostgresProvider implements EventStore.Provider {
    @Override
    public String scheme() {
        return PostgresUrl.SCHEME;
    }

    @Override
    public String example() {
        return "postgres://<host>:<port>/<database>";
    }

    @Override
    public EventStore open(PersistenceSettings settings, Config config) {
        return PostgresStore.open(PostgresUrl.parse(settings.store()), settings, PostgresSettings.from(config));
    }

    @Override
    public String migrate(PersistenceSettings settings, Config config) {
        return PostgresStore.migrate(PostgresUrl.parse(settings.store()), PostgresSettings.from(config));
    }
}
