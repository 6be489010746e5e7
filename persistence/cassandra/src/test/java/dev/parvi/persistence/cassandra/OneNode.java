package dev.parvi.persistence.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.typesafe.config.Config;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.PersistenceSettings;
import dev.parvi.persistence.StoreSettings;
import dev.parvi.persistence.cassandra.server.CassandraOptions;
import dev.parvi.persistence.cassandra.server.CassandraServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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

    /** The URL of a keyspace without events, the same at every call by the same test: a server bears only so many tables. */
    static String emptyUrl(Class<?> test) {
        var used = Emptied.URLS.get(test);
        if (used != null) empty(used.substring(used.lastIndexOf('/') + 1));
        return used != null ? used : Emptied.URLS.computeIfAbsent(test, first -> freshUrl());
    }

    private static void empty(String keyspace) {
        for (var table : List.of("event", "snapshot", "feed_mark"))
            Emptied.SESSION.execute("TRUNCATE " + keyspace + "." + table);
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

    /** To look at the tables, or to change what no store would. A table takes its time while others are made. */
    static CqlSession session() {
        var patient = DriverConfigLoader.programmaticBuilder()
                .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofSeconds(20))
                .build();
        return CqlSession.builder()
                .withConfigLoader(patient)
                .addContactPoint(servers().nodes().get(0).address())
                .withLocalDatacenter("datacenter1")
                .build();
    }

    private static final class Emptied {
        static final CqlSession SESSION = session();
        static final Map<Class<?>, String> URLS = new ConcurrentHashMap<>();
    }

    private static final class Started {
        /** Nobody starts this server again, so what a change of the schema is worth need not be on the disk at once. */
        private static final CassandraOptions OPTIONS = CassandraOptions.standard()
                .with("auto_snapshot", "false")
                .withEnvironment(1, Map.of("JDK_JAVA_OPTIONS", "-Dcassandra.test.flush_local_schema_changes=false"));

        static final CassandraServers SERVERS = CassandraServers.start(1, freshFolder(), OPTIONS, progress -> {});

        private static Path freshFolder() {
            try {
                return Files.createTempDirectory(Path.of("target").toAbsolutePath(), "one-node");
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }
}
