package dev.parvi.runtime;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.parvi.entity.CommandPipeline;
import dev.parvi.entity.EntityType;
import dev.parvi.entity.NotServing;
import dev.parvi.entity.Rejection;
import dev.parvi.http.streams.EntityHistory;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.EventStore.EntityExtent;
import dev.parvi.persistence.EventStore.LostCursor;
import dev.parvi.persistence.EventStore.Slices;
import dev.parvi.persistence.EventStore.SnapshotRange;
import dev.parvi.persistence.EventStore.StoredEvent;
import dev.parvi.protobuf.EventRecord;
import dev.parvi.protobuf.JournalRecord;
import dev.parvi.protobuf.OutcomeRecord;
import dev.parvi.protobuf.Tombstone;
import dev.parvi.sharding.ShardedEntities;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the store holds, and what the entities say of it first. */
final class NodeHistory implements EntityHistory {
    private static final Logger LOG = LoggerFactory.getLogger(NodeHistory.class);

    /** A ring's pages hold the entities of all types: most of them may be others. */
    private static final int EMPTY_PAGES_MAX = 20;

    private final EventStore store;
    private final ShardedEntities entities;
    private final CommandPipeline.Archive outcomes;

    NodeHistory(EventStore store, ShardedEntities entities, CommandPipeline.Archive outcomes) {
        this.store = store;
        this.entities = entities;
        this.outcomes = outcomes;
    }

    @Override
    public CompletableFuture<List<PastEvent>> read(EntityType<?, ?> type, String id, long beyond, int max) {
        var events = new ArrayList<PastEvent>();
        return served(
                store.replay(prefix(type) + id, beyond + 1, Long.MAX_VALUE, max, event -> events.add(past(type, event)))
                        .thenApply(done -> events));
    }

    @Override
    public CompletableFuture<Long> awaitHead(EntityType<?, ?> type, String id, long beyond, Duration atMost) {
        return entities.awaitHead(type, id, beyond, atMost);
    }

    @Override
    public CompletableFuture<Changes> changes(EntityType<?, ?> type, String cursor, int max) {
        return served(store.feed(Slices.ALL, prefix(type), cursor, max).thenApply(page -> {
            var events = page.events().stream().map(event -> past(type, event)).toList();
            return new Changes(events, page.next(), page.isLast());
        }));
    }

    @Override
    public CompletableFuture<String> changesEnd() {
        return served(store.feedEnd());
    }

    @Override
    public CompletableFuture<Optional<PastCommand>> outcome(EntityType<?, ?> type, String id, String key) {
        return served(outcomes.find(prefix(type) + id, key).thenApply(found -> found.map(known -> past(type, known))));
    }

    @Override
    public CompletableFuture<Listed> entities(EntityType<?, ?> type, String prefix, String cursor, int max) {
        return served(list(prefix(type), prefix(type) + prefix, cursor, max, EMPTY_PAGES_MAX));
    }

    /** A page on which nobody is left is passed over, but not without end: whoever asks may have gone. */
    private CompletableFuture<Listed> list(String type, String prefix, String cursor, int max, int emptyMax) {
        return store.entities(prefix, cursor, max)
                .thenCompose(page -> present(page.entities()).thenCompose(there -> {
                    if (there.isEmpty() && !page.next().isEmpty() && emptyMax > 0)
                        return list(type, prefix, page.next(), max, emptyMax - 1);
                    var heads = there.stream()
                            .map(extent -> new EntityHead(extent.entity().substring(type.length()), extent.head()))
                            .toList();
                    return CompletableFuture.completedFuture(new Listed(heads, page.next()));
                }));
    }

    /**
     * Those of whom something is left. An entity without events is there if it has a snapshot: it was taken over so. One whose only
     * event is a tombstone is not: of those that have one event left after a removal, it is read.
     */
    private CompletableFuture<List<EntityExtent>> present(List<EntityExtent> extents) {
        var isThere = extents.stream().map(this::isPresent).toList();
        return CompletableFuture.allOf(isThere.toArray(CompletableFuture[]::new))
                .thenApply(done -> IntStream.range(0, extents.size())
                        .filter(n -> isThere.get(n).join())
                        .mapToObj(extents::get)
                        .toList());
    }

    private CompletableFuture<Boolean> isPresent(EntityExtent extent) {
        if (extent.deleted() == extent.head())
            return store.load(extent.entity(), SnapshotRange.ALL).thenApply(Optional::isPresent);
        if (extent.deleted() == 0 || extent.deleted() + 1 < extent.head())
            return CompletableFuture.completedFuture(true);
        var last = new ArrayList<StoredEvent>(1);
        return store.replay(extent.entity(), extent.head(), extent.head(), 1, last::add)
                .thenApply(done -> last.stream().map(NodeHistory::record).noneMatch(CommandPipeline::isTombstone));
    }

    private static PastCommand past(EntityType<?, ?> type, OutcomeRecord known) {
        var method = type.method(known.getMethod());
        var reply = method == null ? null : parsed(method.reply(), known.getReply());
        return new PastCommand(
                known.getRevision(), Instant.ofEpochMilli(known.getTimeMillis()), known.getMethod(), reply);
    }

    private static String prefix(EntityType<?, ?> type) {
        return type.name() + "/";
    }

    private static PastEvent past(EntityType<?, ?> type, StoredEvent stored) {
        var record = record(stored);
        return new PastEvent(
                stored.entity().substring(prefix(type).length()),
                stored.revision(),
                Instant.ofEpochMilli(record.getTimeMillis()),
                record.getMethod(),
                message(type, record));
    }

    private static EventRecord record(StoredEvent stored) {
        try {
            return JournalRecord.parseFrom(stored.record()).getEvent();
        } catch (InvalidProtocolBufferException foreign) {
            return EventRecord.getDefaultInstance();
        }
    }

    private static @Nullable Message message(EntityType<?, ?> type, EventRecord record) {
        if (CommandPipeline.isTombstone(record)) return Tombstone.getDefaultInstance();
        var prototype = type.event();
        if (!record.getType().equals(prototype.getDescriptorForType().getFullName())) return null;
        return parsed(prototype, record.getPayload());
    }

    private static @Nullable Message parsed(Message prototype, ByteString bytes) {
        try {
            return prototype.getParserForType().parseFrom(bytes);
        } catch (InvalidProtocolBufferException newer) {
            return null;
        }
    }

    /** What the store says becomes what the port says. */
    private static <T> CompletableFuture<T> served(CompletableFuture<T> answer) {
        return answer.exceptionallyCompose(failure -> CompletableFuture.failedFuture(toPort(failure)));
    }

    private static RuntimeException toPort(Throwable failure) {
        var cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        // What the store says of it names its file or its server, which is nothing for clients.
        if (cause instanceof NotServing) {
            LOG.warn("the store was not read: {}", cause.toString());
            return new NotServing("the store was not read", cause);
        }
        if (cause instanceof LostCursor)
            return Rejection.ofField(
                    Rejection.Code.INVALID_ARGUMENT,
                    "cursor",
                    "the store cannot go on from here: begin again without a cursor");
        return cause instanceof RuntimeException known ? known : new IllegalStateException(cause);
    }
}
