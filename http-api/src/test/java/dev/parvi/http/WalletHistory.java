package dev.parvi.http;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Int64Value;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.NullValue;
import com.google.protobuf.util.Timestamps;
import dev.parvi.entity.CommandPipeline;
import dev.parvi.entity.EntityType;
import dev.parvi.entity.NotServing;
import dev.parvi.entity.Rejection;
import dev.parvi.http.proto.Colour;
import dev.parvi.http.proto.Deposited;
import dev.parvi.http.proto.Everything;
import dev.parvi.http.proto.Item;
import dev.parvi.http.proto.Searched;
import dev.parvi.http.proto.WalletEvent;
import dev.parvi.http.streams.EntityHistory;
import dev.parvi.protobuf.EventRecord;
import dev.parvi.protobuf.OutcomeRecord;
import dev.parvi.protobuf.Tombstone;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/**
 * Every wallet has had five deposits; {@code broken} cannot be read, and nothing more ever happens. The first three events of
 * {@code varied} are of three kinds, one of which is private. Outcomes and the list are those of
 * the entities in memory, and so are the events of those whose name begins with {@link #REAL}.
 */
final class WalletHistory implements EntityHistory {
    static final long EVENTS = 5;
    static final String REAL = "real-";

    private final MemoryClient entities;

    WalletHistory(MemoryClient entities) {
        this.entities = entities;
    }

    @Override
    public CompletableFuture<List<PastEvent>> read(EntityType<?, ?> type, String id, long beyond, int max) {
        if (id.startsWith("broken")) return CompletableFuture.failedFuture(new NotServing("the store is away"));
        if (id.startsWith(REAL)) return CompletableFuture.completedFuture(real(id, beyond, max));
        return CompletableFuture.completedFuture(LongStream.rangeClosed(beyond + 1, EVENTS)
                .limit(max)
                .mapToObj(revision -> event(id, revision))
                .toList());
    }

    @Override
    public CompletableFuture<Long> awaitHead(EntityType<?, ?> type, String id, long beyond, Duration atMost) {
        if (id.startsWith(REAL)) return awaitReal(id, beyond, System.nanoTime() + atMost.toNanos());
        return beyond < EVENTS ? CompletableFuture.completedFuture(EVENTS) : new CompletableFuture<>();
    }

