package dev.parvi.persistence.pekkojournal;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.parvi.persistence.StoreSettings;
import dev.parvi.persistence.cassandra.server.CassandraOptions;
import dev.parvi.persistence.cassandra.server.CassandraServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real Cassandra that checks rights, started once for all tests of a JVM. The stock plugin signs in as an administrator; we sign in
 * as somebody who may SELECT and nothing else.
 */
final class StockRing {
    private static final AtomicInteger KEYSPACES = new AtomicInteger();

    private StockRing() {}

    static String freshKeyspace() {
        return "shop" + KEYSPACES.incrementAndGet();
    }

    static String url(String keyspace) {
        var address = Started.SERVERS.contactPoint();
        return "cassandra://" + address.getHostString() + ":" + address.getPort() + "/" + keyspace;
    }

    /** What somebody who inspects a journal has set; changes are lines below {@code parvi.pekko-journal}. */
    static Config config(String... changes) {
        var text = new StringBuilder();
        for (var change : changes)
            text.append("parvi.pekko-journal.").append(change).append('\n');
        return ConfigFactory.parseString(text.toString())
                .withFallback(StoreSettings.config(
                        "cassandra.user = inspector",
                        "cassandra.password = looks",
                        "cassandra.request-timeout = 20s",
                        "cassandra.resolve-timeout = 30s"));
    }

    static PekkoJournal journal(String keyspace, String... changes) {
        return PekkoJournal.open(url(keyspace), config(changes));
    }

    /** The stock plugin, as its documentation says to set it up; changes are lines below {@code pekko.persistence.cassandra}. */
    static Config stockConfig(String keyspace, int partitionSize) {
        var address = Started.SERVERS.contactPoint();
        return ConfigFactory.parseString(String.join(
                        "\n",
                        "pekko.loglevel = off",
                        "pekko.coordinated-shutdown.exit-jvm = off",
                        "pekko.persistence.journal.plugin = pekko.persistence.cassandra.journal",
                        "pekko.persistence.cassandra.journal.keyspace = " + keyspace,
                        "pekko.persistence.cassandra.journal.keyspace-autocreate = on",
                        "pekko.persistence.cassandra.journal.tables-autocreate = on",
                        "pekko.persistence.cassandra.journal.target-partition-size = " + partitionSize,
                        "pekko.persistence.cassandra.events-by-tag.enabled = off",
                        "pekko.persistence.cassandra.query.events-by-persistence-id-gap-timeout = 1s",
                        "datastax-java-driver.basic.contact-points = [\"" + address.getHostString() + ":"
                                + address.getPort() + "\"]",
                        "datastax-java-driver.basic.load-balancing-policy.local-datacenter = datacenter1",
                        "datastax-java-driver.basic.request.timeout = 10s",
                        "datastax-java-driver.advanced.auth-provider.class = PlainTextAuthProvider",
                        "datastax-java-driver.advanced.auth-provider.username = cassandra",
                        "datastax-java-driver.advanced.auth-provider.password = cassandra"))
                .withFallback(ConfigFactory.load());
    }

    /** To change what neither the plugin nor we would. */
    static CqlSession administrator() {
        return administrator(Started.SERVERS);
    }

    private static CqlSession administrator(CassandraServers servers) {
        return CqlSession.builder()
                .addContactPoint(servers.contactPoint())
                .withLocalDatacenter("datacenter1")
                .withAuthCredentials("cassandra", "cassandra")
                .withConfigLoader(DriverConfigLoader.programmaticBuilder()
                        .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofSeconds(30))
                        .build())
                .build();
    }

    private static final class Started {
        static final CassandraServers SERVERS = start();

        private static CassandraServers start() {
            var options = CassandraOptions.standard().withPasswords().with("authorizer", "CassandraAuthorizer");
            var servers = CassandraServers.start(1, freshFolder(), options, progress -> {});
            try (var session = administrator(servers)) {
                session.execute("CREATE ROLE inspector WITH PASSWORD = 'looks' AND LOGIN = true");
                session.execute("GRANT SELECT ON ALL KEYSPACES TO inspector");
            }
            return servers;
        }

        private static Path freshFolder() {
            try {
                return Files.createTempDirectory(Path.of("target").toAbsolutePath(), "stock-ring");
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }
}
