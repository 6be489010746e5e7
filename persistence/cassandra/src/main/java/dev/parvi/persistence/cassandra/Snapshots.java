package dev.parvi.persistence.cassandra;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import dev.parvi.persistence.EventStore.Snapshot;
import dev.parvi.persistence.EventStore.SnapshotRange;
import dev.parvi.persistence.RecordChecksum;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps snapshots. They are plain writes, ordered by the clocks of their writers: harmless, because a snapshot says of which revision
 * it is, because nobody's replaces another's, and because deletions only ever cover older ones than those that are kept.
 */
final class Snapshots {
    private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);

    private final String store;
    private final Requests requests;
    private final Cql cql;
    private final Partitions partitions;
    private final Tails tails;
    private final boolean verify;
    private final Executor readers;

    Snapshots(
            String store,
            Requests requests,
            Cql cql,
            Partitions partitions,
            Tails tails,
            boolean verify,
            Executor readers) {
        this.store = store;
        this.requests = requests;
        this.cql = cql;
        this.partitions = partitions;
        this.tails = tails;
        this.verify = verify;
        this.readers = readers;
    }

    CompletableFuture<Void> save(Snapshot snapshot, int kept) {
        var saved = requests.send(cql.save(snapshot));
        if (kept == Integer.MAX_VALUE) return saved.thenApply(done -> null);
        return saved.thenCompose(done -> requests.send(cql.findSnapshotRevisions(snapshot.entity(), kept + 1)))
                .thenCompose(rows -> {
                    var revisions = new ArrayList<Long>();
                    for (var row : rows.currentPage()) revisions.add(row.getLong("revision"));
                    if (revisions.size() <= kept) return CompletableFuture.completedFuture(null);
                    return requests.send(cql.deleteSnapshotsBefore(snapshot.entity(), revisions.get(kept - 1)))
                            .thenApply(deleted -> null);
                });
    }

    CompletableFuture<Optional<Snapshot>> load(String entity, SnapshotRange range) {
        return requests.send(cql.findSnapshots(entity, range.revisionMin(), range.revisionMax()))
                .thenCompose(rows -> firstTrusted(entity, range, rows));
    }

    CompletableFuture<Void> delete(String entity, SnapshotRange range) {
        return requests.send(cql.findSnapshots(entity, range.revisionMin(), range.revisionMax()))
                .thenCompose(rows -> delete(entity, range, rows));
    }

    private CompletableFuture<Void> delete(String entity, SnapshotRange range, AsyncResultSet rows) {
        var deleted = CompletableFuture.<Void>completedFuture(null);
        for (var row : rows.currentPage()) {
            var snapshot = snapshot(entity, row);
            if (!range.contains(snapshot)) continue;
            deleted = deleted.thenCompose(done -> requests.send(cql.deleteSnapshot(snapshot)))
                    .thenApply(done -> null);
        }
        if (!rows.hasMorePages()) return deleted;
        return deleted.thenCompose(done -> requests.nextPage(rows)).thenCompose(next -> delete(entity, range, next));
    }

    private CompletableFuture<Optional<Snapshot>> firstTrusted(
            String entity, SnapshotRange range, AsyncResultSet rows) {
        return firstTrusted(entity, range, rows.currentPage().iterator())
                .thenComposeAsync(
                        found -> found.isPresent() || !rows.hasMorePages()
                                ? CompletableFuture.completedFuture(found)
                                : requests.nextPage(rows).thenCompose(next -> firstTrusted(entity, range, next)),
                        readers);
    }

    private CompletableFuture<Optional<Snapshot>> firstTrusted(
            String entity, SnapshotRange range, Iterator<Row> candidates) {
        while (candidates.hasNext()) {
            var row = candidates.next();
            var snapshot = snapshot(entity, row);
            if (!range.contains(snapshot)) continue;
            return flaw(snapshot, row.getLong("checksum")).thenCompose(flaw -> {
                if (flaw.isEmpty()) return CompletableFuture.completedFuture(Optional.of(snapshot));
                LOG.warn(
                        "{}: the snapshot of {} at revision {} is ignored: {}",
                        store,
                        entity,
                        snapshot.revision(),
                        flaw);
                return firstTrusted(entity, range, candidates);
            });
        }
        return CompletableFuture.completedFuture(Optional.empty());
    }

    private CompletableFuture<String> flaw(Snapshot snapshot, long checksum) {
        var entityBytes = RecordChecksum.entityBytes(snapshot.entity());
        if (RecordChecksum.of(
                        entityBytes, snapshot.revision(), snapshot.record().toByteArray())
                != checksum) return CompletableFuture.completedFuture("its checksum does not match");
        if (!verify) return CompletableFuture.completedFuture("");
        return tails.reaching(snapshot.entity(), snapshot.revision(), partitions)
                .thenCompose(tail -> {
                    if (snapshot.revision() <= tail.deleted()) return CompletableFuture.completedFuture("");
                    if (snapshot.revision() > tail.head())
                        return CompletableFuture.completedFuture("the journal does not hold its last event");
                    if (snapshot.writer().isEmpty()) return CompletableFuture.completedFuture("");
                    return writerOf(snapshot.entity(), snapshot.revision(), tail)
                            .thenApply(writers -> writers.contains(snapshot.writer())
                                    ? ""
                                    : "another writer stored the event of that revision");
                });
    }

    private CompletableFuture<List<String>> writerOf(String entity, long revision, Tail tail) {
        return partitions
                .holding(entity, revision, tail)
                .thenCompose(
                        partition -> requests.send(cql.findEvents(entity, partition.bucket(), revision, revision, 1)))
                .thenApply(rows -> {
                    var writers = new ArrayList<String>(1);
                    for (var row : rows.currentPage()) writers.add(String.valueOf(row.getString("writer")));
                    return writers;
                });
    }

    private static Snapshot snapshot(String entity, Row row) {
        return new Snapshot(
                entity,
                row.getLong("revision"),
                String.valueOf(row.getString("writer")),
                Instant.ofEpochMilli(row.getLong("time")),
                Histories.bytes(row.getByteBuffer("record")));
    }
}
