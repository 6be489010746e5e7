package dev.parvi.http.streams;

import dev.parvi.entity.EntityType;
import dev.parvi.http.streams.EntityHistory.PastEvent;
import dev.parvi.protobuf.Tombstone;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.util.ByteString;

/**
 * Follows one entity for all streams of this node that show it: asks its owner once for the next event, reads that from the journal, and
 * keeps the latest for those who come for them. Streams pull, so one that is slow holds nothing here: it reads what it missed itself.
 */
final class Follower {
    private static final int KEPT_MAX = 512;
    private static final long KEPT_BYTES_MAX = 1 << 20;
    private static final int READ_MAX = 256;
    /** An owner that was killed answers nobody: so long is not noticed that another has taken its place. */
    private static final Duration ASK = Duration.ofSeconds(2);

    /** After so many asks without news the journal is read all the same: a node of an older release answers none. */
    private static final int ASKS_MAX = 5;

    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final long UNKNOWN = -1;

    private final EntityHistory history;
    private final EventText text;
    private final EntityType<?, ?> type;
    private final String id;
    private final Executor executor;
    private final ArrayDeque<Frame> latest = new ArrayDeque<>();
    private final List<CompletableFuture<Void>> waiting = new ArrayList<>();
    private long latestBytes;
    private long head = UNKNOWN;
    private int streams;
    private int asksInVain;
    private boolean isFollowing;
    private boolean isOver;

    /**
     * @param executor of the work that nobody waits for
     */
    Follower(EntityHistory history, EventText text, EntityType<?, ?> type, String id, Executor executor) {
        this.executor = executor;
        this.history = history;
        this.text = text;
        this.type = type;
        this.id = id;
    }

    synchronized void enter() {
        streams++;
    }

    /** True if nobody is left. */
    synchronized boolean leave() {
        return --streams == 0;
    }

    /** No stream gets anything more: those that wait end now, others when they come. */
    void end() {
        synchronized (this) {
            isOver = true;
        }
        wake();
    }

    /** What comes behind this revision, as soon as there is something; nothing if it is over. */
    CompletableFuture<List<Frame>> next(long after) {
        synchronized (this) {
            if (isOver) return CompletableFuture.completedFuture(List.of());
            if (head == UNKNOWN || after >= head) return await(after);
            var first = latest.peekFirst();
            if (first != null && after + 1 >= first.revision) return CompletableFuture.completedFuture(behind(after));
        }
        return history.read(type, id, after, READ_MAX).thenCompose(events -> {
            if (!events.isEmpty()) return CompletableFuture.completedFuture(frames(events));
            // Deleted, all of it: what comes next is behind the head.
            synchronized (this) {
                return await(Math.max(after, head));
            }
        });
    }

    private CompletableFuture<List<Frame>> await(long after) {
        var signal = new CompletableFuture<Void>();
        waiting.add(signal);
        if (!isFollowing) {
            isFollowing = true;
            ask();
        }
        return signal.thenCompose(woken -> next(after));
    }

    private List<Frame> behind(long after) {
        var frames = new ArrayList<Frame>();
        for (var frame : latest) if (frame.revision > after) frames.add(frame);
        return frames;
    }

    private List<Frame> frames(List<PastEvent> events) {
        return events.stream()
                .map(event -> new Frame(event.revision(), text.frame(event), event.event() instanceof Tombstone))
                .toList();
    }

    private void ask() {
        long known;
        synchronized (this) {
            if (isOver || streams == 0) {
                isFollowing = false;
                return;
            }
            known = head;
        }
        history.awaitHead(type, id, known, ASK)
                .thenCompose(revision -> isWorthReading(known, revision) ? catchUp(known, revision) : pause())
                .exceptionallyCompose(failure -> pause())
                .whenCompleteAsync((done, failure) -> ask(), executor);
    }

    private synchronized boolean isWorthReading(long known, long revision) {
        asksInVain = revision > known ? 0 : (asksInVain + 1) % ASKS_MAX;
        return asksInVain == 0;
    }

    private CompletableFuture<Void> catchUp(long known, long revision) {
        if (known == UNKNOWN) {
            moveTo(Math.max(0, revision));
            return CompletableFuture.completedFuture(null);
        }
        return history.read(type, id, known, READ_MAX).thenAccept(events -> {
            if (!events.isEmpty()) keep(frames(events));
            else if (revision > known) moveTo(revision);
        });
    }

    private void moveTo(long revision) {
        synchronized (this) {
            head = Math.max(head, revision);
            latest.clear();
            latestBytes = 0;
        }
        wake();
    }

    private void keep(List<Frame> frames) {
        synchronized (this) {
            for (var frame : frames) {
                var last = latest.peekLast();
                // Events between were deleted: what is kept has no gap. Before a tombstone all are.
                if (frame.isTombstone || last != null && frame.revision != last.revision + 1) {
                    latest.clear();
                    latestBytes = 0;
                }
                latest.addLast(frame);
                latestBytes += frame.bytes.size();
                head = frame.revision;
            }
            while (latest.size() > KEPT_MAX || latestBytes > KEPT_BYTES_MAX && latest.size() > 1)
                latestBytes -= latest.removeFirst().bytes.size();
        }
        wake();
    }

    private void wake() {
        List<CompletableFuture<Void>> woken;
        synchronized (this) {
            woken = List.copyOf(waiting);
            waiting.clear();
        }
        woken.forEach(signal -> signal.complete(null));
    }

    private CompletableFuture<Void> pause() {
        return CompletableFuture.runAsync(
                () -> {}, CompletableFuture.delayedExecutor(PAUSE.toMillis(), TimeUnit.MILLISECONDS, executor));
    }

    /** One event as streams send it. */
    record Frame(long revision, ByteString bytes, boolean isTombstone) {}
}
