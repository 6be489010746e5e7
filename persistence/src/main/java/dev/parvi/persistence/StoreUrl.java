package dev.parvi.persistence;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Which store a URL means. */
final class StoreUrl {
    private static final String SQLITE = "sqlite:";
    private static final String MEMORY = "memory:";

    private StoreUrl() {}

    static EventStore open(PersistenceSettings settings) {
        var url = settings.store();
        if (url.equals(MEMORY)) return new InMemoryStore(settings);
        if (url.startsWith(SQLITE) && url.length() > SQLITE.length())
            return SqliteStore.open(path(url.substring(SQLITE.length())), settings);
        throw new UnusableStore("parvi.persistence.store is \"" + url
                + "\": write sqlite:<file>, or memory: for a store that forgets everything when the process ends");
    }

    private static Path path(String file) {
        try {
            return Path.of(file).toAbsolutePath().normalize();
        } catch (InvalidPathException malformed) {
            throw new UnusableStore("parvi.persistence.store names no file: " + malformed.getMessage(), malformed);
        }
    }
}
