package dev.parvi.persistence.pekkojournal;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The settings of this module, {@code parvi.pekko-journal} in {@code reference.conf}, where each is explained. */
record PekkoJournalSettings(
        String table,
        String metadataTable,
        long partitionSize,
        Filter filter,
        boolean gapFree,
        int parallelism,
        int pageSize) {
    private static final String PATH = "parvi.pekko-journal";

    PekkoJournalSettings {
        for (var name : List.of(table, metadataTable))
            require(name.matches("[a-zA-Z]\\w{0,47}"), "table", "and metadata-table must be words");
        require(partitionSize >= 1, "target-partition-size", "must be at least 1");
        require(parallelism >= 1 && parallelism <= 64, "parallelism", "must be between 1 and 64");
        require(pageSize >= 1 && pageSize <= 100_000, "page-size", "must be between 1 and 100000");
    }

    /** Reads {@code parvi.pekko-journal}. A wrong value throws an {@link IllegalArgumentException} that names its key. */
    static PekkoJournalSettings from(Config config) {
        return new PekkoJournalSettings(
                read(config, "table", Config::getString),
                read(config, "metadata-table", Config::getString),
                read(config, "target-partition-size", Config::getLong),
                new Filter(
                        Mode.of(read(config, "replay-filter.mode", Config::getString)),
                        read(config, "replay-filter.window-size", Config::getInt),
                        read(config, "replay-filter.max-old-writers", Config::getInt)),
                read(config, "gap-free-sequence-numbers", Config::getBoolean),
                read(config, "parallelism", Config::getInt),
                read(config, "page-size", Config::getInt));
    }

    /** What a replay does about events of overlapping writers. */
    enum Mode {
        REPAIR_BY_DISCARD_OLD,
        FAIL,
        WARN,
        OFF;

        private String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        private static Mode of(String word) {
            // A bare off in HOCON is a boolean.
            var meant = word.equals("false") ? "off" : word;
            return Stream.of(values())
                    .filter(mode -> mode.word().equals(meant))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(PATH + ".replay-filter.mode is \"" + word
                            + "\": write repair-by-discard-old, fail, warn or off"));
        }
    }

    /** Pekko's {@code replay-filter}. */
    record Filter(Mode mode, int windowSize, int oldWritersMax) {
        Filter {
            require(windowSize >= 1, "replay-filter.window-size", "must be at least 1");
            require(oldWritersMax >= 1, "replay-filter.max-old-writers", "must be at least 1");
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
