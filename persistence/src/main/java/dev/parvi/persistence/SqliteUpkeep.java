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
    private static final Duration PATIENCE_AT_THE_LIMIT = Duration.ofSeconds(1);
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
    private long cutBeyond;

    SqliteUpkeep(SqliteFile file, SqliteWriter writer, StoreCounters counters, long walBytesMax)
            throws SQLException, IOException {
        this.file = file;
        this.writer = writer;
        this.counters = counters;
        this.walBytesMax = walBytesMax;
        this.cutBeyond = HARD_LIMIT * walBytesMax;
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
        var commits = counters.commits();
        if (commits == seenCommits || checkpoint("NOOP").logBytes() < walBytesMax / 2) return;
        seenCommits = commits;
        checkpoint("PASSIVE");
        var restart = writer.between(() -> checkpoint("RESTART"));
        if (!restart.busy()) cutBeyond = HARD_LIMIT * walBytesMax;
        else if (restart.logBytes() > cutBeyond) cut(restart.logBytes());
    }

    /** A reader holds the log: waits for it, and so makes all writers wait; hence not again before the log has doubled. */
    private void cut(long logBytes) throws SQLException {
        LOG.warn(
                "{}: the log has grown to {} bytes because somebody has been reading for long; writers wait for it now",
                file,
                logBytes);
        cutBeyond = 2 * logBytes;
        SqliteFile.execute(connection, "PRAGMA busy_timeout = " + PATIENCE_AT_THE_LIMIT.toMillis());
        try {
            checkpoint("TRUNCATE");
        } finally {
            SqliteFile.execute(connection, "PRAGMA busy_timeout = " + PATIENCE_WITH_READERS.toMillis());
        }
    }

    private Checkpoint checkpoint(String kind) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("PRAGMA wal_checkpoint(" + kind + ")")) {
            return rows.next()
                    ? new Checkpoint(rows.getInt(1) != 0, rows.getLong(2) * pageBytes)
                    : new Checkpoint(true, 0);
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

    /** Whether somebody was in the way, and how long the log is. */
    private record Checkpoint(boolean busy, long logBytes) {}
}
