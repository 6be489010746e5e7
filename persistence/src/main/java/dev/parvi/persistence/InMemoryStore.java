package dev.parvi.persistence;

import com.typesafe.config.Config;
import dev.parvi.entity.NotServing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The same contract without a disk, for tests and for measuring what the disk costs. Everything is gone when it is closed. */
final class InMemoryStore implements EventStore {
    private static final Logger LOG = LoggerFactory.getLogger(InMemoryStore.class);

    private final PersistenceSettings settings;
    private final StoreCounters counters = new StoreCounters();
    private final Map<String, Kept> entities = new HashMap<>();
    /** Every event, in the order in which they came. */
    private final List<StoredEvent> log = new ArrayList<>();

    private boolean closed;

    InMemoryStore(PersistenceSettings settings) {
        this.settings = settings;
    }

    @Override
    public CompletableFuture<AppendResult> append(Append append) {
        return answer(() -> {
            var result = kept(append.entity()).append(append, log);
            counters.onAnswered(append, result);
            return result;
        });
    }

    @Override
    public CompletableFuture<Long> head(String entity) {
        return answer(() -> kept(entity).head());
    }

    @Override
    public CompletableFuture<Void> replay(String entity, long from, long to, long max, Consumer<StoredEvent> onEvent) {
        return answer(() -> kept(entity).range(from, to, max)).thenAccept(events -> events.forEach(onEvent));
    }

    @Override
    public CompletableFuture<List<StoredEvent>> find(String entity, String key) {
        return answer(() -> kept(entity).find(key));
    }

    @Override
    public CompletableFuture<Void> deleteTo(String entity, long revision) {
        return answer(() -> kept(entity).deleteTo(revision)).thenAccept(done -> {});
    }

    @Override
    public CompletableFuture<Void> save(Snapshot snapshot, int keep) {
        return answer(() -> kept(snapshot.entity()).save(snapshot, keep)).thenAccept(done -> {});
    }

    @Override
    public CompletableFuture<Optional<Snapshot>> load(String entity, SnapshotRange range) {
        return answer(() -> kept(entity).load(range, settings.verifySnapshots()));
    }

    @Override
    public CompletableFuture<Void> deleteSnapshots(String entity, SnapshotRange range) {
        return answer(() -> kept(entity).snapshots.values().removeIf(range::contains))
                .thenAccept(done -> {});
    }

    @Override
    public CompletableFuture<EntityPage> entities(String prefix, String cursor, int max) {
        return answer(() -> page(prefix, cursor, max));
    }

    private EntityPage page(String prefix, String cursor, int max) {
        EntityPage.requireOrdered(prefix, cursor);
        return EntityPage.ordered(
                entities.entrySet().stream()
                        .filter(entry -> entry.getKey().startsWith(prefix)
                                && entry.getKey().compareTo(cursor) > 0)
                        .filter(entry -> entry.getValue().head() > 0)
                        .sorted(Map.Entry.comparingByKey())
                        .limit(max)
                        .map(entry -> new EntityExtent(
                                entry.getKey(), entry.getValue().head(), entry.getValue().deleted))
                        .toList(),
                max);
    }

    @Override
    public CompletableFuture<FeedPage> feed(Slices slices, String prefix, String cursor, int max) {
        return answer(() -> {
            var events = new ArrayList<StoredEvent>();
            var position = position(cursor);
            var bytes = 0L;
            while (position < log.size() && events.size() < max && bytes <= FeedPage.BYTES_MAX) {
                var event = log.get(position++);
                if (!isWanted(event, slices, prefix)) continue;
                events.add(event);
                bytes += event.record().size();
            }
            return new FeedPage(events, List.of(), Integer.toString(position), position == log.size());
        });
    }

    private boolean isWanted(StoredEvent event, Slices slices, String prefix) {
        return event.entity().startsWith(prefix)
                && slices.contains(event.entity())
                && event.revision() > kept(event.entity()).deleted;
    }

    private int position(String cursor) {
        try {
            var position = cursor.isEmpty() ? 0 : Integer.parseInt(cursor);
            if (position >= 0 && position <= log.size()) return position;
        } catch (NumberFormatException wrong) {
            throw new LostCursor(cursor, "it is no position in this store");
        }
        throw new LostCursor(cursor, "this store has " + log.size() + " events");
    }

    @Override
    public CompletableFuture<String> feedEnd() {
        return answer(() -> Integer.toString(log.size()));
    }

