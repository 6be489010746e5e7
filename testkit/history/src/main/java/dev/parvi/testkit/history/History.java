package dev.parvi.testkit.history;

import dev.parvi.testkit.history.Operation.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * What clients did and were told, written down by themselves while it happens, from any number of threads.
 *
 * <p>All must write in one process: the order of two operations is told by its {@link System#nanoTime}. An operation takes one
 * object of about 80 bytes, and its key; nothing is dropped.
 */
public final class History {
    private final LongSupplier clock;
    private final long origin;
    private final Map<String, String> names = new ConcurrentHashMap<>();
    private final List<Operation> operations = new ArrayList<>();
    private final List<Sightings> streams = new ArrayList<>();

    public History() {
        this(System::nanoTime);
    }

    History(LongSupplier clock) {
        this.clock = clock;
        this.origin = clock.getAsLong();
    }

    /**
     * A command is sent for the first time. What is sent again, with the same key, belongs to the same operation.
     *
     * @param method the rpc's name as in the {@code .proto}, such as {@code Withdraw}, or {@link dev.parvi.entity.EntityType#DELETION}
     * @param key the idempotency key; empty if the client chose none
     */
    public Operation command(String client, String type, String id, String method, String key) {
        return begin(Kind.COMMAND, client, type, id, method, key);
    }

    /** A query is sent that its owner answers from memory. It may be stale; what it shows was nevertheless stored. */
    public Operation query(String client, String type, String id, String method) {
        return begin(Kind.QUERY, client, type, id, method, "");
    }

    /** A query is sent whose answer must not be stale: the owner looks at the journal's head before it answers. */
    public Operation confirmedQuery(String client, String type, String id, String method) {
        return begin(Kind.CONFIRMED_QUERY, client, type, id, method, "");
    }

    /**
     * A reader begins to follow an entity.
     *
     * @param firstRevision what must come first: the one behind {@code Last-Event-ID}, or behind a snapshot
     */
    public Sightings stream(String reader, String type, String id, long firstRevision) {
        var sightings = new Sightings(reader, nameOf(type, id), firstRevision);
        synchronized (streams) {
            streams.add(sightings);
        }
        return sightings;
    }

    /** All operations, in the order in which they were begun. */
    public List<Operation> operations() {
        synchronized (operations) {
            return List.copyOf(operations);
        }
    }

    /** What readers of streams have seen. */
    public List<Sightings> streams() {
        synchronized (streams) {
            return List.copyOf(streams);
        }
    }

    /** Of which anything was written down: type, slash and id, as the store knows them. */
    public Set<String> entities() {
        return new TreeSet<>(names.keySet());
    }

    /** Nanoseconds since this history began: what all its times are in. */
    public long nowNanos() {
        return clock.getAsLong() - origin;
    }

    /** To which entity a command was sent with this key; of several one, of none an empty map. */
    Map<String, String> entitiesByKey() {
        var byKey = new HashMap<String, String>();
        for (var operation : operations()) byKey.put(operation.key(), operation.entity());
        byKey.remove("");
        return byKey;
    }

    private Operation begin(Kind kind, String client, String type, String id, String method, String key) {
        var entity = nameOf(type, id);
        synchronized (operations) {
            var operation = new Operation(this, kind, client, entity, method, key, nowNanos());
            operations.add(operation);
            return operation;
        }
    }

    /** The same text for the same entity, so that a million operations do not hold a million names. */
    private String nameOf(String type, String id) {
        return names.computeIfAbsent(type + "/" + id, name -> name);
    }
}
