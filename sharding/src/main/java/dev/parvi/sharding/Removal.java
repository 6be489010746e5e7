package dev.parvi.sharding;

import dev.parvi.entity.CommandOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.pekko.actor.ActorRef;

/**
 * How far the removal of what a deleted entity had stored is, and who waits for its end: the answer to a deletion says that nothing is
 * left, so it leaves only then. First go the events, because a snapshot may stand for some that are missing, and then the snapshots,
 * when none is on its way to the store any more.
 */
final class Removal {
    /** Beyond this many, callers are told to come again. */
    private static final int WAITING_MAX = 1_000;

    private final List<Waiting> waiting = new ArrayList<>(0);
    private Step step = Step.NOT_BEGUN;
    private int snapshotsUnderWay;

    boolean isDone() {
        return step == Step.DONE;
    }

    /** True if the events are to be removed now: nobody is about it. */
    boolean begins() {
        if (step != Step.NOT_BEGUN) return false;
        step = Step.EVENTS;
        return true;
    }

    void onEventsRemoved() {
        step = Step.SNAPSHOTS_AWAITED;
    }

    void onSnapshotBegun() {
        snapshotsUnderWay++;
    }

    void onSnapshotEnded() {
        snapshotsUnderWay--;
    }

    /** True if the snapshots are to be removed now. */
    boolean reachesSnapshots() {
        if (step != Step.SNAPSHOTS_AWAITED || snapshotsUnderWay > 0) return false;
        step = Step.SNAPSHOTS;
        return true;
    }

    /** Nothing is left; hands over who waits. */
    void onDone(Consumer<Waiting> onWaiting) {
        step = Step.DONE;
        abandon(onWaiting);
    }

    /** Something is left; hands over who waits. The next attempt begins anew. */
    void onFailed(Consumer<Waiting> onWaiting) {
        step = Step.NOT_BEGUN;
        abandon(onWaiting);
    }

    /** False if too many wait already. */
    boolean await(ActorRef to, String method, CommandOutcome outcome) {
        return waiting.size() < WAITING_MAX && waiting.add(new Waiting(to, method, outcome));
    }

    /** Hands over who waits. */
    void abandon(Consumer<Waiting> onWaiting) {
        var all = List.copyOf(waiting);
        waiting.clear();
        all.forEach(onWaiting);
    }

    /** The answer to a deletion that is stored. */
    record Waiting(ActorRef to, String method, CommandOutcome outcome) {}

    /** Says that it is time for another attempt. */
    enum Retry {
        NOW
    }

    private enum Step {
        NOT_BEGUN,
        EVENTS,
        SNAPSHOTS_AWAITED,
        SNAPSHOTS,
        DONE
    }
}
