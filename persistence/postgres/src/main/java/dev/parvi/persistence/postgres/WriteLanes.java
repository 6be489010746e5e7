package dev.parvi.persistence.postgres;

import dev.parvi.persistence.PersistenceSettings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The bounded queues before the writers, a lane each. What an entity writes keeps to one lane, and so keeps its order. The bounds are
 * those of all lanes together.
 */
final class WriteLanes {
    /** A group's arrays are in memory several times, here and on the server. */
    private static final long GROUP_BYTES_MAX = 16 << 20;

    private final PersistenceSettings settings;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Lane> lanes = new ArrayList<>();
    private int unanswered;
    private long unansweredBytes;
    private boolean closed;

    WriteLanes(PersistenceSettings settings, int count) {
        this.settings = settings;
        for (var n = 0; n < count; n++) lanes.add(new Lane(lock.newCondition()));
    }

    /** An empty string if the task was accepted, else why not. */
    String offer(WriteTask<?> task) {
        lock.lock();
        try {
            if (closed) return "the store is closed";
            if (unanswered >= settings.queueMax()) return "the store's queue is full: " + unanswered + " writes wait";
            if (unansweredBytes + task.sizeBytes > settings.queueBytesMax())
                return "the store's queue is full: " + unansweredBytes + " bytes wait, " + task.sizeBytes
                        + " more came";
            unanswered++;
            unansweredBytes += task.sizeBytes;
            var lane = lanes.get(laneOf(task.entity));
            lane.waiting.addLast(task);
            lane.arrived.signal();
            return "";
        } finally {
            lock.unlock();
        }
    }

    /** The lane's next group, in the order of arrival; empty when the lanes are closed and this one was emptied. */
    List<WriteTask<?>> take(int number) {
        var lane = lanes.get(number);
        lock.lock();
        try {
            while (lane.waiting.isEmpty() && !closed) lane.arrived.awaitUninterruptibly();
            var group = new ArrayList<WriteTask<?>>(Math.min(lane.waiting.size(), settings.groupMax()));
            var bytes = 0L;
            while (!lane.waiting.isEmpty() && group.size() < settings.groupMax()) {
                bytes += lane.waiting.getFirst().sizeBytes;
                if (bytes > GROUP_BYTES_MAX && !group.isEmpty()) break;
                group.add(lane.waiting.removeFirst());
            }
            return group;
        } finally {
            lock.unlock();
        }
    }

    /** Frees the room that the group has taken. */
    void done(List<WriteTask<?>> group) {
        lock.lock();
        try {
            unanswered -= group.size();
            for (var task : group) unansweredBytes -= task.sizeBytes;
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
            for (var lane : lanes) lane.arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    int laneOf(String entity) {
        var hash = entity.hashCode() * 0x9E3779B9;
        return Math.floorMod(hash ^ (hash >>> 16), lanes.size());
    }

    private static final class Lane {
        final ArrayDeque<WriteTask<?>> waiting = new ArrayDeque<>();
        final Condition arrived;

        Lane(Condition arrived) {
            this.arrived = arrived;
        }
    }
}
