package dev.parvi.persistence.cassandra;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiPredicate;

/**
 * Lets one group of an entity's writes run at a time, and a bounded number over all entities. What arrives for an entity meanwhile
 * waits and goes together: group commit, an entity at a time. A lane exists while there is something in it.
 *
 * @param <W> a write
 */
final class Lanes<W> {
    private final int runningMax;
    private final BiPredicate<List<W>, W> joins;
    private final Run<W> run;
    private final Map<String, Lane<W>> lanes = new HashMap<>();
    private final ArrayDeque<Lane<W>> ready = new ArrayDeque<>();
    private int running;

    /**
     * @param joins whether a write may go with the group in front of it
     */
    Lanes(int runningMax, BiPredicate<List<W>, W> joins, Run<W> run) {
        this.runningMax = runningMax;
        this.joins = joins;
        this.run = run;
    }

    void add(String entity, W write) {
        synchronized (this) {
            var lane = lanes.get(entity);
            if (lane == null) {
                lane = new Lane<>(entity);
                lanes.put(entity, lane);
                ready.add(lane);
            }
            lane.waiting.add(write);
        }
        startReady();
    }

    private void startReady() {
        while (true) {
            Lane<W> lane;
            List<W> group;
            synchronized (this) {
                if (running >= runningMax || ready.isEmpty()) return;
                lane = ready.remove();
                group = nextGroup(lane);
                running++;
            }
            var seat = new Seat();
            var end = run.start(group, seat);
            // Not by a callback if it is over already: thousands that are refused at once would call each other.
            if (end.isDone()) leave(lane, seat);
            else end.whenComplete((done, failure) -> onDone(lane, seat));
        }
    }

    private List<W> nextGroup(Lane<W> lane) {
        var group = new ArrayList<W>(1);
        group.add(lane.waiting.remove());
        while (!lane.waiting.isEmpty() && joins.test(group, lane.waiting.element())) group.add(lane.waiting.remove());
        return group;
    }

    private void onDone(Lane<W> lane, Seat seat) {
        leave(lane, seat);
        startReady();
    }

    private synchronized void leave(Lane<W> lane, Seat seat) {
        seat.free();
        if (lane.waiting.isEmpty()) lanes.remove(lane.entity);
        else ready.add(lane);
    }

    /** Carries groups out. */
    @FunctionalInterface
    interface Run<W> {
        /**
         * The future is completed when the next group of the entity may run. It must not throw.
         *
         * @param seat one of the bounded number; may be given up earlier, by a group that has nothing left to do but to wait
         */
        CompletableFuture<?> start(List<W> group, Runnable seat);
    }

    /** Room for one group; given up once, by the group itself or at its end. */
    private final class Seat implements Runnable {
        private boolean isFree;

        @Override
        public void run() {
            free();
            startReady();
        }

        void free() {
            synchronized (Lanes.this) {
                if (isFree) return;
                isFree = true;
                running--;
            }
        }
    }

    private static final class Lane<W> {
        final String entity;
        final ArrayDeque<W> waiting = new ArrayDeque<>(2);

        Lane(String entity) {
            this.entity = entity;
        }
    }
}
