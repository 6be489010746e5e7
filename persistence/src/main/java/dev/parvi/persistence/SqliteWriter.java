package dev.parvi.persistence;

import dev.parvi.entity.NotServing;
import dev.parvi.entity.OutcomeUnknown;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread that writes: a group of tasks, one transaction, one sync, and then the answers. */
final class SqliteWriter implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteWriter.class);

    private static final Duration COMPLAINT_INTERVAL = Duration.ofSeconds(10);

    private final SqliteFile file;
    private final Opener opener;
    private final WriteQueue queue;
    private final StoreCounters counters;
    /** Fair: the writer takes it again at once, and whoever waits for it must get a turn. */
    private final ReentrantLock transaction = new ReentrantLock(true);

    private @Nullable SqliteConnection connection;
    private @Nullable SqliteFailure complained;
    private long complainedAt;
    private volatile @Nullable String failure;
    private volatile long busySince;

    SqliteWriter(SqliteFile file, Opener opener, WriteQueue queue, StoreCounters counters) throws SQLException {
        this.file = file;
        this.opener = opener;
        this.queue = queue;
        this.counters = counters;
        this.connection = opener.open(file);
    }

    /** Until the queue is closed and empty. */
    @Override
    public void run() {
        for (var group = queue.take(); !group.isEmpty(); group = queue.take()) {
            transaction.lock();
            busySince = System.nanoTime();
            try {
                write(group);
            } catch (Throwable unexpected) {
                stop("the writer failed: " + unexpected, unexpected);
                for (var task : group)
                    task.future.completeExceptionally(new OutcomeUnknown("the store's writer failed", unexpected));
            } finally {
                busySince = 0;
                transaction.unlock();
            }
        }
        disconnect();
    }

    /** Runs something between two transactions. */
    <T> T between(Work<T> work) throws SQLException {
        transaction.lock();
        try {
            return work.run();
        } finally {
            transaction.unlock();
        }
    }

    Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    Duration stalled() {
        var since = busySince;
        return since == 0 ? Duration.ZERO : Duration.ofNanos(Math.max(0, System.nanoTime() - since));
    }

    /** Ends the service for good: what is in doubt now cannot be cleared up by the process that doubts. */
    void stop(String why, Throwable cause) {
        if (failure != null) return;
        failure = why;
        LOG.error("the store has stopped and takes no more writes: {}", why, cause);
    }

    private void write(List<WriteQueue.Task<?>> group) {
        var stopped = failure;
        if (stopped != null) {
            fail(group, new NotServing("the store has stopped: " + stopped));
            return;
        }
        var outcome = attempt(group);
        // Only a head remembered wrongly can break a constraint, and by now it is forgotten.
        if (outcome.kind == SqliteFailure.CONSTRAINT) outcome = attempt(group);
        if (outcome.cause == null) {
            queue.done(group);
            for (var task : group) task.succeed();
        } else {
            answer(group, outcome.kind, outcome.cause, outcome.committing);
        }
    }

    /**
     * Gives the connection up when anything fails inside a transaction: closing it undoes what it did, and the driver has closed the
     * statement that failed.
     */
    private Attempt attempt(List<WriteQueue.Task<?>> group) {
        var began = false;
        var committing = false;
        try {
            var connected = connected();
            connected.begin();
            began = true;
            for (var task : group) task.run(connected.tables());
            committing = true;
            connected.commit();
            if (connected.tables().wrote()) counters.onCommitted();
            return Attempt.DONE;
        } catch (SQLException | RuntimeException | Error cause) {
            var kind = SqliteFailure.of(cause);
            if (began || kind != SqliteFailure.BUSY) disconnect();
            return new Attempt(kind, cause, committing);
        }
    }

    private void answer(List<WriteQueue.Task<?>> group, SqliteFailure kind, Throwable cause, boolean committing) {
        var why = kind.of(file, cause);
        if (committing && !kind.commitsNothing()) {
            if (kind.stopsAfterCommit()) stop(why, cause);
            fail(group, new OutcomeUnknown("while committing, " + why, cause));
            return;
        }
        if (kind == SqliteFailure.DAMAGED || kind == SqliteFailure.NOT_A_DATABASE) stop(why, cause);
        complain(kind, why);
        fail(group, new NotServing(why, cause));
    }

    /** Once for a while: a full disk refuses thousands of groups a second. */
    private void complain(SqliteFailure kind, String why) {
        var now = System.nanoTime();
        if (kind == complained && now - complainedAt < COMPLAINT_INTERVAL.toNanos()) return;
        complained = kind;
        complainedAt = now;
        LOG.warn("writes are refused, nothing is stored: {}", why);
    }

    private void fail(List<WriteQueue.Task<?>> group, RuntimeException failing) {
        queue.done(group);
        counters.onFailed(group.size());
        for (var task : group) task.future.completeExceptionally(failing);
    }

    private SqliteConnection connected() throws SQLException {
        if (connection == null) connection = opener.open(file);
        return connection;
    }

    private void disconnect() {
        try {
            if (connection != null) connection.close();
        } catch (SQLException failing) {
            LOG.warn("{} could not be closed", file, failing);
        }
        connection = null;
    }

    /** How the writer gets its connection; tests give it one that fails. */
    @FunctionalInterface
    interface Opener {
        SqliteConnection open(SqliteFile file) throws SQLException;
    }

    /** What to do between two transactions. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws SQLException;
    }

    /** How one transaction went. */
    private static final class Attempt {
        static final Attempt DONE = new Attempt(SqliteFailure.OTHER, null, false);
        final SqliteFailure kind;
        final @Nullable Throwable cause;
        final boolean committing;

        Attempt(SqliteFailure kind, @Nullable Throwable cause, boolean committing) {
            this.kind = kind;
            this.cause = cause;
            this.committing = committing;
        }
    }
}
