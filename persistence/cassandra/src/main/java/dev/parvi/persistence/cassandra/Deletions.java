package dev.parvi.persistence.cassandra;

import dev.parvi.entity.NotServing;
import java.util.concurrent.CompletableFuture;

/**
 * Removes events from the front of a history. The last partition says so first, so that nobody takes them for missing; then the
 * partitions before it are emptied, the oldest first. So those that are empty come before those that are not, and what a crash leaves is
 * found and taken the next time. Each step holds only for a partition that is as it was seen: one that is carried out late does nothing.
 */
final class Deletions {
    private static final int TRIES_MAX = 5;

    private final Requests requests;
    private final Cql cql;
    private final Partitions partitions;
    private final Tails tails;

    Deletions(Requests requests, Cql cql, Partitions partitions, Tails tails) {
        this.requests = requests;
        this.cql = cql;
        this.partitions = partitions;
        this.tails = tails;
    }

    CompletableFuture<Void> deleteTo(String entity, long revision) {
        return mark(entity, revision, 1).whenComplete((done, failure) -> tails.forget(entity));
    }

    private CompletableFuture<Void> mark(String entity, long revision, int tries) {
        if (tries > TRIES_MAX)
            return CompletableFuture.failedFuture(new NotServing("others write to " + entity + " all the time"));
        return partitions.last(entity).thenCompose(tail -> {
            var last = Math.min(revision, tail.head());
            if (last == 0) return CompletableFuture.completedFuture(null);
            if (last <= tail.deleted()) return emptyBefore(entity, tail, tail.deleted());
            return requests.send(cql.delete(entity, tail, last))
                    .thenCompose(rows -> Requests.isApplied(rows)
                            ? emptyBefore(entity, tail, last)
                            : mark(entity, revision, tries + 1));
        });
    }

    private CompletableFuture<Void> emptyBefore(String entity, Tail tail, long revision) {
        return firstWithEvents(entity, tail.bucket())
                .thenCompose(first -> empty(entity, first, tail.bucket(), revision));
    }

    /** The partition after the last empty one before this. */
    private CompletableFuture<Long> firstWithEvents(String entity, long before) {
        if (before == 0) return CompletableFuture.completedFuture(0L);
        return partitions
                .at(entity, before - 1)
                .thenCompose(partition -> partition.deleted() >= partition.head()
                        ? CompletableFuture.completedFuture(before)
                        : firstWithEvents(entity, before - 1));
    }

    private CompletableFuture<Void> empty(String entity, long bucket, long end, long revision) {
        if (bucket >= end) return CompletableFuture.completedFuture(null);
        return partitions.at(entity, bucket).thenCompose(partition -> {
            if (partition.first() > revision) return CompletableFuture.completedFuture(null);
            var last = Math.min(revision, partition.head());
            var emptied = last <= partition.deleted()
                    ? CompletableFuture.completedFuture(true)
                    : requests.send(cql.delete(entity, partition, last)).thenApply(Requests::isApplied);
            return emptied.thenCompose(done -> empty(entity, bucket + 1, end, revision));
        });
    }
}
