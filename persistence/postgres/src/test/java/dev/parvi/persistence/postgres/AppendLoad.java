package dev.parvi.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.parvi.entity.NotServing;
import dev.parvi.entity.OutcomeUnknown;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.EventStore.Append;
import dev.parvi.persistence.EventStore.Record;
import dev.parvi.persistence.StoreClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** Callers that append, each to an entity of its own, and remember what they were told; whatever happens, they go on. */
final class AppendLoad {
    private final EventStore store;
    private final List<Thread> threads = new ArrayList<>();
    /** Text of an event, and the entity and revision that it was acknowledged at. */
    private final Map<String, String> acknowledged = new ConcurrentHashMap<>();

    private final Set<String> refused = ConcurrentHashMap.newKeySet();
    private final Set<String> unknown = ConcurrentHashMap.newKeySet();
    private final List<String> surprises = Collections.synchronizedList(new ArrayList<>());
    private final AtomicLong slowestNanos = new AtomicLong();
    private volatile boolean ending;

    AppendLoad(EventStore store, int callers) {
        this.store = store;
        for (var n = 0; n < callers; n++) {
            var entity = "entity-" + n;
            threads.add(new Thread(() -> run(entity), "caller-" + n));
        }
        threads.forEach(Thread::start);
    }

    int acknowledged() {
        return acknowledged.size();
    }

    int refused() {
        return refused.size();
    }

    int unknown() {
        return unknown.size();
    }

    Duration slowest() {
        return Duration.ofNanos(slowestNanos.get());
    }

    /** How long it took until so many more were acknowledged. */
    Duration untilMore(int count) throws InterruptedException {
        var begin = System.nanoTime();
        var goal = acknowledged() + count;
        while (acknowledged() < goal) {
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(30));
            Thread.sleep(10);
        }
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    void stop() throws InterruptedException {
        ending = true;
        for (var thread : threads) thread.join();
    }

    /** What was acknowledged is there, once and at its revision; what was refused is not; what is unknown is there at most once. */
    void verify(StoreClient client) {
        assertThat(surprises).isEmpty();
        var stored = new HashMap<String, String>();
        for (var n = 0; n < threads.size(); n++)
            for (var event : client.replay("entity-" + n))
                assertThat(stored.put(event.record().toStringUtf8(), event.entity() + " " + event.revision()))
                        .as("stored twice")
                        .isNull();
        assertThat(stored).containsAllEntriesOf(acknowledged);
        assertThat(stored.keySet()).doesNotContainAnyElementsOf(refused);
        var others = new HashSet<>(stored.keySet());
        others.removeAll(acknowledged.keySet());
        assertThat(unknown).containsAll(others);
    }

    @Override
    public String toString() {
        return acknowledged() + " acknowledged, " + refused() + " refused, " + unknown() + " unknown, slowest "
                + slowest().toMillis() + " ms";
    }

    private void run(String entity) {
        var head = 0L;
        for (var n = 0; !ending; n++) {
            var text = entity + " " + n;
            var begin = System.nanoTime();
            try {
                var append = new Append(entity, head, entity, List.of(new Record(ByteString.copyFromUtf8(text), "")));
                var revision = head + 1;
                head = answer(store.append(append))
                        .<Long>fold(
                                appended -> {
                                    acknowledged.put(text, entity + " " + revision);
                                    return appended.revision();
                                },
                                fenced -> {
                                    refused.add(text);
                                    return fenced.headRevision();
                                });
            } catch (NotServing nothingStored) {
                refused.add(text);
                pause();
            } catch (OutcomeUnknown perhaps) {
                unknown.add(text);
                pause();
            } catch (RuntimeException | AssertionError surprise) {
                surprises.add(text + ": " + surprise);
                return;
            }
            slowestNanos.accumulateAndGet(System.nanoTime() - begin, Math::max);
        }
    }

    private static <T> T answer(CompletableFuture<T> future) {
        try {
            return future.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) throw cause;
            throw new AssertionError(failed);
        } catch (TimeoutException | InterruptedException stuck) {
            throw new AssertionError("the store did not answer", stuck);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
