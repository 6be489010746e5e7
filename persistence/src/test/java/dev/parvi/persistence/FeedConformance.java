package dev.parvi.persistence;

import static dev.parvi.persistence.StoreClient.failureOf;
import static dev.parvi.persistence.StoreClient.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.parvi.entity.NotServing;
import dev.parvi.persistence.EventStore.Append;
import dev.parvi.persistence.EventStore.Appended;
import dev.parvi.persistence.EventStore.FeedPage;
import dev.parvi.persistence.EventStore.Fenced;
import dev.parvi.persistence.EventStore.LostCursor;
import dev.parvi.persistence.EventStore.Record;
import dev.parvi.persistence.EventStore.Slices;
import dev.parvi.persistence.EventStore.StoredEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * What the change feed of any store tells. A store may tell an event late, tell it again, and mix entities as it likes: so these rows
 * read on until everything was told, and look at the order of each entity's first tellings.
 */
abstract class FeedConformance extends EntityWalkConformance {
    private static final int WRITERS = 8;
    private static final int ENTITIES_EACH = 20;
    private static final int APPENDS_EACH = 5;

    /** How late an event may be told, on a busy machine. */
    protected Duration feedPatience() {
        return Duration.ofSeconds(30);
    }

    /** Reads on until this holds. */
    protected void readUntil(FeedReader reader, BooleanSupplier isDone) {
        reader.readUntil(feedPatience(), isDone);
    }

    @Test
    void nothing_is_told_of_an_empty_store() {
        client.head("nobody");
        client.save("only a snapshot", 1, "s");
        var reader = FeedReader.from(store, "", 10);
        reader.readToEnd(feedPatience());
        assertThat(reader.told()).isEmpty();
    }

    @Test
    void everything_is_told_in_the_order_of_each_entity_however_small_the_pages() {
        appendInTurn(7, 4);
        for (var max : List.of(1, 2, 7, 1_000)) {
            var reader = FeedReader.from(store, "", max);
            readUntil(reader, () -> reader.events() == 7 * (4 + 2));
            assertTold(reader, IntStream.range(0, 7).mapToObj(n -> "e/" + n).toList());
        }
    }

    @Test
    void the_events_of_one_append_may_be_told_on_several_pages() {
        client.append("a", 0, "w", "before");
        client.append(
                "b", 0, "w", IntStream.range(0, 950).mapToObj(n -> "b" + n).toArray(String[]::new));
        client.append("a", 1, "w", "behind");
        var reader = FeedReader.from(store, "", 100);
        readUntil(reader, () -> reader.events() == 952);
        assertTold(reader, List.of("a", "b"));
    }

    @Test
    void from_the_cursor_of_any_page_what_was_not_told_before_it_is_told() {
        appendInTurn(4, 3);
        var cursors = new LinkedHashMap<String, List<StoredEvent>>();
        var first = FeedReader.from(store, "", 3);
        readUntil(first, () -> {
            if (!first.cursor().isEmpty()) cursors.put(first.cursor(), first.told());
            return first.events() == 4 * (3 + 2);
        });
        assertThat(cursors).hasSizeGreaterThanOrEqualTo(6);
        cursors.forEach((cursor, before) -> {
            var second = FeedReader.from(store, cursor, 2);
            readUntil(second, () -> union(before, second.told()).size() == first.events());
            for (var n = 0; n < 4; n++) {
                var entity = "e/" + n;
                assertThat(union(before, second.told(entity)))
                        .filteredOn(event -> event.entity().equals(entity))
                        .containsExactlyElementsOf(client.replay(entity));
            }
        });
    }

    @Test
    void what_comes_later_is_told_from_where_the_reader_was() {
        var reader = FeedReader.from(store, "", 10);
        for (var n = 0; n < 5; n++) {
            client.append("a", n, "w", "a" + n);
            client.append("new/" + n, 0, "w", "first");
            var expected = 2 * (n + 1);
            readUntil(reader, () -> reader.events() == expected);
        }
        assertTold(reader, List.of("a", "new/0", "new/1", "new/2", "new/3", "new/4"));
    }

    @Test
    void what_was_fenced_is_not_told() {
        client.append("a", 0, "w", "one");
        assertThat(client.append("a", 0, "rival", "lost")).isEqualTo(new Fenced(1));
        client.append("a", 1, "w", "two");
        assertThat(client.append("a", 1, "w", "two")).isEqualTo(new Appended(2));
        var reader = FeedReader.from(store, "", 10);
        readUntil(reader, () -> reader.events() == 2);
        reader.readToEnd(feedPatience());
        assertTold(reader, List.of("a"));
    }

