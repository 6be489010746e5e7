package dev.parvi.persistence.cassandra;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import dev.parvi.persistence.DamagedRecord;
import dev.parvi.persistence.EventStore.FeedPage;
import dev.parvi.persistence.EventStore.StoredEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Reads what the feed tells of one entity. What is damaged is told as such, and the feed goes on behind it. */
final class Telling {
    private static final int ROWS_MIN = 10;
    private static final int ROWS_MAX = 200;
    /** So many rows of an answer are too many if they weigh more than this. */
    private static final long ROWS_BYTES = 256 << 10;

    private final String store;
    private final Requests requests;
    private final FeedCql cql;
    private final Partitions partitions;
    private final Histories histories;
    private final Executor readers;

    /**
     * @param store how the store is called in a {@link DamagedRecord}
     * @param readers where rows become events
     */
    Telling(
            String store,
            Requests requests,
            FeedCql cql,
            Partitions partitions,
            Histories histories,
            Executor readers) {
        this.store = store;
        this.requests = requests;
        this.cql = cql;
        this.partitions = partitions;
        this.histories = histories;
        this.readers = readers;
    }

    /** At most so many events, and no more once they weigh more than a page may. */
    CompletableFuture<Told> tell(Part part, int max) {
        var reading = new Reading(part, max);
        return read(reading).thenApply(done -> reading.told());
    }

    private CompletableFuture<Void> read(Reading reading) {
        if (reading.isOver || reading.isFull()) return CompletableFuture.completedFuture(null);
        var max = Math.min(reading.wanted, reading.max - reading.events.size() + 1);
        return requests.send(cql.findTold(reading.part.entity, reading.bucket, reading.next, max))
                .thenComposeAsync(rows -> reading.acceptAll(rows, max) ? read(reading) : goOn(reading), readers);
    }

    /** The partition has no more events, as far as its rows say. */
    private CompletableFuture<Void> goOn(Reading reading) {
        return partitions.at(reading.part.entity, reading.bucket).thenCompose(partition -> {
            if (!reading.isBehind(partition)) return CompletableFuture.completedFuture(null);
            return read(reading);
        });
    }

    /**
     * What is to be told of an entity.
     *
     * @param bucket the partition to begin with
     * @param from the first revision
     * @param lastEpoch events that were announced later are left to their own epochs
     */
    record Part(String entity, long bucket, long from, long lastEpoch) {}

    /**
     * What was read.
     *
     * @param bucket the partition in which it ends
     * @param next the revision to go on with
     * @param isWhole nothing of the part is left
     */
    record Told(List<StoredEvent> events, List<DamagedRecord> damaged, long bucket, long next, boolean isWhole) {}

    private final class Reading {
        private final Part part;
        private final int max;
        private final List<StoredEvent> events = new ArrayList<>();
        private final List<DamagedRecord> damaged = new ArrayList<>();
        private int wanted = ROWS_MIN;
        private long bytes;
        private long bucket;
        private long next;
        private boolean isOver;
        private boolean looksAgain;

        Reading(Part part, int max) {
            this.part = part;
            this.max = max;
            this.bucket = part.bucket;
            this.next = part.from;
        }

        boolean isFull() {
            return events.size() + damaged.size() >= max || bytes > FeedPage.BYTES_MAX;
        }

        Told told() {
            return new Told(events, damaged, bucket, next, isOver);
        }

        /** Whether the rows tell how to go on; else the partition itself must be looked at. */
        boolean acceptAll(AsyncResultSet rows, int limit) {
            var count = 0;
            var before = bytes;
            for (var row : rows.currentPage()) {
                if (isFull()) return true;
                if (row.getLong("epoch") > part.lastEpoch) {
                    isOver = true;
                    return true;
                }
                accept(row);
                count++;
                looksAgain = false;
                // All of one answer was true at one moment: nothing came after the head, and the partition was open.
                if (row.getLong("head") == row.getLong("number") && !row.getBoolean("sealed")) {
                    isOver = true;
                    return true;
                }
            }
            wanted = bytes - before > ROWS_BYTES ? Math.max(2, wanted / 2) : Math.min(ROWS_MAX, wanted * 2);
            return count == limit;
        }

        private void accept(Row row) {
            var revision = row.getLong("number");
            if (revision > next && revision - 1 > row.getLong("deleted")) damaged.add(missing());
            next = revision + 1;
            try {
                var event = histories.event(part.entity, row);
                events.add(event);
                bytes += event.record().size();
            } catch (DamagedRecord found) {
                damaged.add(found);
            }
        }

        /** Whether more can follow. Events that came between the rows and this look are read first. */
        boolean isBehind(Tail partition) {
            if (partition.head() >= next && !looksAgain) {
                looksAgain = true;
                return true;
            }
            if (partition.head() >= next) {
                if (partition.head() > partition.deleted()) damaged.add(missing());
                next = partition.head() + 1;
            }
            isOver = !partition.isSealed();
            looksAgain = false;
            bucket++;
            return !isOver;
        }

        private DamagedRecord missing() {
            return new DamagedRecord(store, part.entity, next, "is missing");
        }
    }
}
