package dev.parvi.persistence.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.typesafe.config.Config;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.PersistenceSettings;
import dev.parvi.persistence.StoreSettings;
import dev.parvi.persistence.cassandra.server.CassandraServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A real Cassandra of one node, started once for all tests of a JVM, with a keyspace for each that asks. */
final class OneNode {
    private static final AtomicInteger KEYSPACES = new AtomicInteger();

    private OneNode() {}

    static CassandraServers servers() {
        return Started.SERVERS;
    }

    /** The URL of a keyspace that nobody has used. */
    static String freshUrl() {
        var address = servers().nodes().get(0).address();
        return "cassandra://" + address.getHostString() + ":" + address.getPort() + "/test"
                + KEYSPACES.incrementAndGet();
    }

    /** Opens a store on this keyspace, and makes its tables if need be. Changes are lines below {@code parvi.persistence}. */
    static EventStore open(String url, String... changes) {
        return EventStore.open(config(url, changes));
    }

    static Config config(String url, String... changes) {
        var all = Stream.concat(Stream.of("store = \"" + url + "\"", "auto-migrate = on"), Arrays.stream(changes));
        return StoreSettings.config(all.toArray(String[]::new));
    }

    static PersistenceSettings settings(String url) {
        return PersistenceSettings.from(config(url));
    }

    /** To look at the tables, or to change what no store would. */
    static CqlSession session() {
        return CqlSession.builder()
                .addContactPoint(servers().nodes().get(0).address())
                .withLocalDatacenter("datacenter1")
                .build();
    }

    private static final class Started {
        static final CassandraServers SERVERS = CassandraServers.start(1, freshFolder(), progress -> {});

        private static Path freshFolder() {
            try {
                return Files.createTempDirectory(Path.of("target").toAbsolutePath(), "one-node");
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }
}
