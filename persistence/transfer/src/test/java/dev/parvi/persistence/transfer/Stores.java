package dev.parvi.persistence.transfer;

import static dev.parvi.persistence.StoreClient.get;

import com.google.protobuf.ByteString;
import dev.parvi.persistence.ClusterClaim;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.EventStore.Append;
import dev.parvi.persistence.EventStore.Appended;
import dev.parvi.persistence.EventStore.EntityExtent;
import dev.parvi.persistence.EventStore.Record;
import dev.parvi.persistence.EventStore.Snapshot;
import dev.parvi.persistence.EventStore.SnapshotRange;
import dev.parvi.persistence.EventStore.StoredEvent;
import dev.parvi.persistence.StoreSettings;
import dev.parvi.protobuf.EventRecord;
import dev.parvi.protobuf.JournalRecord;
import dev.parvi.protobuf.OutcomeRecord;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Stores to move, and what is in them. */
final class Stores {
    private Stores() {}

    static EventStore memory() {
        return EventStore.open(StoreSettings.config("store = \"memory:\""));
    }

    static EventStore file(Path file) {
        return EventStore.open(StoreSettings.config("store = \"sqlite:" + file + "\""));
    }

    /** Everything that an entity can have: several writers, keys, large events, deletions of some and of all, snapshots. */
    static void fill(EventStore store) {
        for (var n = 0; n < 700; n++) append(store, "counter/" + n, "w" + n, n % 5 + 1, 20);
        append(store, "long/1", "first", 1_500, 50);
        append(store, "long/1", "second", 1_700, 50);
        append(store, "large/1", "w", 3, 900_000);
        append(store, "deleted/some", "w", 30, 20);
        get(store.deleteTo("deleted/some", 12));
        append(store, "deleted/all", "w", 450, 20);
        get(store.deleteTo("deleted/all", 450));
        append(store, "ä/\uD83D\uDE80", "w", 2, 10);
        save(store, "long/1", 3_000, "second");
        save(store, "deleted/some", 12, "w");
        get(store.claim("the cluster", "here", false));
    }

    /** Events with keys, in appends of some; each goes on where the entity is. */
    static void append(EventStore store, String entity, String writer, int events, int bytes) {
        var head = get(store.head(entity));
        for (var first = head + 1; first <= head + events; first += 10) {
            var records = new ArrayList<Record>();
            for (var revision = first; revision <= Math.min(head + events, first + 9); revision++)
                records.add(record(revision, "key " + revision, bytes));
            if (!(get(store.append(new Append(entity, first - 1, writer, records))) instanceof Appended))
                throw new AssertionError(entity + " has another writer");
        }
    }

    static Record record(long revision, String key, int bytes) {
        var event = EventRecord.newBuilder()
                .setType("test.Event")
                .setPayload(ByteString.copyFrom(new byte[bytes]))
                .setOutcome(OutcomeRecord.newBuilder().setIdempotencyKey(key).setRevision(revision));
        return new Record(JournalRecord.newBuilder().setEvent(event).build().toByteString(), key);
    }

    static void save(EventStore store, String entity, long revision, String writer) {
        var bytes = ByteString.copyFromUtf8("after " + revision);
        get(store.save(new Snapshot(entity, revision, writer, Instant.ofEpochMilli(7), bytes), 2));
    }

    /** All that can be seen of an entity; its events by a hash, so that a difference can be read. */
    record Contents(EntityExtent extent, int events, int hash, Optional<Snapshot> snapshot, List<Long> byKey) {}

    /** The ids of the entities that are not the same in both. */
    static List<String> differences(EventStore left, EventStore right) {
        var ours = contents(left);
        var theirs = contents(right);
        var ids = new TreeSet<>(ours.keySet());
        ids.addAll(theirs.keySet());
        ids.remove(ClusterClaim.ENTITY);
        return ids.stream()
                .filter(id -> !Objects.equals(ours.get(id), theirs.get(id)))
                .map(id -> ours.get(id) + " became " + theirs.get(id))
                .toList();
    }

    static TreeMap<String, Contents> contents(EventStore store) {
        var all = new TreeMap<String, Contents>();
        var cursor = "";
        do {
            var page = get(store.entities("", cursor, 300));
            for (var extent : page.entities()) all.put(extent.entity(), contents(store, extent));
            cursor = page.next();
        } while (!cursor.isEmpty());
        return all;
    }

    private static Contents contents(EventStore store, EntityExtent extent) {
        var events = new ArrayList<StoredEvent>();
        get(store.replay(extent.entity(), 1, Long.MAX_VALUE, Long.MAX_VALUE, events::add));
        var key = "key " + (extent.deleted() + 1);
        var found = get(store.find(extent.entity(), key)).stream()
                .map(StoredEvent::revision)
                .toList();
        return new Contents(
                extent, events.size(), events.hashCode(), get(store.load(extent.entity(), SnapshotRange.ALL)), found);
    }
}
