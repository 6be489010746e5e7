package dev.parvi.persistence;

import com.google.protobuf.ByteString;
import com.typesafe.config.Config;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where entities are kept: their events, append-only and fenced by revision, and their snapshots.
 *
 * <p>A completed append is on the disk: it survives {@code kill -9} and power loss. A failed one says by its type what is known:
 * {@link dev.parvi.entity.NotServing} means that nothing was stored, {@link dev.parvi.entity.OutcomeUnknown} that it may have been.
 * Every method returns at once; futures are completed on the store's own threads, so hand over whatever takes time.
 */
public interface EventStore extends AutoCloseable {

    /**
     * Opens the store that {@code parvi.persistence.store} names: one of this module, or of a {@link Provider} on the class path.
     * Throws {@link UnusableStore} with a sentence that says why not.
     */
    static EventStore open(Config config) {
        var settings = PersistenceSettings.from(config);
        return usable(kind -> kind.open(settings, config), settings.store());
    }

    /**
     * Makes the tables of the store that {@code parvi.persistence.store} names, or changes those of an older release; what is there
     * stays. Safe to repeat. Answers with a sentence that says what was done; throws {@link UnusableStore} if it cannot be done.
     */
    static String migrate(Config config) {
        var settings = PersistenceSettings.from(config);
        return usable(kind -> kind.migrate(settings, config), settings.store());
    }

    /** A wrong setting of one kind of store is a mistake in opening it. */
    private static <T> T usable(Function<Provider, T> work, String url) {
        try {
            return work.apply(kindOf(url));
        } catch (IllegalArgumentException wrong) {
            throw new UnusableStore(String.valueOf(wrong.getMessage()), wrong);
        }
    }

    private static Provider kindOf(String url) {
        var found = ServiceLoader.load(Provider.class, Provider.class.getClassLoader());
        var all = Stream.concat(
                        Stream.of(new SqliteStore.Kind(), new InMemoryStore.Kind()),
                        found.stream().map(ServiceLoader.Provider::get))
                .toList();
        return all.stream()
                .filter(kind -> kind.takes(url))
                .findFirst()
                .orElseThrow(() -> new UnusableStore("parvi.persistence.store is \"" + url + "\": write "
                        + all.stream().map(Provider::example).collect(Collectors.joining(", or "))));
    }

    /**
     * Stores the events, all or none, if the entity's head is the expected revision. Appends of one caller are stored in the order
     * of the calls. The same append again, by the same writer, is told that it succeeded.
     */
    CompletableFuture<AppendResult> append(Append append);

    /** What one append may hold. A larger one is refused, so what can be divided should be. */
    default AppendLimits appendLimits() {
        return AppendLimits.NONE;
    }

    /** The revision of the entity's last event, 0 if it has none. Deleting events does not lower it. */
    CompletableFuture<Long> head(String entity);

    /**
     * Hands over the events with revisions in {@code [from, to]}, at most {@code max}, in order. Fails with {@link DamagedRecord} if
     * one is missing or not what was stored.
     */
    CompletableFuture<Void> replay(String entity, long from, long to, long max, Consumer<StoredEvent> onEvent);

    /**
     * The events of the entity that were stored with this key and are not deleted, newest first; none for an empty key. A store may
     * know keys by their hashes only: an event of another key can be among them, so compare.
     */
    CompletableFuture<List<StoredEvent>> find(String entity, String key);

    /** Removes the events up to and including this revision. The head stays, and with it the fence. */
    CompletableFuture<Void> deleteTo(String entity, long revision);

    /** Stores a snapshot, in place of one of the same revision, and removes all but the newest {@code kept} of the entity. */
    CompletableFuture<Void> save(Snapshot snapshot, int kept);

    /** The newest snapshot in range that can be trusted; others are logged and passed over. */
    CompletableFuture<Optional<Snapshot>> load(String entity, SnapshotRange range);

    /** Removes the snapshots in range. */
    CompletableFuture<Void> deleteSnapshots(String entity, SnapshotRange range);

    /**
     * A walk over the entities that have events or had some, in an order of the store's own. Who was there when the walk began is in
     * it, once; who came later may be.
     *
     * @param prefix of the ids that are wanted; empty for all
     * @param cursor empty to begin, then {@link EntityPage#next}. It means something to this store only, and to the same prefix. One
     *     that no walk has given fails with {@link LostCursor}, or goes on from where it happens to point to
     * @param max how many at most, at least 1. A page may hold fewer, or none, and not be the last
     */
    CompletableFuture<EntityPage> entities(String prefix, String cursor, int max);

