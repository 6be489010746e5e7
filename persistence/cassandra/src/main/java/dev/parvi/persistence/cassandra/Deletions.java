package dev.parvi.persistence.cassandra;

import dev.parvi.entity.NotServing;
import java.util.concurrent.CompletableFuture;

/**
 * Removes events from the front of a history. The last partition says so first, so that nobody takes them for missing; then the
 * partitions are emptied from the newest to the oldest, up to one that is empty already. What a crash leaves is taken the next time.
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
        return deleteTo(entity, revision, 1);
    }

    private CompletableFuture<Void> deleteTo(String entity, long revision, int tries) {
        if (tries > TRIES_MAX)
            return CompletableFuture.failedFuture(new NotServing("others write to " + entity + " all the time"));
        tails.forget(entity);
        return partitions.last(entity).thenCompose(tail -> {
            var last = Math.min(revision, tail.head());
            if (last == 0 || last <= tail.deleted()) return CompletableFuture.completedFuture(null);
            return requests.send(cql.delete(entity, tail, last))
                    .thenCompose(rows -> rows.wasApplied()
                            ? emptyFrom(entity, tail.bucket() - 1, last)
                            : deleteTo(entity, revision, tries + 1));
        });
    }

    private CompletableFuture<Void> emptyFrom(String entity, long bucket, long revision) {
        if (bucket < 0) return CompletableFuture.completedFuture(null);
        return partitions.at(entity, bucket).thenCompose(partition -> {
            if (partition.first() > revision) return emptyFrom(entity, bucket - 1, revision);
            if (partition.deleted() >= partition.head()) return CompletableFuture.completedFuture(null);
            var last = Math.min(revision, partition.head());
            return requests.send(cql.delete(entity, partition, last))
                    .thenCompose(rows -> emptyFrom(entity, bucket - 1, revision));
        });
    }
}
