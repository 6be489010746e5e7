package dev.parvi.persistence;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.Arrays;

/** Settings for tests: the defaults, with a few keys changed. */
public final class StoreSettings {
    private StoreSettings() {}

    static PersistenceSettings with(String... changes) {
        return PersistenceSettings.from(config(changes));
    }

    static PersistenceSettings on(Path file, String... changes) {
        return PersistenceSettings.from(configOn(file, changes));
    }

    static Config configOn(Path file, String... changes) {
        return config(changes, "store = \"sqlite:" + file + "\"");
    }

    private static Config config(String[] changes, String more) {
        var all = Arrays.copyOf(changes, changes.length + 1);
        all[changes.length] = more;
        return config(all);
    }

    /** The whole configuration; each change is a line of HOCON below {@code parvi.persistence}. */
    public static Config config(String... changes) {
        var text = new StringBuilder();
        for (var change : changes)
            text.append("parvi.persistence.").append(change).append('\n');
        return ConfigFactory.parseString(text.toString())
                .withFallback(ConfigFactory.defaultReference())
                .resolve();
    }
}