    @Override
    public Stats stats() {
        return counters.toStats(0, Duration.ZERO);
    }

    @Override
    public Optional<String> failure() {
        return Optional.empty();
    }

    @Override
    public synchronized void close() {
        closed = true;
        entities.clear();
        log.clear();
    }

    private synchronized <T> CompletableFuture<T> answer(Supplier<T> work) {
        if (closed) return CompletableFuture.failedFuture(new NotServing("the store is closed"));
        try {
            return CompletableFuture.completedFuture(work.get());
        } catch (LostCursor lost) {
            return CompletableFuture.failedFuture(lost);
        }
    }

    private Kept kept(String entity) {
        return entities.computeIfAbsent(entity, id -> new Kept());
    }

    /** What {@code memory:} means. */
    static final class Kind implements Provider {
        @Override
        public String scheme() {
            return "memory:";
        }

        @Override
        public boolean takes(String url) {
            return url.equals(scheme());
        }

        @Override
        public String example() {
            return "memory: for a store that forgets everything when the process ends";
        }

        @Override
        public EventStore open(PersistenceSettings settings, Config config) {
            return new InMemoryStore(settings);
        }

        @Override
        public String migrate(PersistenceSettings settings, Config config) {
            return "memory: needs no tables";
        }
    }

    /** One entity: its events from the first, deleted ones included, and its snapshots by revision. */
    private static final class Kept {
        private final List<StoredEvent> events = new ArrayList<>();
        private final Map<String, List<StoredEvent>> eventsByKey = new HashMap<>();
        private final TreeMap<Long, Snapshot> snapshots = new TreeMap<>(Comparator.reverseOrder());
        private long deleted;

        long head() {
            return events.size();
        }

        AppendResult append(Append append, List<StoredEvent> log) {
            if (append.expectedRevision() != head())
                return isStored(append) ? new Appended(append.lastRevision()) : new Fenced(head());
            for (var record : append.records()) log.add(add(append, record));
            return new Appended(head());
        }

        private StoredEvent add(Append append, Record record) {
            var event = new StoredEvent(append.entity(), head() + 1, append.writer(), record.bytes());
            events.add(event);
            if (!record.key().isEmpty())
                eventsByKey
                        .computeIfAbsent(record.key(), key -> new ArrayList<>(1))
                        .add(event);
            return event;
        }

        List<StoredEvent> find(String key) {
            return eventsByKey.getOrDefault(key, List.of()).stream()
                    .filter(event -> event.revision() > deleted)
                    .sorted(Comparator.comparingLong(StoredEvent::revision).reversed())
                    .toList();
        }

        List<StoredEvent> range(long from, long to, long max) {
            var first = Math.max(from, deleted + 1);
            var last = Math.min(to, head());
            if (first > last || max <= 0) return List.of();
            return List.copyOf(events.subList((int) first - 1, (int) Math.min(last, first - 1 + Math.min(max, last))));
        }

        long deleteTo(long revision) {
            deleted = Math.max(deleted, Math.min(revision, head()));
            return deleted;
        }

        int save(Snapshot snapshot, int keep) {
            snapshots.put(snapshot.revision(), snapshot);
            while (snapshots.size() > keep) snapshots.pollLastEntry();
            return snapshots.size();
        }

        Optional<Snapshot> load(SnapshotRange range, boolean verify) {
            for (var snapshot : snapshots.values()) {
                if (!range.contains(snapshot)) continue;
                if (!verify || isBacked(snapshot)) return Optional.of(snapshot);
                LOG.warn("the snapshot of {} at revision {} is ignored", snapshot.entity(), snapshot.revision());
            }
            return Optional.empty();
        }

        private boolean isBacked(Snapshot snapshot) {
            if (snapshot.revision() > head()) return false;
            if (snapshot.revision() <= deleted || snapshot.writer().isEmpty()) return true;
            return events.get((int) snapshot.revision() - 1).writer().equals(snapshot.writer());
        }

        private boolean isStored(Append append) {
            if (append.writer().isEmpty() || head() < append.lastRevision() || append.expectedRevision() < deleted)
                return false;
            var index = (int) append.expectedRevision();
            for (var record : append.records()) {
                var stored = events.get(index++);
                if (!stored.writer().equals(append.writer()) || !stored.record().equals(record.bytes())) return false;
            }
            return true;
        }
    }
}
