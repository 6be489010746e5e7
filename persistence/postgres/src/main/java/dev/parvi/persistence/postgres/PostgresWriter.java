package dev.parvi.persistence.postgres;

import dev.parvi.entity.NotServing;
import dev.parvi.entity.OutcomeUnknown;
import dev.parvi.persistence.StoreCounters;
import dev.parvi.persistence.postgres.Connections.Session;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread of one lane: a group of tasks, one transaction, and then the answers. */
final class PostgresWriter implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresWriter.class);

    private static final int TRIES_MAX = 5;
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final Duration COMPLAINT_INTERVAL = Duration.ofSeconds(10);

    private final int lane;
    private final WriteLanes lanes;
    private final Connections connections;
    private final PostgresTables.Fence fence;
    private final StoreCounters counters;

    private @Nullable Session session;
    private @Nullable PostgresTables tables;
    private @Nullable Session given;
    private long complainedAt = System.nanoTime() - COMPLAINT_INTERVAL.toNanos();
    private volatile long busySince;

    PostgresWriter(
            int lane, WriteLanes lanes, Connections connections, PostgresTables.Fence fence, StoreCounters counters) {
        this.lane = lane;
        this.lanes = lanes;
        this.connections = connections;
        this.fence = fence;
        this.counters = counters;
    }

    /** Until the lanes are closed and this one is empty. */
    @Override
    public void run() {
        for (var group = lanes.take(lane); !group.isEmpty(); group = lanes.take(lane)) {
            busySince = System.nanoTime();
            try {
                write(group);
            } catch (Throwable unexpected) {
                LOG.error("a writer failed, and goes on", unexpected);
                drop();
                for (var task : group)
                    task.future.completeExceptionally(new OutcomeUnknown("the store's writer failed", unexpected));
            } finally {
                busySince = 0;
            }
        }
        hangUp();
    }

    Duration stalled() {
        var since = busySince;
        return since == 0 ? Duration.ZERO : Duration.ofNanos(Math.max(0, System.nanoTime() - since));
    }

    /** Tries until it is known what became of the group, or until there is no more time to find out. */
    private void write(List<WriteTask<?>> group) {
        var inDoubt = false;
        var giveUpAt = 0L;
        for (var tries = 1; ; tries++) {
            var attempt = attempt(group, inDoubt);
            var cause = attempt.cause;
            if (cause == null) {
                answer(group);
                return;
            }
            if (attempt.committing && !inDoubt) {
                inDoubt = true;
                giveUpAt = System.nanoTime()
                        + connections.settings().outcomeTimeout().toNanos();
                LOG.info("{} while committing; looking for what was stored", sentence(cause));
            }
            if (inDoubt) {
                if (System.nanoTime() - giveUpAt >= 0) {
                    fail(group, new OutcomeUnknown("while committing, " + sentence(cause), cause));
                    return;
                }
                LockSupport.parkNanos(PAUSE.toNanos());
                continue;
            }
            var kind = PostgresFailure.of(cause);
            if (kind == PostgresFailure.COLLISION && tries < TRIES_MAX) continue;
            if (kind == PostgresFailure.REFUSED && group.size() > 1) for (var task : group) write(List.of(task));
            else refuse(group, cause);
            return;
        }
    }

    private Attempt attempt(List<WriteTask<?>> group, boolean inDoubt) {
        var committing = false;
        try {
            var connected = connected();
            connected.begin(group);
            for (var task : group) task.run(connected, inDoubt);
            connected.flush();
            committing = true;
            commit();
            if (connected.wrote()) counters.onCommitted();
            return Attempt.DONE;
        } catch (SQLException | RuntimeException | Error cause) {
            undo(committing, PostgresFailure.of(cause));
            return new Attempt(cause, committing);
        }
    }

    private void commit() throws SQLException {
        var using = session;
        if (using == null) throw new IllegalStateException("a commit without a connection");
        using.connection.clearWarnings();
        using.connection.commit();
        // A server that stops waiting for its synchronous standby says so in a warning, and calls it a success.
        var warning = using.connection.getWarnings();
        if (warning != null) throw new SQLException(warning.getMessage(), warning.getSQLState(), warning);
        using.onUsed();
    }

    private void answer(List<WriteTask<?>> group) {
        lanes.done(group);
        for (var task : group) if (!task.answer()) counters.onFailed(1);
    }

    private void refuse(List<WriteTask<?>> group, Throwable cause) {
        var now = System.nanoTime();
        if (now - complainedAt >= COMPLAINT_INTERVAL.toNanos()) {
            complainedAt = now;
            LOG.warn("writes are refused, nothing is stored: {}", sentence(cause));
        }
        fail(group, new NotServing(sentence(cause), cause));
    }

    private void fail(List<WriteTask<?>> group, RuntimeException failing) {
        lanes.done(group);
        counters.onFailed(group.size());
        for (var task : group) task.future.completeExceptionally(failing);
    }

    private String sentence(Throwable cause) {
        return PostgresFailure.sentence(connections.url(), cause);
    }

    private PostgresTables connected() throws SQLException {
        if (session != null && !session.isAlive(connections.settings().connectTimeout())) drop();
        var ready = tables;
        if (ready != null) return ready;
        var opened = connections.openWriter();
        session = opened;
        if (given != null) {
            opened.end(given);
            given = null;
        }
        ready = new PostgresTables(opened.connection, fence);
        tables = ready;
        return ready;
    }

    /** A connection on which anything but a collision happened is given up, and with it the transaction. */
    private void undo(boolean committing, PostgresFailure kind) {
        try {
            if (committing || kind != PostgresFailure.COLLISION) drop();
            else if (session != null) session.connection.rollback();
        } catch (SQLException hopeless) {
            drop();
        }
    }

    private void drop() {
        if (session != null) {
            session.drop();
            given = session;
        }
        session = null;
        tables = null;
    }

    private void hangUp() {
        try {
            if (session != null) session.close();
        } catch (SQLException gone) {
            LOG.debug("a connection could not be closed", gone);
        }
        session = null;
        tables = null;
    }

    /** How one transaction went. */
    private static final class Attempt {
        static final Attempt DONE = new Attempt(null, false);
        final @Nullable Throwable cause;
        final boolean committing;

        Attempt(@Nullable Throwable cause, boolean committing) {
            this.cause = cause;
            this.committing = committing;
        }
    }
}
