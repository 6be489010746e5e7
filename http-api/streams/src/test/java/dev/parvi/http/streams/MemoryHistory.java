package dev.parvi.http.streams;

import com.google.protobuf.Message;
import dev.parvi.entity.EntityType;
import dev.parvi.entity.NotServing;
import dev.parvi.protobuf.Tombstone;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A journal in memory, whose answers take their time, come early, and now and then fail. */
final class MemoryHistory implements EntityHistory {
    private final Map<String, List<PastEvent>> events = new ConcurrentHashMap<>();
    private final Random random = new Random(11);
    final AtomicInteger reads = new AtomicInteger();
    final AtomicInteger asks = new AtomicInteger();
    volatile boolean isFlaky;
    /** As if its owner ran an older release. */
    volatile boolean knowsNoHeads;

    void add(String id, Message event) {
        events.compute(id, (name, before) -> {
            var all = new ArrayList<>(before == null ? List.of() : before);
            all.add(new PastEvent(id, all.size() + 1, Instant.EPOCH, "Drive", event));
            return all;
        });
    }

    /** Nothing of it is left but that. */
    void delete(String id) {
        events.compute(id, (name, before) -> {
            var revision = before == null ? 1 : before.get(before.size() - 1).revision() + 1;
            return List.of(new PastEvent(id, revision, Instant.EPOCH, ".Delete", Tombstone.getDefaultInstance()));
        });
    }

    void drive(String id, int times) {
        for (var n = 0; n < times; n++)
            add(
                    id,
                    CarEvent.newBuilder()
                            .setDriven(Driven.newBuilder().setMeters(n))
                            .build());
    }

    @Override
    public CompletableFuture<List<PastEvent>> read(EntityType<?, ?> type, String id, long beyond, int max) {
        reads.incrementAndGet();
        return soon(() -> of(id).stream()
                .filter(event -> event.revision() > beyond)
                .limit(max)
                .toList());
    }

    @Override
    public CompletableFuture<Long> awaitHead(EntityType<?, ?> type, String id, long beyond, Duration atMost) {
        asks.incrementAndGet();
        if (knowsNoHeads) return soon(() -> beyond);
        var until = System.nanoTime() + Math.min(atMost.toNanos(), TimeUnit.MILLISECONDS.toNanos(200));
        return soon(() -> {
            while (head(id) <= beyond && System.nanoTime() < until) pause();
            return head(id);
        });
    }

    @Override
    public CompletableFuture<Changes> changes(EntityType<?, ?> type, String cursor, int max) {
        return soon(() -> {
            var from = cursor.isEmpty() ? 0 : Integer.parseInt(cursor);
            var all = of("feed");
            var to = Math.min(all.size(), from + Math.min(max, 3));
            return new Changes(all.subList(from, to), Integer.toString(to), to == all.size());
        });
    }

    @Override
    public CompletableFuture<String> changesEnd() {
        return CompletableFuture.completedFuture(Integer.toString(of("feed").size()));
    }

    /** Nothing here was caused by a command. */
    @Override
    public CompletableFuture<Optional<PastCommand>> outcome(EntityType<?, ?> type, String id, String key) {
        return CompletableFuture.completedFuture(Optional.empty());
    }

    @Override
    public CompletableFuture<Listed> entities(EntityType<?, ?> type, String prefix, String cursor, int max) {
        return soon(() -> new Listed(
                events.entrySet().stream()
                        .filter(entity -> entity.getKey().startsWith(prefix))
                        .map(entity -> new EntityHead(
                                entity.getKey(), entity.getValue().size()))
                        .toList(),
                ""));
    }

    private long head(String id) {
        var all = of(id);
        return all.isEmpty() ? 0 : all.get(all.size() - 1).revision();
    }

    private List<PastEvent> of(String id) {
        return events.getOrDefault(id, List.of());
    }

    private <T> CompletableFuture<T> soon(java.util.function.Supplier<T> answer) {
        Executor later = work -> new Thread(work).start();
        return CompletableFuture.supplyAsync(
                () -> {
                    if (isFlaky && random.nextInt(5) == 0) throw new NotServing("not now");
                    return answer.get();
                },
                later);
    }

    private static void pause() {
        try {
            Thread.sleep(1);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
