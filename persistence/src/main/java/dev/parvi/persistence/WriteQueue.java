package dev.parvi.persistence;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The bounded queue before the writer. Many threads offer; one takes groups and says when they are done. */
final class WriteQueue {
    /** A gathering ends when nothing has arrived for this part of the longest wait. */
    private static final int STALLS_A_WAIT = 10;

    private final PersistenceSettings settings;
    private final GroupPacing pacing;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition worthWaking = lock.newCondition();
    private final ArrayDeque<Task<?>> waiting = new ArrayDeque<>();
    private int wakeAt = 1;
    private int unanswered;
    private long unansweredBytes;
    private boolean closed;
    private boolean driedUp;

    WriteQueue(PersistenceSettings settings) {
        this.settings = settings;
        this.pacing = new GroupPacing(settings.groupMax());
    }

    /** An empty string if the task was accepted, else why not. */
    String offer(Task<?> task) {
        lock.lock();
        try {
            if (closed) return "the store is closed";
            if (unanswered >= settings.queueMax()) return "the store's queue is full: " + unanswered + " writes wait";
            if (unansweredBytes + task.sizeBytes > settings.queueBytesMax())
                return "the store's queue is full: " + unansweredBytes + " bytes wait, " + task.sizeBytes
                        + " more came";
            waiting.addLast(task);
            unanswered++;
            unansweredBytes += task.sizeBytes;
            if (waiting.size() >= wakeAt) worthWaking.signal();
            return "";
        } finally {
            lock.unlock();
        }
    }

    /** The next group, in the order of arrival; empty when the queue is closed and everything was taken. */
    List<Task<?>> take() {
        lock.lock();
        try {
            wakeAt = 1;
            while (waiting.isEmpty() && !closed) worthWaking.awaitUninterruptibly();
            gather();
            wakeAt = Integer.MAX_VALUE;
            var group = new ArrayList<Task<?>>(Math.min(waiting.size(), settings.groupMax()));
            while (!waiting.isEmpty() && group.size() < settings.groupMax()) group.add(waiting.removeFirst());
            return group;
        } finally {
            lock.unlock();
        }
    }

    /** Frees the room that the group has taken. */
    void done(List<Task<?>> group) {
        lock.lock();
        try {
            unanswered -= group.size();
            for (var task : group) unansweredBytes -= task.sizeBytes;
            pacing.committed(group.size(), driedUp, waiting.size());
        } finally {
            lock.unlock();
        }
    }

    int unanswered() {
        lock.lock();
        try {
            return unanswered;
        } finally {
            lock.unlock();
        }
    }

    /** Refuses what comes from now on; what was accepted can still be taken. */
    void close() {
        lock.lock();
        try {
            closed = true;
            worthWaking.signal();
        } finally {
            lock.unlock();
        }
    }

    private void gather() {
        driedUp = false;
        wakeAt = pacing.target();
        var longest = settings.groupWaitMax().toNanos();
        var end = System.nanoTime() + longest;
        try {
            while (waiting.size() < wakeAt && !closed && !driedUp) {
                var before = waiting.size();
                var left = worthWaking.awaitNanos(longest / STALLS_A_WAIT);
                driedUp = (left <= 0 && waiting.size() == before) || System.nanoTime() >= end;
            }
        } catch (InterruptedException nobodyInterruptsTheWriter) {
            driedUp = true;
        }
    }

    /** One accepted write: what to do inside a transaction, and whom to tell once the transaction is on the disk. */
    abstract static class Task<T> {
        final long sizeBytes;
        final CompletableFuture<T> future = new CompletableFuture<>();
        private @Nullable T result;

        Task(long sizeBytes) {
            this.sizeBytes = sizeBytes;
        }

        /** Runs on the writer's thread; more than once if a transaction is repeated. */
        abstract @Nullable T write(SqliteTables tables) throws SQLException;

        /** Counts and logs, once, after the commit. */
        void onStored(T stored) {}

        final void run(SqliteTables tables) throws SQLException {
            result = write(tables);
        }

        final void succeed() {
            try {
                if (result != null) onStored(result);
            } finally {
                future.complete(result);
            }
        }
    }

    /**
     * How many writes are worth waiting for before a commit. Grows while others queue up behind a commit, and shrinks when they stop
     * coming, as TCP sizes its window: many callers share a sync, and a single caller never waits for company.
     */
    static final class GroupPacing {
        private final int max;
        private int target = 1;

        GroupPacing(int max) {
            this.max = max;
        }

        int target() {
            return target;
        }

        /** Learns from one commit: how many it held, whether arrivals had dried up, and how many came in while it ran. */
        void committed(int gathered, boolean driedUp, int waiting) {
            if (driedUp) target = Math.max(1, Math.max(gathered, target * 3 / 4));
            else if (waiting > target / 8) target = Math.min(max, target + 1 + target / 8);
        }
    }
}
