package dev.parvi.persistence;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the write-ahead log short, on a thread and a connection of its own: it moves pages into the file while the writer goes on,
 * then stops the writer for the few that are left, so that the log starts again at its beginning. Notices, too, when the file has
 * been moved or deleted: SQLite would go on writing into a file without a name.
 */
final class SqliteUpkeep implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteUpkeep.class);
    private static final Duration INTERVAL = Duration.ofMillis(200);
    private static final Duration PATIENCE_WITH_READERS = Duration.ofMillis(50);
    /** Beyond this many times the wanted length the log is cut even if readers must be waited for. */
    private static final int HARD_LIMIT = 4;

    private final SqliteFile file;
    private final SqliteWriter writer;
    private final StoreCounters counters;
    private final long walBytesMax;
    private final Connection connection;
    private final long pageBytes;
    private final Object identity;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private long seenCommits;

    SqliteUpkeep(SqliteFile file, SqliteWriter writer, StoreCounters counters, long walBytesMax)
            throws SQLException, IOException {
        this.file = file;
        this.writer = writer;
        this.counters = counters;
        this.walBytesMax = walBytesMax;
        this.connection = file.openUpkeep(PATIENCE_WITH_READERS);
        this.identity = file.identity();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("PRAGMA page_size")) {
            this.pageBytes = rows.next() ? rows.getLong(1) : 4_096;
        }
    }

    @Override
    public void run() {
        while (waited()) {
            checkIdentity();
            try {
                shortenLog();
            } catch (SQLException | RuntimeException failure) {
                LOG.warn("{}: the log could not be shortened, it is tried again: {}", file, failure.toString());
            }
        }
    }

    void stop() {
        stopped.countDown();
    }

    void close() {
        try {
            connection.close();
        } catch (SQLException failure) {
            LOG.warn("{} could not be closed", file, failure);
        }
    }

    private boolean waited() {
        try {
            return !stopped.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void shortenLog() throws SQLException {
        var commits = counters.commits.sum();
        if (commits == seenCommits || logBytes("NOOP") < walBytesMax / 2) return;
        seenCommits = commits;
        logBytes("PASSIVE");
        var failures = new SQLException[1];
        writer.between(() -> {
            try {
                logBytes("RESTART");
            } catch (SQLException failure) {
                failures[0] = failure;
            }
        });
        if (failures[0] != null) throw failures[0];
        if (logBytes("NOOP") > HARD_LIMIT * walBytesMax) cut();
    }

    /** Readers hold the log: waits for them, as long as they would wait for us. */
    private void cut() throws SQLException {
        LOG.warn(
                "{}: the log has grown to {} times its wanted length, waiting for readers to cut it", file, HARD_LIMIT);
        SqliteFile.execute(
                connection, "PRAGMA busy_timeout = " + file.busyTimeout().toMillis());
        try {
            logBytes("TRUNCATE");
        } finally {
            SqliteFile.execute(connection, "PRAGMA busy_timeout = " + PATIENCE_WITH_READERS.toMillis());
        }
    }

    /** Runs a checkpoint of this kind and tells how long the log was. */
    private long logBytes(String kind) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("PRAGMA wal_checkpoint(" + kind + ")")) {
            return rows.next() ? rows.getLong(2) * pageBytes : 0;
        }
    }

    private void checkIdentity() {
        try {
            if (file.identity().equals(identity)) return;
            writer.stop(file + " was replaced by another file while it was open", new IOException("another file"));
        } catch (IOException gone) {
            writer.stop(file + " was moved or deleted while it was open", gone);
        }
    }
}
