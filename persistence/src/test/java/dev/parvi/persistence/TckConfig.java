package dev.parvi.persistence;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The plugins as they come. */
public final class TckConfig {
    private TckConfig() {}

    /** On a file of their own. */
    static Config fresh() {
        try {
            var folder = Files.createTempDirectory(Files.createDirectories(Path.of("target", "tck")), "store");
            return on("sqlite:" + folder + "/tck.db");
        } catch (IOException noFolder) {
            throw new UncheckedIOException(noFolder);
        }
    }

    /** On the store with this URL. */
    public static Config on(String url) {
        return ConfigFactory.parseString("""
                pekko.persistence.journal.plugin = "parvi.journal"
                pekko.persistence.snapshot-store.plugin = "parvi.snapshot-store"
                pekko.loglevel = WARNING
                pekko.test.single-expect-default = 20s
                parvi.persistence.store = "%s"
                """.formatted(url)).withFallback(ConfigFactory.load());
    }
}