    @Test
    void an_empty_record_and_a_key_are_told_like_any_event() {
        client.append("a", 0, "w", "", "two");
        client.appendKeyed("ä/%_'\uD83D\uDE80", 0, "k1", "k2");
        var reader = FeedReader.from(store, "", 10);
        readUntil(reader, () -> reader.events() == 4);
        assertTold(reader, List.of("a", "ä/%_'\uD83D\uDE80"));
    }

    @Test
    void only_ids_with_the_prefix_are_told() {
        for (var id : List.of("a/1", "b/1", "a", "a/2", "ab/1", "b/a/", "a/\uD83D\uDE80", "a/%_", "A/1", "z"))
            client.append(id, 0, "w", "one", "two");
        for (var max : List.of(1, 3, 100)) {
            var reader = new FeedReader(store, Slices.ALL, "a/", "", max);
            readUntil(reader, () -> reader.events() == 8);
            reader.readToEnd(feedPatience());
            assertTold(reader, List.of("a/1", "a/2", "a/\uD83D\uDE80", "a/%_"));
        }
        var wild = new FeedReader(store, Slices.ALL, "a/%", "", 10);
        readUntil(wild, () -> wild.events() == 2);
        wild.readToEnd(feedPatience());
        assertTold(wild, List.of("a/%_"));
    }

    @Test
    void slices_share_the_entities_among_them() {
        appendInTurn(60, 1);
        client.append("other", 0, "w", "of no reader");
        for (var slices : List.of(new Slices(0, 3), new Slices(4, 4), new Slices(5, 14), new Slices(15, 15))) {
            var mine = IntStream.range(0, 60)
                    .mapToObj(n -> "e/" + n)
                    .filter(slices::contains)
                    .toList();
            assertThat(mine).isNotEmpty();
            var reader = new FeedReader(store, slices, "e/", "", 9);
            readUntil(reader, () -> reader.events() == mine.size() * 3);
            reader.readToEnd(feedPatience());
            assertTold(reader, mine);
        }
    }

