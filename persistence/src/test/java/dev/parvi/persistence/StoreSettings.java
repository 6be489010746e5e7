package dev.parvi.persistence;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;

/** Settings for tests: the defaults, with a few keys changed. */
final class StoreSettings {
    private StoreSettings() {}

    static PersistenceSettings with(String... changes) {
        return PersistenceSettings.from(config(changes));
    }

    static PersistenceSettings on(Path file, String... changes) {
        var all = new String[changes.length + 1];
        System.arraycopy(changes, 0, all, 0, changes.length);
        all[changes.length] = "store = \"sqlite:" + file + "\"";
        return with(all);
    }

    static Config config(String... changes) {
        var text = new StringBuilder();
        for (var change : changes)
            text.append("parvi.persistence.").append(change).append('\n');
        return ConfigFactory.parseString(text.toString())
                .withFallback(ConfigFactory.defaultReference())
                .resolve();
    }
}
