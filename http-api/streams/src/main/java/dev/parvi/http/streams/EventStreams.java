package dev.parvi.http.streams;

import com.google.protobuf.Message;
import dev.parvi.entity.EntityType;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * What entities have done, as pages, and as streams that go on: {@code text/event-stream} as the HTML standard defines it. A stream
 * shows every event behind a revision once, in order and without a gap, whoever owns the entity meanwhile: it is read from the journal.
 */
public final class EventStreams {
    private static final Duration RETRY = Duration.ofSeconds(1);
    /** Of a node that leaves: others serve already. */
    private static final Duration RETRY_ELSEWHERE = Duration.ofMillis(200);

    private static final int FEED_PAGE = 200;
    /** The cursor of those who do not care for the past. */
    private static final String NOW = "now";

    private final EntityHistory history;
    private final StreamSettings settings;
    private final EventText text;
    private final Executor executor;
    private final Map<String, Follower> followers = new HashMap<>();
    private final AtomicInteger open = new AtomicInteger();
    private volatile boolean isOver;

    /**
     * @param json writes the public part of an event in its canonical form, on one line
     * @param quoted writes a string as JSON, quotes included
     * @param executor of what goes on between the requests
     */
    public EventStreams(
            EntityHistory history,
            StreamSettings settings,
            Function<Message, byte[]> json,
            Function<String, byte[]> quoted,
            Executor executor) {
        this.executor = executor;
        this.history = history;
        this.settings = settings;
        this.text = new EventText(json, quoted);
    }

    /** Events, as JSON, with what to ask for next. Fails as {@link EntityHistory} says. */
    public CompletableFuture<byte[]> page(HistoryQuery query) {
        var max = Math.min(query.limit(), settings.pageMax());
        if (query.isFeed())
            return changes(query.type(), query.cursor(), max)
                    .thenApply(changes -> text.page(changes.events(), changes.next(), true));
        return history.read(query.type(), query.id(), query.after(), max).thenApply(events -> {
            var last = events.isEmpty()
                    ? query.after()
                    : events.get(events.size() - 1).revision();
            return text.page(events, Long.toString(last), false);
        });
    }

    /** Completes if a stream can begin; fails as a page would. */
    public CompletableFuture<Void> check(HistoryQuery query) {
        if (!query.isFeed()) return CompletableFuture.completedFuture(null);
        return changes(query.type(), query.cursor(), 1).thenAccept(changes -> {});
    }

    private CompletableFuture<EntityHistory.Changes> changes(EntityType<?, ?> type, String cursor, int max) {
        if (!cursor.equals(NOW)) return history.changes(type, cursor, max);
        return history.changesEnd().thenCompose(end -> history.changes(type, end, max));
    }

    /** Whether there is room for another stream. */
    public boolean hasRoom() {
        return !isOver && open.get() < settings.streamsMax();
    }

    /** How many streams there are. */
    int open() {
        return open.get();
    }

    /** What a page would show, and what is to come. */
    public Source<ByteString, NotUsed> follow(HistoryQuery query) {
        return query.isFeed()
                ? follow(query.type(), query.cursor())
                : follow(query.type(), query.id(), query.after(), ByteString.emptyByteString());
    }

    /**
     * What an entity was at a revision, the events behind that, and those to come.
     *
     * @param reply what its default query answered at this revision, as JSON on one line
     */
    public Source<ByteString, NotUsed> follow(HistoryQuery query, long revision, byte[] reply) {
        return follow(query.type(), query.id(), revision, EventText.snapshot(revision, reply));
    }

    /** The events of an entity behind a revision, and those to come. */
    private Source<ByteString, NotUsed> follow(EntityType<?, ?> type, String id, long after, ByteString snapshot) {
        // Taken out when it is sent: a stream lives long, and what it was made of lives as long.
        var first = new AtomicReference<>(snapshot);
        return stream(() -> {
            var follower = enter(type, id);
            var frames = Source.unfoldAsync(after, last -> {
                var unsent = first.getAndSet(ByteString.emptyByteString());
                return unsent.isEmpty()
                        ? follower.next(last).thenApply(EventStreams::chunk)
                        : CompletableFuture.completedFuture(Optional.of(Pair.create(last, unsent)));
            });
            return new Opened(frames, () -> leave(type, id, follower));
        });
    }

    /** The events of all entities of a type behind a cursor, and those to come. */
    private Source<ByteString, NotUsed> follow(EntityType<?, ?> type, String cursor) {
        return stream(() -> new Opened(Source.unfoldAsync(cursor, last -> nextChanges(type, last)), () -> {}));
    }

    /** Ends all streams, and tells their clients to come back soon: to another node. */
    public void end() {
        isOver = true;
        synchronized (followers) {
            followers.values().forEach(Follower::end);
        }
    }

    private Source<ByteString, NotUsed> stream(Opening opening) {
        var body = Source.lazySource(() -> {
            open.incrementAndGet();
            var opened = opening.open();
            return opened.frames.watchTermination((nothing, done) -> {
                done.whenCompleteAsync(
                        (end, failure) -> {
                            open.decrementAndGet();
                            opened.onEnd.run();
                        },
                        Runnable::run);
                return nothing;
            });
        });
        return Source.single(EventText.retry(RETRY.toMillis()))
                .concatLazy(body)
                .concatLazy(Source.single(EventText.retry(RETRY_ELSEWHERE.toMillis())))
                .keepAlive(settings.heartbeat(), EventText::heartbeat);
    }

    private static Optional<Pair<Long, ByteString>> chunk(List<Follower.Frame> frames) {
        if (frames.isEmpty()) return Optional.empty();
        var bytes = ByteString.emptyByteString();
        for (var frame : frames) bytes = bytes.concat(frame.bytes());
        return Optional.of(Pair.create(frames.get(frames.size() - 1).revision(), bytes));
    }

    /** The next page that shows something; a page that is empty is not shown, but the feed goes on behind it. */
    private CompletionStage<Optional<Pair<String, ByteString>>> nextChanges(EntityType<?, ?> type, String cursor) {
        if (isOver) return CompletableFuture.completedFuture(Optional.empty());
        return changes(type, cursor, FEED_PAGE).thenCompose(changes -> {
            if (!changes.events().isEmpty())
                return CompletableFuture.completedFuture(
                        Optional.of(Pair.create(changes.next(), text.frames(changes.events(), changes.next()))));
            var pause = changes.isLast() ? settings.poll() : Duration.ZERO;
            return CompletableFuture.runAsync(
                            () -> {},
                            CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS, executor))
                    .thenCompose(paused -> nextChanges(type, changes.next()));
        });
    }

    private Follower enter(EntityType<?, ?> type, String id) {
        synchronized (followers) {
            var follower =
                    followers.computeIfAbsent(name(type, id), name -> new Follower(history, text, type, id, executor));
            follower.enter();
            if (isOver) follower.end();
            return follower;
        }
    }

    private void leave(EntityType<?, ?> type, String id, Follower follower) {
        synchronized (followers) {
            if (follower.leave()) followers.remove(name(type, id));
        }
    }

    private static String name(EntityType<?, ?> type, String id) {
        return type.name() + "/" + id;
    }

    private interface Opening {
        Opened open();
    }

    /** The frames of one stream, and what to do when it ends. */
    private record Opened(Source<ByteString, NotUsed> frames, Runnable onEnd) {}
}
