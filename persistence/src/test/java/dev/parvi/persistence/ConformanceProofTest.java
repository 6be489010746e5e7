package dev.parvi.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Shows that the conformance suite can fail: wrong stores do not pass it, and the tests that say so are the right ones. */
final class ConformanceProofTest {

    @Test
    void the_right_store_passes_when_run_this_way() {
        assertThat(failures(ConformanceProofTest::memory)).isEmpty();
    }

    @Test
    void a_store_that_does_nothing_fails() {
        assertThat(failures(ConformanceProofTest::idle))
                .contains(
                        "stored_events_come_back_in_order_with_revision_writer_and_bytes",
                        "a_stale_writer_is_fenced_and_stores_nothing",
                        "a_long_history_is_replayed_completely",
                        "an_event_is_found_by_its_key",
                        "the_newest_snapshot_in_range_is_loaded")
                .hasSizeGreaterThan(15);
    }

    @Test
    void a_store_without_a_fence_fails() {
        assertThat(failures(ConformanceProofTest::unfenced))
                .contains(
                        "a_stale_writer_is_fenced_and_stores_nothing",
                        "a_gap_is_fenced_and_stores_nothing",
                        "of_two_interleaved_writers_exactly_one_stores_each_revision",
                        "deleting_everything_keeps_the_head")
                .doesNotContain("stored_events_come_back_in_order_with_revision_writer_and_bytes");
    }

    private static Set<String> failures(Supplier<EventStore> opener) {
        var failures = new TreeSet<String>();
        for (var method : EventStoreConformance.class.getDeclaredMethods()) {
            if (!method.isAnnotationPresent(Test.class)) continue;
            var suite = new EventStoreConformance() {
                @Override
                protected EventStore open() {
                    return opener.get();
                }
            };
            suite.start();
            try {
                method.invoke(suite);
            } catch (InvocationTargetException failure) {
                failures.add(method.getName());
            } catch (IllegalAccessException impossible) {
                throw new AssertionError(impossible);
            } finally {
                suite.stop();
            }
        }
        return failures;
    }

    private static EventStore memory() {
        return EventStore.open(StoreSettings.config("store = \"memory:\""));
    }

    /** Stores every append at the end, whatever its writer has seen. */
    private static EventStore unfenced() {
        var store = memory();
        return appendingWith(store, append -> {
            var head = store.head(append.entity()).join();
            return store.append(new EventStore.Append(append.entity(), head, append.writer(), append.records()));
        });
    }

    /** Says yes to every append and stores none. */
    private static EventStore idle() {
        return appendingWith(
                memory(), append -> CompletableFuture.completedFuture(new EventStore.Appended(append.lastRevision())));
    }

    private static EventStore appendingWith(
            EventStore rest, Function<EventStore.Append, CompletableFuture<EventStore.AppendResult>> append) {
        return (EventStore) Proxy.newProxyInstance(
                EventStore.class.getClassLoader(),
                new Class<?>[] {EventStore.class},
                (self, method, arguments) -> method.getName().equals("append")
                        ? append.apply((EventStore.Append) arguments[0])
                        : method.invoke(rest, arguments));
    }
}
