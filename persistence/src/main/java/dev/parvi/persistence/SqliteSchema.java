package dev.parvi.persistence;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/** Brings the file to the schema that this release reads, one numbered script after the other, all in one transaction. */
final class SqliteSchema {
    static final int VERSION = 1;
    private static final int APPLICATION_ID = 0x50617276;
    private static final Pattern END_OF_STATEMENT = Pattern.compile(";\\s*\n");
    private static final long RETRY_NANOS = 2_000_000;

    private final SqliteFile file;

    SqliteSchema(SqliteFile file) {
        this.file = file;
    }

    /** Several processes may do this at once: the first migrates, the others wait for it. */
    void migrate() {
        try (var connection = file.openFirst()) {
            useLog(connection);
            SqliteFile.execute(connection, "BEGIN IMMEDIATE");
            try {
                migrate(connection);
                SqliteFile.execute(connection, "COMMIT");
            } catch (SQLException | RuntimeException failure) {
                SqliteFile.execute(connection, "ROLLBACK");
                throw failure;
            }
        } catch (SQLException failure) {
            throw new UnusableStore(SqliteFailure.of(failure).of(file, failure), failure);
        }
    }

    /** SQLite does not wait for the lock that this takes, so we do. */
    private void useLog(Connection connection) throws SQLException {
        var end = System.nanoTime() + file.busyTimeout().toNanos();
        while (true) {
            try {
                var mode = ask(connection, "PRAGMA journal_mode = WAL");
                if (mode.equals("wal")) return;
                throw new UnusableStore(file + " lies on a file system without shared memory (a network share?): "
                        + "SQLite offers journal mode " + mode + " there, the store needs WAL");
            } catch (SQLException failure) {
                if (SqliteFailure.of(failure) != SqliteFailure.BUSY || System.nanoTime() > end) throw failure;
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }

    private void migrate(Connection connection) throws SQLException {
        var version = version(connection);
        if (version > VERSION)
            throw new UnusableStore(file + " has schema version " + version + ", this release knows up to " + VERSION
                    + ": start the release that wrote it, or a newer one");
        if (version == VERSION) return;
        for (var next = version + 1; next <= VERSION; next++) {
            for (var statement : END_OF_STATEMENT.splitAsStream(script(next)).toList())
                SqliteFile.execute(connection, statement);
        }
        SqliteFile.execute(connection, "PRAGMA application_id = " + APPLICATION_ID);
        SqliteFile.execute(
                connection, "INSERT OR REPLACE INTO meta(name, value) VALUES ('schema-version', '" + VERSION + "')");
    }

    private int version(Connection connection) throws SQLException {
        if (ask(connection, "SELECT count(*) FROM sqlite_master").equals("0")) return 0;
        if (!ask(connection, "PRAGMA application_id").equals(String.valueOf(APPLICATION_ID)))
            throw new UnusableStore(file + " is a SQLite database of another program");
        return Integer.parseInt(ask(connection, "SELECT value FROM meta WHERE name = 'schema-version'"));
    }

    private static String ask(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getString(1) : "";
        }
    }

    private static String script(int version) {
        var name = String.format(Locale.ROOT, "schema-%04d.sql", version);
        try (var resource = SqliteSchema.class.getResourceAsStream(name)) {
            if (resource == null) throw new IllegalStateException(name + " is missing from this build");
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(name, unreadable);
        }
    }
}
