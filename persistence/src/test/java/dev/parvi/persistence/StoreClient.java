package dev.parvi.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.parvi.persistence.EventStore.Append;
import dev.parvi.persistence.EventStore.AppendResult;
import dev.parvi.persistence.EventStore.Appended;
import dev.parvi.persistence.EventStore.Record;
import dev.parvi.persistence.EventStore.Snapshot;
import dev.parvi.persistence.EventStore.SnapshotRange;
import dev.parvi.persistence.EventStore.StoredEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A store as tests want it: blocking, with strings for records. */
public record StoreClient(EventStore store) {
    public static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");
    private static final long PATIENCE_SECONDS = 30;

    public AppendResult append(String entity, long expectedRevision, String writer, String... records) {
        return get(store.append(appendOf(entity, expectedRevision, writer, records)));
    }

    /** One event for each key, in order; its bytes are the key's with an exclamation mark. */
    public void appendKeyed(String entity, long expectedRevision, String... keys) {
        var records = Stream.of(keys)
                .map(key -> new Record(ByteString.copyFromUtf8(key + "!"), key))
                .toList();
        assertThat(get(store.append(new Append(entity, expectedRevision, "w", records))))
                .isEqualTo(new Appended(expectedRevision + keys.length));
    }

    public List<Long> find(String entity, String key) {
        return get(store.find(entity, key)).stream().map(StoredEvent::revision).toList();
    }

    public static Append appendOf(String entity, long expectedRevision, String writer, String... records) {
        return new Append(
                entity,
                expectedRevision,
                writer,
                Stream.of(records)
                        .map(record -> new Record(ByteString.copyFromUtf8(record), ""))
                        .toList());
    }

    public long head(String entity) {
        return get(store.head(entity));
    }

    public List<StoredEvent> replay(String entity, long from, long to, long max) {
        var events = new ArrayList<StoredEvent>();
        get(store.replay(entity, from, to, max, events::add));
        return events;
    }

    public List<StoredEvent> replay(String entity) {
        return replay(entity, 1, Long.MAX_VALUE, Long.MAX_VALUE);
    }

    public List<String> records(String entity) {
        return replay(entity).stream()
                .map(event -> event.record().toStringUtf8())
                .toList();
    }

    public void save(String entity, long revision, String record) {
        get(store.save(snapshotOf(entity, revision, "", record), 10));
    }

    public static Snapshot snapshotOf(String entity, long revision, String writer, String record) {
        return new Snapshot(entity, revision, writer, TIME.plusSeconds(revision), ByteString.copyFromUtf8(record));
    }

    public Optional<String> load(String entity) {
        return load(entity, SnapshotRange.ALL);
    }

    public Optional<String> load(String entity, SnapshotRange range) {
        return get(store.load(entity, range)).map(snapshot -> snapshot.record().toStringUtf8());
    }

    public static <T> T get(CompletableFuture<T> future) {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw new CompletionException(failed.getCause());
        } catch (TimeoutException | InterruptedException stuck) {
            throw new AssertionError("the store did not answer", stuck);
        }
    }

    public static Throwable failureOf(CompletableFuture<?> future) {
        assertThat(future).failsWithin(java.time.Duration.ofSeconds(PATIENCE_SECONDS));
        return ScalaFutures.unwrap(future.handle((value, failure) -> failure).join());
    }
}