    /** Readers of all stores share their work by these numbers, and keep cursors for them. */
    @Test
    void the_slice_of_an_entity_never_changes() {
        assertThat(Slices.of("abc")).isEqualTo(0xa);
        assertThat(Slices.of("")).isEqualTo(4);
        assertThatThrownBy(() -> new Slices(3, 2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Slices(0, Slices.COUNT)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void events_deleted_before_the_feed_came_to_them_are_left_out_and_no_others() {
        client.append("part", 0, "w", "1", "2", "3", "4", "5");
        client.append("gone", 0, "w", "1", "2", "3");
        client.append("kept", 0, "w", "1", "2");
        get(store.deleteTo("part", 2));
        get(store.deleteTo("gone", 3));
        for (var max : List.of(1, 100)) {
            var reader = FeedReader.from(store, "", max);
            readUntil(reader, () -> reader.events() == 5);
            reader.readToEnd(feedPatience());
            assertTold(reader, List.of("kept", "part"));
            assertThat(reader.revisions("part")).containsExactly(3L, 4L, 5L);
        }
        client.append("gone", 3, "w", "4");
        var reader = FeedReader.from(store, "", 100);
        readUntil(reader, () -> reader.events() == 6);
        assertThat(reader.revisions("gone")).containsExactly(4L);
    }

    @Test
    void deletions_behind_the_reader_take_nothing_from_it() {
        client.append("a", 0, "w", "1", "2", "3");
        var reader = FeedReader.from(store, "", 2);
        readUntil(reader, () -> reader.events() == 3);
        get(store.deleteTo("a", 3));
        client.append("b", 0, "w", "1");
        client.append("a", 3, "w", "4", "5");
        readUntil(reader, () -> reader.events() == 6);
        assertThat(reader.revisions("a")).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(reader.revisions("b")).containsExactly(1L);
    }

    @Test
    void whatever_is_stored_after_the_end_was_asked_for_lies_behind_it() {
        var endOfNothing = get(store.feedEnd());
        appendInTurn(3, 2);
        var all = FeedReader.from(store, endOfNothing, 4);
        readUntil(all, () -> all.events() == 3 * (2 + 2));
        assertTold(all, List.of("e/0", "e/1", "e/2"));
        var end = get(store.feedEnd());
        client.append("e/1", 4, "w", "5", "6");
        client.append("later", 0, "w", "1");
        var later = FeedReader.from(store, end, 4);
        readUntil(
                later,
                () -> later.revisions("e/1").contains(6L)
                        && later.revisions("later").contains(1L));
        // Of a store that only knows about where its end is, older events may come first.
        assertThat(later.revisions("e/1").stream().filter(revision -> revision > 4))
                .containsExactly(5L, 6L);
    }

    @Test
    void large_events_do_not_gather_on_a_page() {
        var sizes =
                IntStream.range(0, 11).map(n -> n % 3 == 2 ? 300_000 : 1 << 20).toArray();
        for (var n = 0; n < sizes.length; n++) {
            var bytes = new byte[sizes[n]];
            for (var at = 0; at < bytes.length; at++) bytes[at] = (byte) (at * 31 / 8 + n);
            var record = new Record(ByteString.copyFrom(bytes), "");
            get(store.append(new Append("large/" + n % 2, n / 2, "w", List.of(record))));
        }
        var reader = FeedReader.from(store, "", 1_000);
        readUntil(reader, () -> {
            if (reader.events() == sizes.length) return true;
            assertBounded(reader.next());
            return false;
        });
        assertTold(reader, List.of("large/0", "large/1"));
    }

    private static void assertBounded(FeedPage page) {
        var sizes = page.events().stream().mapToLong(event -> event.record().size());
        var withoutLast = sizes.limit(Math.max(0, page.events().size() - 1)).sum();
        assertThat(withoutLast).isLessThanOrEqualTo(FeedPage.BYTES_MAX);
    }

    @Test
    void a_cursor_that_is_none_of_the_stores_is_lost() {
        client.append("a", 0, "w", "one");
        for (var cursor : List.of("garbage", "-1", "\u2603", "no/such-cursor", "99999999999999999999999", " "))
            assertThat(failureOf(store.feed(Slices.ALL, "", cursor, 10)))
                    .as(cursor)
                    .isInstanceOf(LostCursor.class)
                    .hasMessageContaining("\"" + cursor + "\"");
    }

    @Test
    void a_reader_that_follows_many_writers_misses_nothing() throws InterruptedException {
        var threads = new ArrayList<Thread>();
        var appends = new AtomicInteger();
        for (var writer = 0; writer < WRITERS; writer++) {
            var name = "w" + writer;
            threads.add(new Thread(() -> write(name, appends)));
        }
        threads.forEach(Thread::start);
        var reader = FeedReader.from(store, "", 64);
        readUntil(reader, () -> reader.events() == WRITERS * ENTITIES_EACH * APPENDS_EACH * 2);
        for (var thread : threads) thread.join();
        assertThat(appends).hasValue(WRITERS * ENTITIES_EACH * APPENDS_EACH);
        var revisions = LongStream.rangeClosed(1, APPENDS_EACH * 2L).boxed().toList();
        assertThat(reader.entities()).hasSize(WRITERS * ENTITIES_EACH);
        for (var entity : reader.entities())
            assertThat(reader.revisions(entity)).as(entity).isEqualTo(revisions);
        assertTold(reader, List.copyOf(reader.entities()));
    }

    private void write(String writer, AtomicInteger appends) {
        for (var n = 0; n < APPENDS_EACH; n++)
            for (var entity = 0; entity < ENTITIES_EACH; entity++)
                if (client.append(writer + "/" + entity, n * 2L, writer, "one " + n, "two " + n)
                        .equals(new Appended(n * 2L + 2))) appends.incrementAndGet();
    }

    @Test
    void a_closed_store_tells_nothing() {
        client.append("a", 0, "w", "one");
        store.close();
        assertThat(failureOf(store.feed(Slices.ALL, "", "", 10))).isInstanceOf(NotServing.class);
        assertThat(failureOf(store.feedEnd())).isInstanceOf(NotServing.class);
    }

    /** So many appends for each of the entities, taking turns; the last one has three events. */
    private void appendInTurn(int entities, int appends) {
        for (var n = 0; n < appends; n++)
            for (var entity = 0; entity < entities; entity++) {
                var texts = IntStream.range(0, n == appends - 1 ? 3 : 1)
                        .mapToObj(index -> "event " + index)
                        .toArray(String[]::new);
                client.append("e/" + entity, n, "w" + n, texts);
            }
    }

    /** These entities and no others, each as a replay gives it. */
    private void assertTold(FeedReader reader, List<String> entities) {
        assertThat(reader.entities()).containsExactlyInAnyOrderElementsOf(entities);
        for (var entity : entities)
            assertThat(reader.told(entity)).as(entity).containsExactlyElementsOf(client.replay(entity));
    }

    /** What the second adds to the first, behind it. */
    private static List<StoredEvent> union(List<StoredEvent> first, List<StoredEvent> second) {
        var all = new ArrayList<>(first);
        for (var event : second) if (!first.contains(event)) all.add(event);
        return all;
    }
}
