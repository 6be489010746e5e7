package dev.parvi.persistence.cassandra;

import dev.parvi.entity.OutcomeUnknown;
import dev.parvi.persistence.EventStore.Slices;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that the change feed finds what is appended: an entity is announced in the epoch before it is appended to, and an append is not
 * answered before it is certain that nobody has read that epoch's announcements without finding it.
 */
final class Announcements {
    /** Bounds a partition of announcements where nobody reads the feed and moves the epoch. */
    private static final long MARKS_MAX = 100_000;

    private static final long PAUSE_MILLIS = 100;

    private final Requests requests;
    private final FeedCql cql;
    private final Epochs epochs;
    private final CassandraSettings settings;
    private final AtomicLong marks = new AtomicLong();
    private final Queue<Settling> unsettled = new ConcurrentLinkedQueue<>();

    Announcements(Requests requests, FeedCql cql, Epochs epochs, CassandraSettings settings) {
        this.requests = requests;
        this.cql = cql;
        this.epochs = epochs;
        this.settings = settings;
        epochs.listen(this::settle);
    }

    /** Announces that the entity is appended to behind this tail. The append is to be stored under the epoch that this answers with. */
    CompletableFuture<Long> announce(String entity, Tail tail) {
        return epochs.recent().thenCompose(seen -> {
            // What others have stored under a later epoch is announced there already, and epochs of a history only
            // grow.
            if (tail.epoch() >= seen.current()) return CompletableFuture.completedFuture(tail.epoch());
            return mark(seen, entity, tail.untold(), tail.untoldBucket());
        });
    }

    /**
     * Completes when the feed is certain to tell what was stored from this revision on.
     *
     * @param epoch in which it was announced, 0 if that is not known
     */
    CompletableFuture<Void> confirm(String entity, long revision, long bucket, long epoch) {
        return confirm(new Stored(entity, revision, bucket), epoch, System.nanoTime());
    }

    private CompletableFuture<Void> confirm(Stored stored, long epoch, long since) {
        return epochs.recent()
                .thenCompose(seen -> seen.finds(epoch)
                        ? CompletableFuture.completedFuture(0L)
                        : mark(seen, stored.entity, stored.revision, stored.bucket))
                .handle((next, failure) -> {
                    if (failure == null && next == 0) {
                        unsettled.add(new Settling(stored, epoch, epochs.nanoTime()));
                        return CompletableFuture.<Void>completedFuture(null);
                    }
                    if (System.nanoTime() - since > settings.resolveTimeout().toNanos())
                        return CompletableFuture.<Void>failedFuture(unconfirmed(stored, failure));
                    if (failure == null) return confirm(stored, next, since);
                    return Requests.after(PAUSE_MILLIS).thenCompose(paused -> confirm(stored, epoch, since));
                })
                .thenCompose(next -> next);
    }

    /**
     * Looks again, with a read that began after the append was stored: both clocks may have stood still with the process, and what was
     * taken for recent was not. Then the entity is announced once more; who waits for nothing more has long been answered.
     */
    private void settle(Epochs.Seen seen) {
        for (var next = unsettled.peek();
                next != null && next.storedNanos < seen.begunNanos();
                next = unsettled.peek()) {
            unsettled.remove(next);
            if (seen.finds(next.epoch)) continue;
            var unused = confirm(next.stored, next.epoch, System.nanoTime());
        }
    }

    private CompletableFuture<Long> mark(Epochs.Seen seen, String entity, long revision, long bucket) {
        if (marks.incrementAndGet() % MARKS_MAX == 0) epochs.move(seen, settings.feedEpochsKept());
        return requests.send(cql.mark(seen.current(), Slices.of(entity), entity, revision, bucket))
                .thenApply(marked -> seen.current());
    }

    private static OutcomeUnknown unconfirmed(Stored stored, @Nullable Throwable failure) {
        var message = stored.entity + " is stored from revision " + stored.revision
                + " on, but Cassandra does not say whether the change feed will tell it";
        return failure == null ? new OutcomeUnknown(message) : new OutcomeUnknown(message, Requests.unwrap(failure));
    }

    private record Stored(String entity, long revision, long bucket) {}

    /** What was answered, and by which time it was stored. */
    private record Settling(Stored stored, long epoch, long storedNanos) {}
}
