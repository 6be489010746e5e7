package dev.parvi.persistence;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.sqlite.SQLiteConfig;

/**
 * The file of a store, and how connections to it are set up.
 *
 * <p>Nothing in this process may open the file but SQLite: POSIX drops all of a process's locks on a file when any of its
 * descriptors is closed. Looking at attributes is harmless.
 */
final class SqliteFile {
    static final String SCHEME = "sqlite:";
    private static final int READER_CACHE_KIB = 2_048;
    private static final int WRITER_CACHE_KIB = 16_384;

    private final Path path;
    private final PersistenceSettings settings;

    SqliteFile(Path path, PersistenceSettings settings) {
        this.path = path;
        this.settings = settings;
    }

    /** The file that a URL names. */
    static Path pathOf(String url) {
        try {
            if (url.length() > SCHEME.length())
                return Path.of(url.substring(SCHEME.length())).toAbsolutePath().normalize();
        } catch (InvalidPathException malformed) {
            throw new UnusableStore("parvi.persistence.store names no file: " + malformed.getMessage(), malformed);
        }
        throw new UnusableStore("parvi.persistence.store is \"" + url + "\" and names no file: write sqlite:<file>");
    }

    Path path() {
        return path;
    }

    Path log() {
        return path.resolveSibling(path.getFileName() + "-wal");
    }

    Duration busyTimeout() {
        return settings.busyTimeout();
    }

    /** Makes the folder, and makes sure that it is still there after a power loss. */
    void createFolder() {
        var folder = path.getParent();
        if (folder == null || Files.isDirectory(path))
            throw new UnusableStore(
                    path + " is a folder: name a file in it, such as sqlite:" + path.resolve("parvi.db"));
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder);
                for (var parent = folder.getParent();
                        parent != null && Files.isReadable(parent);
                        parent = parent.getParent()) sync(parent);
            }
        } catch (IOException refused) {
            throw new UnusableStore("the folder " + folder + " of the store cannot be made: " + refused, refused);
        }
        if (!Files.isWritable(folder))
            throw new UnusableStore("the folder " + folder + " is not writable, and the store keeps its log there");
        if (Files.exists(path) && !Files.isWritable(path)) throw new UnusableStore(path + " is not writable");
    }

    /** For the one that writes. SQLite waits while it is set up, since others may be opening the file at this moment. */
    Connection openWriter() throws SQLException {
        var connection = open(settings.busyTimeout().toMillis());
        execute(connection, "PRAGMA cache_size = -" + WRITER_CACHE_KIB);
        return connection;
    }

    Connection openReader() throws SQLException {
        var connection = open(settings.busyTimeout().toMillis());
        execute(connection, "PRAGMA cache_size = -" + READER_CACHE_KIB);
        execute(connection, "PRAGMA query_only = 1");
        return connection;
    }

    /** For the checkpoints, which must not keep the writer waiting for a slow reader. */
    Connection openUpkeep(Duration patience) throws SQLException {
        return open(patience.toMillis());
    }

    /** For the schema: waits, like everybody who opens the file at the same moment. */
    Connection openFirst() throws SQLException {
        return open(settings.busyTimeout().toMillis());
    }

    /** What tells this file from another that took its name. */
    Object identity() throws IOException {
        var key = Files.readAttributes(path, java.nio.file.attribute.BasicFileAttributes.class)
                .fileKey();
        return key == null ? path : key;
    }

    private Connection open(long busyMillis) throws SQLException {
        var config = new SQLiteConfig();
        config.setGetGeneratedKeys(false);
        config.setBusyTimeout((int) Math.min(busyMillis, Integer.MAX_VALUE));
        var connection = config.createConnection("jdbc:sqlite:" + path);
        try {
            execute(connection, "PRAGMA synchronous = FULL");
            execute(connection, "PRAGMA fullfsync = 1");
            execute(connection, "PRAGMA checkpoint_fullfsync = 1");
            execute(connection, "PRAGMA wal_autocheckpoint = 0");
            execute(connection, "PRAGMA journal_size_limit = " + settings.walBytesMax());
            return connection;
        } catch (SQLException failure) {
            connection.close();
            throw failure;
        }
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void sync(Path folder) throws IOException {
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
