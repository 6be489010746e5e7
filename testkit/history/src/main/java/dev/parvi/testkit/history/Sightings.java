package dev.parvi.testkit.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What one reader of an entity's stream has seen, in its order. One thread writes; one object for all events, of eight bytes each,
 * and as much again where keys are known. A stream that broke and was resumed goes on in the same sightings.
 */
public final class Sightings {
    private final String reader;
    private final String entity;
    private final long firstRevision;
    private long[] revisions = new long[16];
    private int size;
    private final List<String> keys = new ArrayList<>(0);
    private boolean ranToTheEnd;

    Sightings(String reader, String entity, long firstRevision) {
        if (firstRevision < 1) throw new IllegalArgumentException("a stream begins at revision 1 at the earliest");
        this.reader = reader;
        this.entity = entity;
        this.firstRevision = firstRevision;
    }

    /** The next event that came. */
    public synchronized void saw(long revision) {
        if (size == revisions.length) revisions = Arrays.copyOf(revisions, 2 * size);
        revisions[size++] = revision;
    }

    /** The next event that came, with the idempotency key of its command. */
    public synchronized void saw(long revision, String key) {
        while (keys.size() < size) keys.add("");
        keys.add(key);
        saw(revision);
    }

    /** Everything that is stored has had time to come: what has not, is missing. Otherwise what follows the last one is not asked for. */
    public synchronized void ranToTheEnd() {
        ranToTheEnd = true;
    }

    public String reader() {
        return reader;
    }

    /** Type, slash and id, as the store knows them. */
    public String entity() {
        return entity;
    }

    public long firstRevision() {
        return firstRevision;
    }

    /** In the order in which they came. */
    public synchronized long[] revisions() {
        return Arrays.copyOf(revisions, size);
    }

    synchronized int size() {
        return size;
    }

    /** The key that came with the event at this place, counted from 0; empty if it is not known. */
    public synchronized String key(int index) {
        return index < keys.size() ? keys.get(index) : "";
    }

    /** Whether everything that is stored has had time to come. */
    public synchronized boolean isComplete() {
        return ranToTheEnd;
    }

    @Override
    public String toString() {
        return "the stream of " + entity + " to " + reader;
    }
}
