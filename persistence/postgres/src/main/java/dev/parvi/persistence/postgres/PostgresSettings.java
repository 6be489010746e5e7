package dev.parvi.persistence.postgres;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.time.Duration;

/** The settings of this module, {@code parvi.persistence.postgres} in {@code reference.conf}, where each is explained. */
record PostgresSettings(
        String user,
        String password,
        String passwordFile,
        String schema,
        int writers,
        int readers,
        Duration connectTimeout,
        Duration statementTimeout,
        Duration outcomeTimeout,
        boolean allowUnsafeServer) {
    private static final String PATH = "parvi.persistence.postgres";

    PostgresSettings {
        require(schema.matches("[a-z_][a-z0-9_]{0,62}"), "schema", "must be lower-case letters, digits and _");
        require(!schema.startsWith("pg_"), "schema", "must not begin with pg_, such names are the server's");
        require(writers >= 1 && writers <= 64, "writers", "must be between 1 and 64");
        require(readers >= 1 && readers <= 64, "readers", "must be between 1 and 64");
        requireBetween(connectTimeout, Duration.ofMinutes(1), "connect-timeout");
        requireBetween(statementTimeout, Duration.ofMinutes(10), "statement-timeout");
        requireBetween(outcomeTimeout, Duration.ofMinutes(10), "outcome-timeout");
    }

    /** Reads {@code parvi.persistence.postgres}. A wrong value throws an {@link IllegalArgumentException} that names its key. */
    static PostgresSettings from(Config config) {
        return new PostgresSettings(
                read(config, "user", Config::getString),
                read(config, "password", Config::getString),
                read(config, "password-file", Config::getString),
                read(config, "schema", Config::getString),
                read(config, "writers", Config::getInt),
                read(config, "readers", Config::getInt),
                read(config, "connect-timeout", Config::getDuration),
                read(config, "statement-timeout", Config::getDuration),
                read(config, "outcome-timeout", Config::getDuration),
                read(config, "allow-unsafe-server", Config::getBoolean));
    }

    /** Without the password: settings are written to logs. */
    @Override
    public String toString() {
        return "PostgresSettings[user=" + user + ", password=" + (password.isEmpty() ? "" : "***") + ", passwordFile="
                + passwordFile + ", schema=" + schema + ", writers=" + writers + ", readers=" + readers
                + ", connectTimeout=" + connectTimeout + ", statementTimeout=" + statementTimeout + ", outcomeTimeout="
                + outcomeTimeout + ", allowUnsafeServer=" + allowUnsafeServer + "]";
    }

    private static <T> T read(Config config, String key, Getter<T> getter) {
        try {
            return getter.get(config, PATH + "." + key);
        } catch (ConfigException wrong) {
            throw new IllegalArgumentException(PATH + "." + key + ": " + wrong.getMessage(), wrong);
        }
    }

    private static void requireBetween(Duration value, Duration max, String key) {
        require(value.toMillis() >= 100, key, "must be at least 100ms");
        require(value.compareTo(max) <= 0, key, "must be at most " + max.toSeconds() + "s");
    }

    private static void require(boolean holds, String key, String what) {
        if (!holds) throw new IllegalArgumentException(PATH + "." + key + " " + what);
    }

    private interface Getter<T> {
        T get(Config config, String path);
    }
}