    private CompletableFuture<Long> awaitReal(String id, long beyond, long untilNanos) {
        var head = entities.head(id);
        if (head > beyond || System.nanoTime() - untilNanos >= 0) return CompletableFuture.completedFuture(head);
        return CompletableFuture.runAsync(() -> {}, CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS))
                .thenCompose(paused -> awaitReal(id, beyond, untilNanos));
    }

    private List<PastEvent> real(String id, long beyond, int max) {
        var past = new ArrayList<PastEvent>();
        for (var stored : entities.events(id, beyond, max))
            past.add(new PastEvent(id, beyond + past.size() + 1, Instant.EPOCH, stored.getMethod(), event(stored)));
        return past;
    }

    private static Message event(EventRecord stored) {
        try {
            return CommandPipeline.isTombstone(stored)
                    ? Tombstone.getDefaultInstance()
                    : WalletEvent.parseFrom(stored.getPayload());
        } catch (InvalidProtocolBufferException damaged) {
            throw new AssertionError(damaged);
        }
    }

    @Override
    public CompletableFuture<Changes> changes(EntityType<?, ?> type, String cursor, int max) {
        if (cursor.isEmpty())
            return CompletableFuture.completedFuture(new Changes(List.of(event("a", 1)), "behind", false));
        if (cursor.equals("behind") || cursor.equals("end"))
            return CompletableFuture.completedFuture(new Changes(List.of(), cursor, true));
        return CompletableFuture.failedFuture(
                Rejection.ofField(Rejection.Code.INVALID_ARGUMENT, "cursor", "is none of ours"));
    }

    @Override
    public CompletableFuture<String> changesEnd() {
        return CompletableFuture.completedFuture("end");
    }

    @Override
    public CompletableFuture<Optional<PastCommand>> outcome(EntityType<?, ?> type, String id, String key) {
        if (id.equals("frozen")) return new CompletableFuture<>();
        if (id.equals("mistaken")) return CompletableFuture.failedFuture(new IllegalStateException("on purpose"));
        if (id.startsWith("broken")) return CompletableFuture.failedFuture(new NotServing("the store is away"));
        return CompletableFuture.completedFuture(entities.outcome(id, key).map(known -> past(type, known)));
    }

    private static PastCommand past(EntityType<?, ?> type, OutcomeRecord known) {
        var method = Objects.requireNonNull(type.method(known.getMethod()));
        try {
            var reply = method.reply().getParserForType().parseFrom(known.getReply());
            return new PastCommand(
                    known.getRevision(),
                    Instant.ofEpochMilli(known.getTimeMillis()),
                    known.getMethod(),
                    // What a later release no longer reads.
                    known.getIdempotencyKey().equals("of an older release") ? null : reply);
        } catch (InvalidProtocolBufferException damaged) {
            throw new AssertionError(damaged);
        }
    }

    /** In the order of the ids; the cursor is the last one, in angle brackets. */
    @Override
    public CompletableFuture<Listed> entities(EntityType<?, ?> type, String prefix, String cursor, int max) {
        if (!cursor.isEmpty() && !cursor.matches("<.*>"))
            return CompletableFuture.failedFuture(
                    Rejection.ofField(Rejection.Code.INVALID_ARGUMENT, "cursor", "is none of ours"));
        var behind = cursor.isEmpty() ? "" : cursor.substring(1, cursor.length() - 1);
        var found = entities.heads().entrySet().stream()
                .filter(entity -> entity.getKey().startsWith(prefix))
                .filter(entity -> entity.getKey().compareTo(behind) > 0)
                .limit(max)
                .map(entity -> new EntityHead(entity.getKey(), entity.getValue()))
                .toList();
        return CompletableFuture.completedFuture(new Listed(
                found, found.size() < max ? "" : "<" + found.get(max - 1).id() + ">"));
    }

    private static PastEvent event(String id, long revision) {
        if (id.equals("varied") && revision == 1) return past(id, revision, "Keep", kept());
        if (id.equals("varied") && revision == 2) return past(id, revision, "Refuse", searched());
        return past(id, revision, "Deposit", deposited(revision));
    }

    private static PastEvent past(String id, long revision, String method, WalletEvent.Builder event) {
        return new PastEvent(id, revision, Instant.EPOCH, method, event.build());
    }

    private static WalletEvent.Builder deposited(long amount) {
        return WalletEvent.newBuilder()
                .setDeposited(Deposited.newBuilder().setAmount(amount).setCard("4929"));
    }

    private static WalletEvent.Builder searched() {
        return WalletEvent.newBuilder().setSearched(Searched.newBuilder().setBy("police"));
    }

    private static WalletEvent.Builder kept() {
        // Longer than a request's may be, and with a field of each kind.
        return WalletEvent.newBuilder()
                .setKept(Everything.newBuilder()
                        .setRenamed("x".repeat(60))
                        .setAnInt64(Long.MIN_VALUE)
                        .setADouble(Double.NaN)
                        .setSomeBytes(ByteString.copyFromUtf8("bytes"))
                        .setColour(Colour.BLUE)
                        .setNested(Everything.newBuilder().addNumbers(1))
                        .putByName("a", Item.newBuilder().setName("b").build())
                        .setNeither(NullValue.NULL_VALUE)
                        .setAt(Timestamps.EPOCH)
                        .setPacked(Any.pack(deposited(9).getDeposited()))
                        .setWrappedNumber(Int64Value.of(1)));
    }
}