    /**
     * The change feed: what was stored, over all entities, page after page. Every event that was acknowledged is told, those of an
     * entity in order. One may be told again, so whoever reads keeps the revision that an entity has reached. Events that were
     * deleted before the feed came to them are left out. A cursor that the store cannot go on from fails with {@link LostCursor}.
     *
     * @param prefix of the ids that are wanted; empty for all
     * @param cursor empty for the beginning, {@link #feedEnd} for what comes from now on, then {@link FeedPage#next}. It means
     *     something to this store only, and to the same slices and prefix. Printable ASCII
     * @param max how many events at most, at least 1. A page may hold fewer: {@link FeedPage#isLast} says whether more are waiting
     */
    CompletableFuture<FeedPage> feed(Slices slices, String prefix, String cursor, int max);

    /** A cursor behind which every event lies that is acknowledged from now on. */
    CompletableFuture<String> feedEnd();

    /**
     * Says to which cluster the store belongs, and makes it this one if nobody has claimed it, or if it is to be taken over. Claims
     * are events of an entity of their own: so they are fenced, and of two clusters that claim a new store one gets it.
     *
     * @param host where the node runs that asks, for the people of another cluster who find the claim
     */
    default CompletableFuture<ClusterClaim> claim(String cluster, String host, boolean takesOver) {
        return new ClusterClaim.Claiming(this, cluster, host, takesOver).run();
    }

    /** What the store has done since it was opened. */
    Stats stats();

    /** Why the store has stopped for good; empty while it serves. Only a new process, after somebody has looked, helps. */
    Optional<String> failure();

    /** Stores what was accepted, then lets go of all files and threads. */
    @Override
    void close();

    /**
     * Events to store.
     *
     * @param expectedRevision the head that the writer has seen; the first record becomes the revision after it
     * @param writer names one incarnation of the entity: it tells a retry from a rival
     */
    record Append(String entity, long expectedRevision, String writer, List<Record> records) {
        public Append {
            records = List.copyOf(records);
            if (records.isEmpty()) throw new IllegalArgumentException("an append to " + entity + " without events");
            if (expectedRevision < 0)
                throw new IllegalArgumentException("an append to " + entity + " at revision " + expectedRevision);
        }

        /** The head once this is stored. */
        public long lastRevision() {
            return expectedRevision + records.size();
        }

        /** What the append weighs in a queue. */
        public long sizeBytes() {
            var sum = 128L + entity.length();
            for (var record : records) sum += record.sizeBytes();
            return sum;
        }
    }

    /**
     * Bounds of one append.
     *
     * @param bytesMax of its {@link Append#sizeBytes}
     * @param recordsMax of its events
     */
    record AppendLimits(long bytesMax, int recordsMax) {
        /** Whatever is asked. */
        public static final AppendLimits NONE = new AppendLimits(Long.MAX_VALUE, Integer.MAX_VALUE);
    }

    /**
     * One event to store.
     *
     * @param key by which {@link #find} finds it; empty for none. It is no part of the record: a retry is told by its bytes
     */
    record Record(ByteString bytes, String key) {
        /** What the event adds to the weight of its append. */
        public long sizeBytes() {
            return 64L + bytes.size() + key.length();
        }
    }

    /** One event as it was stored. */
    record StoredEvent(String entity, long revision, String writer, ByteString record) {
        /** What stores this event elsewhere, to be found by the same key. */
        public Record toRecord() {
            return new Record(record, RecordCodec.keyOf(this));
        }
    }

    /**
     * An entity of a walk.
     *
     * @param head as it was when the walk passed
     * @param deleted the events up to this revision were removed on purpose
     */
    record EntityExtent(String entity, long head, long deleted) {}

    /**
     * Some entities of a walk.
     *
     * @param next goes on behind them; empty after the last page
     */
    record EntityPage(List<EntityExtent> entities, String next) {
        public EntityPage {
            entities = List.copyOf(entities);
        }

        /** What comes behind all ids with this prefix, in the order of their UTF-8 bytes: no id holds this noncharacter. */
        public static String behind(String prefix) {
            return prefix + Character.toString(Character.MAX_CODE_POINT);
        }

        /** Of a store that walks in the order of the ids: throws {@link LostCursor} if the cursor is none of these. */
        public static void requireOrdered(String prefix, String cursor) {
            if (!cursor.isEmpty() && !cursor.startsWith(prefix))
                throw new LostCursor(cursor, "no id that begins with \"" + prefix + "\" stands there");
        }

        /** Of a store that walks in the order of the ids: the page is the last if it is not full. */
        public static EntityPage ordered(List<EntityExtent> entities, int max) {
            return new EntityPage(
                    entities,
                    entities.size() < max
                            ? ""
                            : entities.get(entities.size() - 1).entity());
        }
    }

    /**
     * Parts of a feed, for readers who share the work: every entity belongs to one slice, the same in every store.
     *
     * @param first the first slice that is wanted, from 0
     * @param last the last one, below {@link #COUNT}
     */
    record Slices(int first, int last) {
        public static final int COUNT = 16;
        public static final Slices ALL = new Slices(0, COUNT - 1);

