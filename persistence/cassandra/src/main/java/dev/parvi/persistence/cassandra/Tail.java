package dev.parvi.persistence.cassandra;

import dev.parvi.persistence.EventStore.Append;

/**
 * Where the history of an entity ends: its last partition, as it was when somebody looked.
 *
 * @param bucket the partition's number, from 0
 * @param exists false for the partition that the next append makes
 * @param first the revision of the partition's first event
 * @param head the revision of the entity's last event, 0 if it has none
 * @param bytes what the partition's events weigh
 * @param isSealed whether the next partition must be begun
 * @param deleted the entity's events up to this revision were removed
 */
record Tail(long bucket, boolean exists, long first, long head, long bytes, boolean isSealed, long deleted) {
    /** Of an entity that nobody has written yet. */
    static final Tail NONE = new Tail(0, false, 1, 0, 0, false, 0);

    /** The partition after this one, which must be sealed. */
    Tail next() {
        return new Tail(bucket + 1, false, head + 1, head, 0, false, deleted);
    }

    /** As it is once the append is stored. */
    Tail after(Append append) {
        return new Tail(bucket, true, first, append.lastRevision(), bytes + append.sizeBytes(), false, deleted);
    }

    boolean isFull(CassandraSettings settings) {
        return exists
                && (isSealed || head - first + 1 >= settings.bucketEventsMax() || bytes >= settings.bucketBytesMax());
    }
}
