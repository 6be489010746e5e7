package dev.parvi.persistence.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.typesafe.config.Config;

/**
 * A connection for those who read tables that are not the event store's, with the address, the user, the TLS and the patience of
 * {@code parvi.persistence.cassandra}.
 */
public final class CassandraConnection implements AutoCloseable {
    private final CqlSession session;
    private final String keyspace;

    private CassandraConnection(CqlSession session, String keyspace) {
        this.session = session;
        this.keyspace = keyspace;
    }

    /**
     * Connects to what {@code cassandra://<host>:<port>/<keyspace>} says. Throws {@link dev.parvi.persistence.UnusableStore} with one
     * sentence if that cannot be done.
     *
     * @param name what people know the URL by
     */
    public static CassandraConnection open(String url, String name, Config config) {
        var parsed = CassandraUrl.parse(url, name);
        return new CassandraConnection(Connecting.open(parsed, CassandraSettings.from(config)), parsed.keyspace());
    }

    /** Reads at the quorum that {@code parvi.persistence.cassandra.scope} means. */
    public CqlSession session() {
        return session;
    }

    /** Empty if the URL names none. */
    public String keyspace() {
        return keyspace;
    }

    @Override
    public void close() {
        session.close();
    }
}