        public Slices {
            if (first < 0 || first > last || last >= COUNT)
                throw new IllegalArgumentException(
                        "the slices " + first + " to " + last + " are not in the range 0 to " + (COUNT - 1));
        }

        /** The slice of an entity: the last four bits of the first eight bytes of the SHA-256 of its id. */
        public static int of(String entity) {
            return (int) Math.floorMod(RecordChecksum.ofKey(entity), (long) COUNT);
        }

        /** Whether the entity belongs to one of them. */
        public boolean contains(String entity) {
            if (first == 0 && last == COUNT - 1) return true;
            var slice = of(entity);
            return first <= slice && slice <= last;
        }
    }

    /**
     * Some events of the feed.
     *
     * @param damaged events that cannot be told, since they are not what was stored; each once, in place of the event
     * @param next goes on behind these, now or at any later time
     * @param isLast nothing more is waiting
     */
    record FeedPage(List<StoredEvent> events, List<DamagedRecord> damaged, String next, boolean isLast) {
        /** A page ends when it holds more than this, so that large events do not gather. */
        public static final long BYTES_MAX = 4 << 20;

        public FeedPage {
            events = List.copyOf(events);
            damaged = List.copyOf(damaged);
        }
    }

    /** A feed or a walk cannot go on from this cursor: it is none of this store's, or the store has forgotten what followed. */
    final class LostCursor extends IllegalArgumentException {
        public LostCursor(String cursor, String why) {
            super("there is no going on from the cursor \"" + cursor + "\": " + why
                    + "; begin again with an empty one");
        }
    }

    /** The entity as it was after {@code revision} events. An empty writer is not compared with the event's. */
    record Snapshot(String entity, long revision, String writer, Instant time, ByteString record) {}

    /** Which snapshots are meant; all bounds belong to the range. */
    record SnapshotRange(long revisionMin, long revisionMax, Instant timeMin, Instant timeMax) {
        /** Every snapshot. */
        public static final SnapshotRange ALL =
                new SnapshotRange(0, Long.MAX_VALUE, Instant.EPOCH, Instant.ofEpochMilli(Long.MAX_VALUE));

        /** The one of this revision. */
        public static SnapshotRange at(long revision) {
            return new SnapshotRange(revision, revision, ALL.timeMin, ALL.timeMax);
        }

        /** Whether the snapshot lies in it. */
        public boolean contains(Snapshot snapshot) {
            return snapshot.revision >= revisionMin
                    && snapshot.revision <= revisionMax
                    && !snapshot.time.isBefore(timeMin)
                    && !snapshot.time.isAfter(timeMax);
        }
    }

    /** What became of an append that was carried out. */
    sealed interface AppendResult {
        /** Takes the one case that this result is. */
        <T> T fold(Function<Appended, T> onAppended, Function<Fenced, T> onFenced);
    }

    /** Stored; the entity's head is now {@code revision}. */
    record Appended(long revision) implements AppendResult {
        @Override
        public <T> T fold(Function<Appended, T> onAppended, Function<Fenced, T> onFenced) {
            return onAppended.apply(this);
        }
    }

    /** Refused and nothing stored: the head was {@code headRevision}, so another writer has been there. */
    record Fenced(long headRevision) implements AppendResult {
        @Override
        public <T> T fold(Function<Appended, T> onAppended, Function<Fenced, T> onFenced) {
            return onFenced.apply(this);
        }
    }

    /**
     * Counters since the store was opened, and two gauges.
     *
     * @param appends stored, each one command or several pipelined ones
     * @param events stored
     * @param commits transactions that wrote, each one sync of the disk
     * @param fenced appends refused because another writer had been there
     * @param failed writes that failed otherwise, a full queue included
     * @param queued writes accepted and not yet answered
     * @param stalled how long the transaction in progress has been running; zero when there is none
     */
    record Stats(long appends, long events, long commits, long fenced, long failed, int queued, Duration stalled) {}

    /**
     * Another kind of store, in a module of its own. A public class that implements this, with a constructor without parameters, is
     * found by {@link java.util.ServiceLoader}; so whoever stays with one kind needs the libraries of no other.
     */
    interface Provider {
        /** With what the URLs of this kind begin, the colon included: {@code cassandra:}. */
        String scheme();

        /** Whether this URL is of this kind. */
        default boolean takes(String url) {
            return url.startsWith(scheme());
        }

        /** The shape of such a URL, for a person who wrote a wrong one. */
        String example();

        /**
         * Opens the store that {@code parvi.persistence.store} names.
         *
         * @param settings what all stores have in common
         * @param config the whole configuration, for the settings of this kind
         * @throws UnusableStore with one sentence that says why it cannot be opened
         */
        EventStore open(PersistenceSettings settings, Config config);

        /** As {@link EventStore#migrate} says, for a store of this kind. */
        String migrate(PersistenceSettings settings, Config config);
    }
}
