package dev.parvi.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parvi.persistence.EventStore.FeedPage;
import dev.parvi.persistence.EventStore.Slices;
import dev.parvi.persistence.EventStore.StoredEvent;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
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

    @Test
    void a_feed_that_loses_an_event_fails() {
        assertThat(failures(
                        () -> feedingWith((store, asked) -> page(store, asked, ConformanceProofTest::withoutSeconds))))
                .contains(
                        "everything_is_told_in_the_order_of_each_entity_however_small_the_pages",
                        "what_comes_later_is_told_from_where_the_reader_was",
                        "a_reader_that_follows_many_writers_misses_nothing")
                .doesNotContain("nothing_is_told_of_an_empty_store", "a_cursor_that_is_none_of_the_stores_is_lost");
    }

    @Test
    void a_feed_that_tells_out_of_order_fails() {
        assertThat(failures(() -> feedingWith((store, asked) -> page(store, asked, ConformanceProofTest::backwards))))
                .contains(
                        "everything_is_told_in_the_order_of_each_entity_however_small_the_pages",
                        "the_events_of_one_append_may_be_told_on_several_pages",
                        "a_reader_that_follows_many_writers_misses_nothing")
                .doesNotContain(
                        "nothing_is_told_of_an_empty_store",
                        "stored_events_come_back_in_order_with_revision_writer_and_bytes");
    }

    @Test
    void a_feed_that_ignores_slices_fails_where_they_are_asked_for() {
        assertThat(failures(() ->
                        feedingWith((store, asked) -> store.feed(Slices.ALL, asked.prefix, asked.cursor, asked.max))))
                .containsExactly("slices_share_the_entities_among_them");
    }

    @Test
    void a_feed_that_ignores_the_prefix_fails_where_it_is_asked_for() {
        assertThat(failures(() -> feedingWith((store, asked) -> store.feed(asked.slices, "", asked.cursor, asked.max))))
                .containsExactly("only_ids_with_the_prefix_are_told", "slices_share_the_entities_among_them");
    }

    @Test
    void a_feed_whose_cursors_run_ahead_fails() {
        assertThat(failures(() ->
                        feedingWith((store, asked) -> store.feed(asked.slices, asked.prefix, asked.cursor, asked.max)
                                .thenCombine(
                                        store.feedEnd(),
                                        (page, end) -> new FeedPage(page.events(), page.damaged(), end, true)))))
                .contains(
                        "everything_is_told_in_the_order_of_each_entity_however_small_the_pages",
                        "large_events_do_not_gather_on_a_page");
    }

    @Test
    void a_feed_that_gathers_large_events_fails() {
        assertThat(failures(() -> feedingWith(ConformanceProofTest::twoPages)))
                .contains("large_events_do_not_gather_on_a_page");
    }

    private static Set<String> failures(Supplier<EventStore> opener) {
        var failures = new TreeSet<String>();
        var methods = Stream.of(EntityWalkConformance.class, FeedConformance.class, EventStoreConformance.class)
                .flatMap(part -> Stream.of(part.getDeclaredMethods()))
                .toList();
        for (var method : methods) {
            if (!method.isAnnotationPresent(Test.class)) continue;
            var suite = new EventStoreConformance() {
                @Override
                protected EventStore open() {
                    return opener.get();
                }

                @Override
                protected Duration feedPatience() {
                    return Duration.ofMillis(250);
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
        return replacing(rest, "append", arguments -> append.apply((EventStore.Append) arguments[0]));
    }

    private static EventStore feedingWith(BiFunction<EventStore, Asked, CompletableFuture<FeedPage>> feed) {
        var rest = memory();
        return replacing(
                rest,
                "feed",
                asked -> feed.apply(
                        rest, new Asked((Slices) asked[0], (String) asked[1], (String) asked[2], (int) asked[3])));
    }

    private static EventStore replacing(EventStore rest, String name, Function<Object[], Object> replacement) {
        return (EventStore) Proxy.newProxyInstance(
                EventStore.class.getClassLoader(),
                new Class<?>[] {EventStore.class},
                (self, method, arguments) ->
                        method.getName().equals(name) ? replacement.apply(arguments) : method.invoke(rest, arguments));
    }

    private static CompletableFuture<FeedPage> page(
            EventStore store, Asked asked, UnaryOperator<List<StoredEvent>> change) {
        return store.feed(asked.slices, asked.prefix, asked.cursor, asked.max)
                .thenApply(
                        page -> new FeedPage(change.apply(page.events()), page.damaged(), page.next(), page.isLast()));
    }

    private static CompletableFuture<FeedPage> twoPages(EventStore store, Asked asked) {
        var half = Math.max(1, asked.max / 2);
        return store.feed(asked.slices, asked.prefix, asked.cursor, half)
                .thenCompose(first -> asked.max == 1
                        ? CompletableFuture.completedFuture(first)
                        : store.feed(asked.slices, asked.prefix, first.next(), half)
                                .thenApply(second -> new FeedPage(
                                        Stream.of(first, second)
                                                .flatMap(page -> page.events().stream())
                                                .toList(),
                                        List.of(),
                                        second.next(),
                                        second.isLast())));
    }

    private static List<StoredEvent> withoutSeconds(List<StoredEvent> events) {
        return events.stream().filter(event -> event.revision() != 2).toList();
    }

    private static List<StoredEvent> backwards(List<StoredEvent> events) {
        var reversed = new ArrayList<>(events);
        Collections.reverse(reversed);
        return reversed;
    }

    /** What a reader asked a feed for. */
    private record Asked(Slices slices, String prefix, String cursor, int max) {}
}
