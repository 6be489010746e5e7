package dev.parvi.persistence.cassandra;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiPredicate;
import java.util.function.Function;

/**
 * Lets one group of an entity's writes run at a time, and a bounded number over all entities. What arrives for an entity meanwhile
 * waits and goes together: group commit, an entity at a time. A lane exists while there is something in it.
 *
 * @param <W> a write
 */
final class Lanes<W> {
    private final int runningMax;
    private final BiPredicate<List<W>, W> joins;
    private final Function<List<W>, CompletableFuture<?>> run;
    private final Map<String, Lane<W>> lanes = new HashMap<>();
    private final ArrayDeque<Lane<W>> ready = new ArrayDeque<>();
    private int running;

    /**
     * @param joins whether a write may go with the group in front of it
     * @param run carries a group out; the future is completed when the next group of the entity may run
     */
    Lanes(int runningMax, BiPredicate<List<W>, W> joins, Function<List<W>, CompletableFuture<?>> run) {
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
            var end = run.apply(group);
            // Not by a callback if it is over already: thousands that are refused at once would call each other.
            if (end.isDone()) leave(lane);
            else end.whenComplete((done, failure) -> onDone(lane));
        }
    }

    private List<W> nextGroup(Lane<W> lane) {
        var group = new ArrayList<W>(1);
        group.add(lane.waiting.remove());
        while (!lane.waiting.isEmpty() && joins.test(group, lane.waiting.element())) group.add(lane.waiting.remove());
        return group;
    }

    private void onDone(Lane<W> lane) {
        leave(lane);
        startReady();
    }

    private synchronized void leave(Lane<W> lane) {
        running--;
        if (lane.waiting.isEmpty()) lanes.remove(lane.entity);
        else ready.add(lane);
    }

    private static final class Lane<W> {
        final String entity;
        final ArrayDeque<W> waiting = new ArrayDeque<>(2);

        Lane(String entity) {
            this.entity = entity;
        }
    }
}
