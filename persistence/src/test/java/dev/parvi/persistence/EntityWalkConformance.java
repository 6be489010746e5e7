package dev.parvi.persistence;

import static dev.parvi.persistence.StoreClient.failureOf;
import static dev.parvi.persistence.StoreClient.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parvi.persistence.EventStore.EntityExtent;
import dev.parvi.persistence.EventStore.LostCursor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the walk over the entities of any store finds: a part of the suite. */
abstract class EntityWalkConformance {
    protected EventStore store;
    protected StoreClient client;

    /** A store without rows. */
    protected abstract EventStore open();

    @BeforeEach
    void start() {
        store = open();
        client = new StoreClient(store);
    }

    @AfterEach
    void stop() {
        store.close();
    }

    @Test
    void nobody_is_in_an_empty_store() {
        assertThat(walk("", 10)).isEmpty();
    }

    @Test
    void everybody_with_events_is_found_once_however_small_the_pages() {
        var ids = IntStream.range(0, 25).mapToObj(n -> "t/" + n).toList();
        ids.forEach(id -> client.append(id, 0, "w", "one"));
        client.head("nobody");
        client.save("only a snapshot", 1, "s");
        for (var max : List.of(1, 2, 7, 25, 26, 1_000))
            assertThat(walk("", max)).extracting(EntityExtent::entity).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void the_head_and_how_far_events_were_deleted_are_told() {
        for (var n = 0; n < 7; n++) client.append("long", n, "w", "e");
        client.append("gone", 0, "w", "one", "two");
        get(store.deleteTo("long", 4));
        get(store.deleteTo("gone", 2));
        assertThat(walk("", 10))
                .containsExactlyInAnyOrder(new EntityExtent("long", 7, 4), new EntityExtent("gone", 2, 2));
    }

    @Test
    void only_ids_with_the_prefix_are_found() {
        for (var id : List.of("a/1", "a/2", "a", "ab/1", "b/a/", "a/\uD83D\uDE80", "a/%_"))
            client.append(id, 0, "w", "one");
        for (var max : List.of(1, 2, 100))
            assertThat(walk("a/", max))
                    .extracting(EntityExtent::entity)
                    .containsExactlyInAnyOrder("a/1", "a/2", "a/\uD83D\uDE80", "a/%_");
    }

    @Test
    void a_walk_goes_on_where_it_was_while_others_come() {
        for (var n = 0; n < 10; n++) client.append("old/" + n, 0, "w", "one");
        var found = new ArrayList<EntityExtent>();
        var cursor = "";
        do {
            var page = get(store.entities("", cursor, 3));
            found.addAll(page.entities());
            cursor = page.next();
            client.append("new/" + found.size(), client.head("new/" + found.size()), "w", "one");
        } while (!cursor.isEmpty());
        assertThat(found).doesNotHaveDuplicates();
        assertThat(found)
                .extracting(EntityExtent::entity)
                .contains(IntStream.range(0, 10).mapToObj(n -> "old/" + n).toArray(String[]::new));
    }

    @Test
    void a_walk_does_not_go_on_from_a_cursor_that_no_walk_with_its_prefix_has_given() {
        client.append("t/1", 0, "w", "one");
        for (var cursor : List.of("garbage", "\u2603", " ", "t", "12x", "u/1"))
            assertThat(failureOf(store.entities("t/", cursor, 10)))
                    .as(cursor)
                    .isInstanceOf(LostCursor.class)
                    .hasMessageContaining("\"" + cursor + "\"");
    }

    private List<EntityExtent> walk(String prefix, int max) {
        var found = new ArrayList<EntityExtent>();
        var cursor = "";
        do {
            var page = get(store.entities(prefix, cursor, max));
            assertThat(page.entities()).hasSizeLessThanOrEqualTo(max);
            found.addAll(page.entities());
            cursor = page.next();
        } while (!cursor.isEmpty());
        return found;
    }
}
