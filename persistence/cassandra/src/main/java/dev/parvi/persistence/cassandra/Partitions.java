package dev.parvi.persistence.cassandra;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Finds the partitions of an entity. Each look is a read at SERIAL, so what it sees is what the ring has agreed on. */
final class Partitions {
    private final Cql cql;
    private final Function<Statement<?>, CompletableFuture<AsyncResultSet>> sender;

    Partitions(Cql cql, Function<Statement<?>, CompletableFuture<AsyncResultSet>> sender) {
        this.cql = cql;
        this.sender = sender;
    }

    CompletableFuture<Tail> at(String entity, long bucket) {
        return sender.apply(cql.findTail(entity, bucket)).thenApply(rows -> {
            var row = rows.one();
            return row == null ? Tail.missing(bucket) : Cql.tail(bucket, row);
        });
    }

    /** The last one. Most entities have one partition; of others every but the last is sealed, which is searched for in leaps. */
    CompletableFuture<Tail> last(String entity) {
        return at(entity, 0).thenCompose(first -> {
            if (!first.exists()) return CompletableFuture.completedFuture(Tail.NONE);
            return first.isSealed() ? lastAfter(entity, first, 1) : CompletableFuture.completedFuture(first);
        });
    }

    /** The one that holds an event of the entity. */
    CompletableFuture<Tail> holding(String entity, long revision, Tail last) {
        if (revision >= last.first()) return CompletableFuture.completedFuture(last);
        return holding(entity, revision, 0, last.bucket() - 1);
    }

    private CompletableFuture<Tail> lastAfter(String entity, Tail known, long leap) {
        return at(entity, known.bucket() + leap).thenCompose(next -> {
            if (next.exists())
                return next.isSealed() ? lastAfter(entity, next, leap * 2) : CompletableFuture.completedFuture(next);
            return leap > 1 ? lastAfter(entity, known, leap / 2) : CompletableFuture.completedFuture(known);
        });
    }

    private CompletableFuture<Tail> holding(String entity, long revision, long from, long to) {
        return at(entity, (from + to) / 2).thenCompose(middle -> {
            if (from >= to) return CompletableFuture.completedFuture(middle);
            if (revision < middle.first()) return holding(entity, revision, from, middle.bucket() - 1);
            if (revision > middle.head()) return holding(entity, revision, middle.bucket() + 1, to);
            return CompletableFuture.completedFuture(middle);
        });
    }
}
