package dev.parvi.persistence;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The plugins as they come, on a file of their own. */
final class TckConfig {
    private TckConfig() {}

    static Config fresh() {
        try {
            var folder = Files.createTempDirectory(Files.createDirectories(Path.of("target", "tck")), "store");
            return ConfigFactory.parseString("""
                    pekko.persistence.journal.plugin = "parvi.journal"
                    pekko.persistence.snapshot-store.plugin = "parvi.snapshot-store"
                    pekko.loglevel = WARNING
                    parvi.persistence.store = "sqlite:%s/tck.db"
                    """.formatted(folder)).withFallback(ConfigFactory.load());
        } catch (IOException noFolder) {
            throw new UncheckedIOException(noFolder);
        }
    }
}
