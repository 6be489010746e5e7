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
 * @param epoch the feed's epoch in which the last append was announced, 0 if in none
 * @param untold events from this revision on may be known to no epoch that is over: the next announcement begins with them
 */
record Tail(
        long bucket,
        boolean exists,
        long first,
        long head,
        long bytes,
        boolean isSealed,
        long deleted,
        long epoch,
        long untold) {
    /** Of an entity that nobody has written yet. */
    static final Tail NONE = missing(0);

    /** A partition that is not there. */
    static Tail missing(long bucket) {
        return new Tail(bucket, false, 1, 0, 0, false, 0, 0, 1);
    }

    /** The partition after this one, which must be sealed. */
    Tail next() {
        return new Tail(bucket + 1, false, head + 1, head, 0, false, deleted, epoch, untold);
    }

    /** As it is once the append is stored under this epoch, by us. */
    Tail after(Append append, long epoch) {
        var last = append.lastRevision();
        return new Tail(bucket, true, first, last, bytes + append.sizeBytes(), false, deleted, epoch, last + 1);
    }

    /** The partition in which {@link #untold} lies: an append is never spread over two. */
    long untoldBucket() {
        return untold < first ? bucket - 1 : bucket;
    }

    boolean isFull(CassandraSettings settings) {
        return exists
                && (isSealed || head - first + 1 >= settings.bucketEventsMax() || bytes >= settings.bucketBytesMax());
    }
}
