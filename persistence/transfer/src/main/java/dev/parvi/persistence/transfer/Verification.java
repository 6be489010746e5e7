package dev.parvi.persistence.transfer;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.parvi.entity.EntityCommand;
import dev.parvi.persistence.DamagedRecord;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.EventStore.EntityExtent;
import dev.parvi.persistence.EventStore.SnapshotRange;
import dev.parvi.persistence.EventStore.StoredEvent;
import dev.parvi.protobuf.JournalRecord;
import dev.parvi.protobuf.OutcomeRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reads everything that a store holds, and says what is wrong with it: checksums that do not match, revisions that are missing,
 * records that cannot be read, outcomes that are not of their revision, and keys that were applied twice. Changes nothing.
 */
public final class Verification {
    private static final int PAGE = 500;
    private static final int STRETCH = 1_000;

    private final EventStore store;
    private final String prefix;
    private final boolean looksUpKeys;
    private final Consumer<Finding> onFinding;
    private final Tally tally;

    /**
     * @param prefix of the ids of the entities that are wanted; empty for all
     * @param looksUpKeys whether each idempotency key must also be found by a look-up, which costs a read an event
     * @param onFinding called for each, by one thread at a time
     */
    public Verification(
            EventStore store, String prefix, boolean looksUpKeys, Progress progress, Consumer<Finding> onFinding) {
        this.store = store;
        this.prefix = prefix;
        this.looksUpKeys = looksUpKeys;
        this.tally = new Tally(progress, Totals.NONE);
        this.onFinding = onFinding;
    }

    /**
     * Something that is not as it was stored.
     *
     * @param what goes on after "the record of the entity at this revision"
     */
    public record Finding(String entity, long revision, String what) {}

    /** Goes through all; the events that are damaged are counted too. */
    public Totals run() {
        try (var crew = new Crew("parvi-verify")) {
            var cursor = "";
            do {
                var at = cursor;
                var page = Patience.get(() -> store.entities(prefix, at, PAGE));
                crew.forEach(page.entities(), extent -> new Reading(extent).run());
                cursor = page.next();
            } while (!cursor.isEmpty());
        }
        return tally.totals();
    }

    private synchronized void report(String entity, long revision, String what) {
        onFinding.accept(new Finding(entity, revision, what));
    }

    /** The history of one entity, a stretch at a time. */
    private final class Reading {
        private final EntityExtent extent;
        private final Map<String, Long> revisionsByKey = new LastKeys();
        private final Map<String, Long> toLookUp = new LinkedHashMap<>();
        private long next;
        private long read;

        Reading(EntityExtent extent) {
            this.extent = extent;
            this.next = extent.deleted() + 1;
        }

        void run() {
            while (next <= extent.head()) {
                var before = next;
                readStretch();
                // Nothing came: the rest was deleted on purpose since the walk passed.
                if (next == before) break;
                toLookUp.forEach(this::lookUp);
                toLookUp.clear();
                tally.add(new Totals(0, read, 0));
                read = 0;
            }
            var snapshot = Patience.get(() -> store.load(extent.entity(), SnapshotRange.ALL));
            tally.add(new Totals(1, 0, snapshot.isPresent() ? 1 : 0));
        }

        private void readStretch() {
            try {
                Patience.get(() -> store.replay(extent.entity(), next, extent.head(), STRETCH, this::check));
            } catch (DamagedRecord damaged) {
                report(extent.entity(), damaged.revision(), damaged.what());
                next = damaged.revision() + 1;
                read++;
            }
        }

        private void check(StoredEvent event) {
            // A stretch that is read again, after a pause of the store, is not counted again.
            if (event.revision() < next) return;
            next = event.revision() + 1;
            read++;
            try {
                check(
                        event.revision(),
                        JournalRecord.parseFrom(event.record()).getEvent().getOutcome());
            } catch (InvalidProtocolBufferException unreadable) {
                report(extent.entity(), event.revision(), "is not readable");
            }
        }

        private void check(long revision, OutcomeRecord outcome) {
            var key = outcome.getIdempotencyKey();
            if (key.isEmpty()) return;
            if (outcome.getRevision() != revision)
                report(extent.entity(), revision, "carries an outcome of revision " + outcome.getRevision());
            var earlier = revisionsByKey.put(key, revision);
            if (earlier != null) report(extent.entity(), revision, "has the idempotency key of revision " + earlier);
            if (looksUpKeys && !key.startsWith(EntityCommand.MADE_KEY_PREFIX)) toLookUp.put(key, revision);
        }

        private void lookUp(String key, long revision) {
            var found = Patience.get(() -> store.find(extent.entity(), key));
            if (found.stream().anyMatch(event -> event.revision() == revision)) return;
            var there = new ArrayList<StoredEvent>(1);
            Patience.get(() -> store.replay(extent.entity(), revision, revision, 1, there::add));
            if (!there.isEmpty()) report(extent.entity(), revision, "is not found by its idempotency key");
        }
    }

    /** A retry comes soon; so the keys of the latest events are enough to compare with, and take bounded memory. */
    private static final class LastKeys extends LinkedHashMap<String, Long> {
        private static final long serialVersionUID = 1;
        private static final int MAX = 50_000;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MAX;
        }
    }
}
