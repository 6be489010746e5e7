package dev.parvi.persistence.cassandra;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** The settings of this module, {@code parvi.persistence.cassandra} in {@code reference.conf}, where each is explained. */
record CassandraSettings(
        String datacenter,
        String keyspace,
        int replicationFactor,
        Scope scope,
        Login login,
        Tls tls,
        Duration requestTimeout,
        Duration askAnotherAfter,
        Duration connectTimeout,
        Duration resolveTimeout,
        int inFlightMax,
        long appendBytesMax,
        long bucketEventsMax,
        long bucketBytesMax,
        long feedEpochsKept,
        int readers,
        int breakerFailures,
        Duration breakerPause) {
    private static final String PATH = "parvi.persistence.cassandra";

    CassandraSettings {
        require(keyspace.matches("[a-zA-Z]\\w{0,47}"), "keyspace", "must be a word of at most 48 letters and digits");
        require(replicationFactor >= 0, "replication-factor", "must not be negative");
        require(requestTimeout.toMillis() >= 100, "request-timeout", "must be at least 100ms");
        require(askAnotherAfter.toMillis() >= 10, "ask-another-after", "must be at least 10ms");
        require(connectTimeout.toMillis() >= 100, "connect-timeout", "must be at least 100ms");
        require(resolveTimeout.compareTo(requestTimeout) > 0, "resolve-timeout", "must be longer than request-timeout");
        require(inFlightMax >= 1, "in-flight-max", "must be at least 1");
        require(appendBytesMax >= 1 << 20, "append-bytes-max", "must be at least 1MiB");
        require(appendBytesMax <= 8 << 20, "append-bytes-max", "must be at most 8MiB");
        require(bucketEventsMax >= 1, "bucket-events-max", "must be at least 1");
        require(bucketBytesMax >= 1, "bucket-bytes-max", "must be at least 1");
        require(feedEpochsKept >= 60, "feed-epochs-kept", "must be at least 60");
        require(readers >= 1 && readers <= 64, "readers", "must be between 1 and 64");
        require(breakerFailures >= 1, "breaker.failures", "must be at least 1");
        require(breakerPause.toMillis() >= 1, "breaker.pause", "must be at least 1ms");
    }

    /** Reads {@code parvi.persistence.cassandra}. A wrong value throws an {@link IllegalArgumentException} that names its key. */
    static CassandraSettings from(Config config) {
        return new CassandraSettings(
                read(config, "datacenter", Config::getString),
                read(config, "keyspace", Config::getString),
                read(config, "replication-factor", Config::getInt),
                Scope.of(read(config, "scope", Config::getString)),
                login(config),
                new Tls(
                        read(config, "tls.enabled", Config::getBoolean),
                        read(config, "tls.truststore", Config::getString),
                        read(config, "tls.truststore-password", Config::getString),
                        read(config, "tls.verify-host", Config::getBoolean)),
                read(config, "request-timeout", Config::getDuration),
                read(config, "ask-another-after", Config::getDuration),
                read(config, "connect-timeout", Config::getDuration),
                read(config, "resolve-timeout", Config::getDuration),
                read(config, "in-flight-max", Config::getInt),
                read(config, "append-bytes-max", Config::getBytes),
                read(config, "bucket-events-max", Config::getLong),
                read(config, "bucket-bytes-max", Config::getBytes),
                read(config, "feed-epochs-kept", Config::getLong),
                read(config, "readers", Config::getInt),
                read(config, "breaker.failures", Config::getInt),
                read(config, "breaker.pause", Config::getDuration));
    }

    /** Whom appends are agreed with. */
    enum Scope {
        LOCAL(ConsistencyLevel.LOCAL_SERIAL, ConsistencyLevel.LOCAL_QUORUM),
        GLOBAL(ConsistencyLevel.SERIAL, ConsistencyLevel.QUORUM);

        private final ConsistencyLevel serial;
        private final ConsistencyLevel quorum;

        Scope(ConsistencyLevel serial, ConsistencyLevel quorum) {
            this.serial = serial;
            this.quorum = quorum;
        }

        /** For conditions, and for reads that must see every append that was answered. */
        ConsistencyLevel serial() {
            return serial;
        }

        /** For what is written once agreed, and for rows that are known to be there. */
        ConsistencyLevel quorum() {
            return quorum;
        }

        private static Scope of(String word) {
            var wanted = List.of(values()).stream()
                    .filter(scope -> scope.name().toLowerCase(Locale.ROOT).equals(word))
                    .findFirst();
            return wanted.orElseThrow(
                    () -> new IllegalArgumentException(PATH + ".scope is \"" + word + "\": write local or global"));
        }
    }

    /** Who signs in; an empty user does not. */
    record Login(String user, String password) {
        /** Without the password: settings end up in logs. */
        @Override
        public String toString() {
            return user.isEmpty() ? "nobody" : user;
        }
    }

    /** How connections are made private. */
    record Tls(boolean enabled, String truststore, String truststorePassword, boolean verifyHost) {
        /** Without the password. */
        @Override
        public String toString() {
            return enabled ? "TLS " + truststore : "no TLS";
        }
    }

    private static Login login(Config config) {
        var user = read(config, "user", Config::getString);
        var password = read(config, "password", Config::getString);
        var file = read(config, "password-file", Config::getString);
        if (file.isEmpty()) return new Login(user, password);
        require(password.isEmpty(), "password-file", "and password cannot both be set");
        try (var lines = Files.lines(Path.of(file))) {
            return new Login(user, lines.findFirst().orElse("").strip());
        } catch (IOException | InvalidPathException unreadable) {
            throw new IllegalArgumentException(PATH + ".password-file cannot be read: " + unreadable, unreadable);
        }
    }

    private static <T> T read(Config config, String key, Getter<T> getter) {
        try {
            return getter.get(config, PATH + "." + key);
        } catch (ConfigException wrong) {
            throw new IllegalArgumentException(PATH + "." + key + ": " + wrong.getMessage(), wrong);
        }
    }

    private static void require(boolean holds, String key, String what) {
        if (!holds) throw new IllegalArgumentException(PATH + "." + key + " " + what);
    }

    private interface Getter<T> {
        T get(Config config, String path);
    }
}
