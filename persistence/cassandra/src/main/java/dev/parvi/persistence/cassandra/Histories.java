package dev.parvi.persistence.cassandra;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import com.google.protobuf.ByteString;
import dev.parvi.persistence.DamagedRecord;
import dev.parvi.persistence.EventStore.Append;
import dev.parvi.persistence.EventStore.StoredEvent;
import dev.parvi.persistence.RecordChecksum;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads events, in order and without a gap, or says what is wrong with them. */
final class Histories {
    private static final int PAGE_BYTES = 1 << 20;
    private static final int PAGE_EVENTS_MAX = 1_000;

    private final String store;
    private final Requests requests;
    private final Cql cql;
    private final Partitions partitions;
    private final Tails tails;
    private final Executor readers;

    /**
     * @param store how the store is called in a {@link DamagedRecord}
     * @param readers where events are handed over
     */
    Histories(String store, Requests requests, Cql cql, Partitions partitions, Tails tails, Executor readers) {
        this.store = store;
        this.requests = requests;
        this.cql = cql;
        this.partitions = partitions;
        this.tails = tails;
        this.readers = readers;
    }

    CompletableFuture<Void> replay(String entity, long from, long to, long max, Consumer<StoredEvent> onEvent) {
        return tails.reaching(entity, to, partitions).thenCompose(tail -> {
            var first = Math.max(from, tail.deleted() + 1);
            var last = Math.min(to, tail.head());
            if (max <= 0 || first > last) return CompletableFuture.completedFuture(null);
            return read(entity, first, Math.min(last, first - 1 + Math.min(max, last)), tail, onEvent);
        });
    }

    /** The events of this range, all of which must be there. */
    CompletableFuture<Void> read(String entity, long from, long to, Tail tail, Consumer<StoredEvent> onEvent) {
        return partitions
                .holding(entity, from, tail)
                .thenCompose(partition -> read(new Reading(entity, from, to, onEvent), partition));
    }

    private CompletableFuture<Void> read(Reading reading, Tail partition) {
        var to = Math.min(reading.to, partition.head());
        var page = pageSize(partition);
        var statement = reading.insists
                ? cql.findEventsAgreedOn(reading.entity, partition.bucket(), reading.next, to, page)
                : cql.findEvents(reading.entity, partition.bucket(), reading.next, to, page);
        return requests.send(statement)
                .thenComposeAsync(rows -> drain(rows, reading::accept), readers)
                .thenCompose(drained -> {
                    if (reading.next <= to) return missing(reading);
                    if (reading.next > reading.to) return CompletableFuture.completedFuture(null);
                    return partitions
                            .at(reading.entity, partition.bucket() + 1)
                            .thenCompose(next -> next.exists() ? read(reading, next) : missing(reading));
                });
    }

    /** Somebody may have deleted it on purpose while we read; or it is agreed on, and on its way to a quorum. */
    private CompletableFuture<Void> missing(Reading reading) {
        return partitions.last(reading.entity).thenCompose(tail -> {
            if (tail.deleted() < reading.next && reading.insists)
                throw new DamagedRecord(store, reading.entity, reading.next, "is missing");
            reading.insists = true;
            reading.next = Math.max(reading.next, tail.deleted() + 1);
            if (reading.next > reading.to) return CompletableFuture.completedFuture(null);
            return partitions
                    .holding(reading.entity, reading.next, tail)
                    .thenCompose(partition -> read(reading, partition));
        });
    }

    /** Whether the very same append is there already: a retry whose first answer was lost. */
    CompletableFuture<Boolean> holds(Append append, Tail tail) {
        if (append.writer().isEmpty()
                || tail.head() < append.lastRevision()
                || append.expectedRevision() < tail.deleted()) return CompletableFuture.completedFuture(false);
        var expected = append.records().iterator();
        var differs = new ArrayList<Long>(1);
        return read(append.entity(), append.expectedRevision() + 1, append.lastRevision(), tail, event -> {
                    var same = event.writer().equals(append.writer())
                            && event.record().equals(expected.next().bytes());
                    if (!same) differs.add(event.revision());
                })
                .thenApply(done -> differs.isEmpty());
    }

    /** The events with this hash of a key, newest first. */
    CompletableFuture<List<StoredEvent>> find(String entity, long keyHash, Tail tail) {
        return findFrom(entity, keyHash, tail, tail.bucket(), new ArrayList<>(1));
    }

    private CompletableFuture<List<StoredEvent>> findFrom(
            String entity, long keyHash, Tail tail, long bucket, List<StoredEvent> found) {
        if (bucket < 0) return CompletableFuture.completedFuture(found);
        var revisions = new ArrayList<Long>(1);
        return requests.send(cql.findKeys(entity, bucket, keyHash))
                .thenCompose(rows -> drain(rows, row -> revisions.add(row.getLong("revision"))))
                .thenCompose(drained -> {
                    revisions.removeIf(revision -> revision <= tail.deleted());
                    revisions.sort(Comparator.reverseOrder());
                    return fetch(entity, bucket, revisions, found);
                })
                .thenCompose(fetched -> findFrom(entity, keyHash, tail, bucket - 1, found));
    }

    private CompletableFuture<Void> fetch(String entity, long bucket, List<Long> revisions, List<StoredEvent> found) {
        var all = CompletableFuture.<Void>completedFuture(null);
        for (var revision : revisions) {
            var statement = cql.findEvents(entity, bucket, revision, revision, 1);
            all = all.thenCompose(done -> requests.send(statement))
                    .thenCompose(rows -> drain(rows, row -> found.add(event(entity, row))));
        }
        return all;
    }

    private CompletableFuture<Void> drain(AsyncResultSet rows, Consumer<Row> onRow) {
        for (var row : rows.currentPage()) onRow.accept(row);
        if (!rows.hasMorePages()) return CompletableFuture.completedFuture(null);
        return requests.nextPage(rows).thenComposeAsync(next -> drain(next, onRow), readers);
    }

    /** What the row holds. Throws {@link DamagedRecord} if that is not what was stored. */
    StoredEvent event(String entity, Row row) {
        var revision = row.getLong("number");
        var record = bytes(row.getByteBuffer("record"));
        if (RecordChecksum.of(RecordChecksum.entityBytes(entity), revision, record.toByteArray())
                != row.getLong("checksum"))
            throw new DamagedRecord(store, entity, revision, "is damaged: its checksum does not match");
        var writer = row.getString("writer");
        return new StoredEvent(entity, revision, writer == null ? "" : writer, record);
    }

    static ByteString bytes(@Nullable ByteBuffer column) {
        return column == null ? ByteString.EMPTY : ByteString.copyFrom(column);
    }

    private static int pageSize(Tail partition) {
        var events = Math.max(1, partition.head() - partition.first() + 1);
        var average = Math.max(1, partition.bytes() / events);
        return (int) Math.max(2, Math.min(PAGE_EVENTS_MAX, PAGE_BYTES / average));
    }

    /** Where a reader is. */
    private final class Reading {
        private final String entity;
        private final long to;
        private final Consumer<StoredEvent> onEvent;
        private long next;
        private boolean insists;

        Reading(String entity, long from, long to, Consumer<StoredEvent> onEvent) {
            this.entity = entity;
            this.next = from;
            this.to = to;
            this.onEvent = onEvent;
        }

        void accept(Row row) {
            if (row.getLong("number") != next) return;
            onEvent.accept(event(entity, row));
            next++;
        }
    }
}
