package dev.parvi.bench;

import com.google.protobuf.ByteString;
import com.typesafe.config.Config;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.EventStore.Append;
import dev.parvi.persistence.EventStore.Record;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Parvi's store by itself: an append of one event with an idempotency key. */
final class StoreWay implements Way {
    private static final ByteString RECORD = ByteString.copyFrom(new byte[150]);

    private final EventStore store;
    private final String writer = UUID.randomUUID().toString();

    StoreWay(Config config) {
        this.store = EventStore.open(config);
    }

    @Override
    public CompletableFuture<?> write(String entity, long revision) {
        var record = new Record(RECORD, writer + revision);
        return store.append(new Append(entity, revision - 1, writer, List.of(record)))
                .thenAccept(result -> result.<Long>fold(appended -> appended.revision(), fenced -> {
                    throw new IllegalStateException("fenced at " + fenced.headRevision());
                }));
    }

    @Override
    public void close() {
        store.close();
    }
}
