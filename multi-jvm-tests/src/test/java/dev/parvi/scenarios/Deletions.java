package dev.parvi.scenarios;

import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.EventStore.SnapshotRange;
import dev.parvi.persistence.EventStore.StoredEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** What clients were told of viewers that are watching and being deleted, and the judgement over it. */
final class Deletions {
    private final List<Watched> watched = new ArrayList<>();
    private final Map<String, Deleted> deleted = new HashMap<>();
    private final List<String> violations = new ArrayList<>();
    private long gone;

    synchronized void watched(String viewer, String key, long revision, long beganNanos) {
        watched.add(new Watched(viewer, key, revision));
        var end = deleted.get(viewer);
        if (end != null && end.toldNanos < beganNanos)
            violations.add("applied after its deletion: " + viewer + " " + key + " at " + revision);
    }

    synchronized void deleted(String viewer, String key, long revision) {
        var other = deleted.putIfAbsent(viewer, new Deleted(key, revision, System.nanoTime()));
        if (other != null) violations.add("deleted twice: " + viewer + " by " + other.key + " and " + key);
    }

    /** A command was told that its viewer is deleted; so somebody's deletion is stored, though perhaps not yet acknowledged. */
    synchronized void gone(String viewer) {
        gone++;
    }

    synchronized void undecided(String what) {
        violations.add("undecided: " + what);
    }

    /** The key of some command of this viewer that was acknowledged. */
    synchronized Optional<String> acknowledgedAmong(String viewer) {
        var of = watched.stream().filter(told -> told.viewer.equals(viewer)).toList();
        return of.isEmpty()
                ? Optional.empty()
                : Optional.of(of.get(ThreadLocalRandom.current().nextInt(of.size())).key);
    }

    synchronized Map<String, Deleted> deleted() {
        return Map.copyOf(deleted);
    }

    synchronized int size() {
        return watched.size();
    }

    synchronized long goneCount() {
        return gone;
    }

    /** Everything that breaks the promise, in words; nobody writes to the store any more. */
    synchronized List<String> violations(EventStore store) {
        var all = new ArrayList<>(violations);
        var revisions = new HashMap<String, String>();
        for (var told : watched) {
            var end = deleted.get(told.viewer);
            if (end != null && told.revision >= end.revision)
                all.add("applied behind a tombstone: " + told + ", deleted at " + end.revision);
            var other = revisions.putIfAbsent(told.viewer + " " + told.revision, told.key);
            if (other != null && !other.equals(told.key)) all.add("twice: " + told + " and " + other);
        }
        deleted.forEach((viewer, end) -> all.addAll(left(store, viewer, end)));
        return all;
    }

    /** Whatever is there of a deleted viewer, but its tombstone. */
    private List<String> left(EventStore store, String viewer, Deleted end) {
        var entity = "playback/" + viewer;
        var left = new ArrayList<String>();
        var events = new ArrayList<StoredEvent>();
        store.replay(entity, 1, Long.MAX_VALUE, Long.MAX_VALUE, events::add).join();
        if (events.size() != 1 || events.get(0).revision() != end.revision)
            left.add("not removed: " + viewer + ", deleted at " + end.revision + ", has "
                    + events.stream().map(StoredEvent::revision).toList());
        store.load(entity, SnapshotRange.ALL)
                .join()
                .ifPresent(snapshot -> left.add("a snapshot is left of " + viewer + ": " + snapshot.revision()));
        watched.stream()
                .filter(told -> told.viewer.equals(viewer))
                .filter(told -> !store.find(entity, told.key).join().isEmpty())
                .forEach(told -> left.add("an outcome is left: " + told));
        return left;
    }

    /** One 2xx. */
    private record Watched(String viewer, String key, long revision) {}

    /** One deletion that was acknowledged. */
    record Deleted(String key, long revision, long toldNanos) {}
}
