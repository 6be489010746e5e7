package dev.parvi.persistence;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/** The writer's connection: transactions that take SQLite's write lock at their beginning. Not for several threads. */
class SqliteConnection implements AutoCloseable {
    private static final long SHORTEST_WAIT_NANOS = 100_000;
    private static final long LONGEST_WAIT_NANOS = 3_000_000;

    private final SqliteFile file;
    private final Connection connection;
    private final SqliteTables tables;
    private final PreparedStatement begin;
    private final PreparedStatement commit;

    SqliteConnection(SqliteFile file) throws SQLException {
        this.file = file;
        this.connection = file.openWriter();
        this.tables = new SqliteTables(connection);
        this.begin = connection.prepareStatement("BEGIN IMMEDIATE");
        this.commit = connection.prepareStatement("COMMIT");
        // From here on we wait ourselves: SQLite sleeps up to 100 ms at a time.
        SqliteFile.execute(connection, "PRAGMA busy_timeout = 0");
    }

    SqliteTables tables() {
        return tables;
    }

    /** Waits for other processes in short, uneven steps, so that none of several busy ones starves. */
    void begin() throws SQLException {
        var end = System.nanoTime() + file.busyTimeout().toNanos();
        var wait = SHORTEST_WAIT_NANOS;
        while (!began(end)) {
            LockSupport.parkNanos(wait / 2 + ThreadLocalRandom.current().nextLong(wait));
            wait = Math.min(LONGEST_WAIT_NANOS, wait * 3 / 2);
        }
        tables.onBegin();
    }

    /** Writes and syncs the log. */
    void commit() throws SQLException {
        commit.execute();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    private boolean began(long end) throws SQLException {
        try {
            begin.execute();
            return true;
        } catch (SQLException failure) {
            if (SqliteFailure.of(failure) != SqliteFailure.BUSY || System.nanoTime() > end) throw failure;
            return false;
        }
    }
}
