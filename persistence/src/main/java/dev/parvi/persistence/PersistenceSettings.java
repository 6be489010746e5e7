package dev.parvi.persistence;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.time.Duration;

/** The settings of this module, {@code parvi.persistence} in {@code reference.conf}, where each is explained. */
public record PersistenceSettings(
        String store,
        boolean autoMigrate,
        int queueMax,
        long queueBytesMax,
        int groupMax,
        Duration groupWaitMax,
        int readers,
        int readerQueueMax,
        Duration busyTimeout,
        long walBytesMax,
        boolean verifySnapshots,
        int snapshotsKept) {
    private static final String PATH = "parvi.persistence";

    public PersistenceSettings {
        require(!store.isBlank(), "store", "must name a store, such as sqlite:parvi.db");
        require(queueMax >= 1, "queue-max", "must be at least 1");
        require(queueBytesMax >= 1 << 20, "queue-bytes-max", "must be at least 1MiB");
        require(queueBytesMax <= 1 << 29, "queue-bytes-max", "must be at most 512MiB");
        require(groupMax >= 1, "group-max", "must be at least 1");
        require(!groupWaitMax.isNegative(), "group-wait-max", "must not be negative");
        require(groupWaitMax.compareTo(Duration.ofSeconds(1)) <= 0, "group-wait-max", "must be at most 1s");
        require(readers >= 1 && readers <= 64, "readers", "must be between 1 and 64");
        require(readerQueueMax >= 1, "reader-queue-max", "must be at least 1");
        require(busyTimeout.toMillis() >= 1, "busy-timeout", "must be at least 1ms");
        require(walBytesMax >= 1 << 20, "wal-bytes-max", "must be at least 1MiB");
        require(snapshotsKept >= 1, "snapshots-kept", "must be at least 1");
    }

    /** Reads {@code parvi.persistence}. A wrong value throws an {@link IllegalArgumentException} that names its key. */
    public static PersistenceSettings from(Config config) {
        return new PersistenceSettings(
                read(config, "store", Config::getString),
                read(config, "auto-migrate", Config::getBoolean),
                read(config, "queue-max", Config::getInt),
                read(config, "queue-bytes-max", Config::getBytes),
                read(config, "group-max", Config::getInt),
                read(config, "group-wait-max", Config::getDuration),
                read(config, "readers", Config::getInt),
                read(config, "reader-queue-max", Config::getInt),
                read(config, "busy-timeout", Config::getDuration),
                read(config, "wal-bytes-max", Config::getBytes),
                read(config, "verify-snapshots", Config::getBoolean),
                read(config, "snapshots-kept", Config::getInt));
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
