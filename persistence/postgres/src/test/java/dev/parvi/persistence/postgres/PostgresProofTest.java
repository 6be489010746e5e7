package dev.parvi.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.EventStoreConformance;
import java.lang.reflect.InvocationTargetException;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Shows that the fence is what keeps rivals apart: without it the suite fails, and where it should. */
final class PostgresProofTest {
    private final PostgresServer server = PostgresServer.shared();

    @Test
    void a_store_without_its_fence_fails() throws Exception {
        assertThat(failures((head, expected) -> true))
                .contains(
                        "a_stale_writer_is_fenced_and_stores_nothing",
                        "of_two_interleaved_writers_exactly_one_stores_each_revision",
                        "deleting_everything_keeps_the_head")
                .doesNotContain("stored_events_come_back_in_order_with_revision_writer_and_bytes");
    }

    @Test
    void with_its_fence_it_passes_when_run_this_way() throws Exception {
        assertThat(failures(PostgresTables.Fence.EQUAL_HEADS)).isEmpty();
    }

    private Set<String> failures(PostgresTables.Fence fence) throws ReflectiveOperationException {
        var failures = new TreeSet<String>();
        for (var method : EventStoreConformance.class.getDeclaredMethods()) {
            if (!method.isAnnotationPresent(Test.class)) continue;
            var suite = new EventStoreConformance() {
                @Override
                protected EventStore open() {
                    return PostgresServer.open(server.freshConfig(), fence);
                }
            };
            call(suite, "start");
            try {
                method.setAccessible(true);
                method.invoke(suite);
            } catch (InvocationTargetException failure) {
                failures.add(method.getName());
            } finally {
                call(suite, "stop");
            }
        }
        return failures;
    }

    private static void call(EventStoreConformance suite, String name) throws ReflectiveOperationException {
        Class<?> part = EventStoreConformance.class;
        while (Stream.of(part.getDeclaredMethods())
                .noneMatch(method -> method.getName().equals(name))) part = part.getSuperclass();
        var method = part.getDeclaredMethod(name);
        method.setAccessible(true);
        method.invoke(suite);
    }
}
