package dev.parvi.persistence.cassandra;

import static dev.parvi.persistence.StoreClient.appendOf;
import static dev.parvi.persistence.StoreClient.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.EventStore.Appended;
import dev.parvi.persistence.EventStore.Fenced;
import dev.parvi.persistence.EventStoreConformance;
import dev.parvi.persistence.StoreClient;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The conformance suite where almost every append begins a partition: whatever crosses a boundary crosses it here. */
final class SmallPartitionsIT extends EventStoreConformance {
    private static final String SMALL = "cassandra.bucket-events-max = 2";
    private String url = "";

    @Override
    protected EventStore open() {
        url = OneNode.emptyUrl(getClass());
        return OneNode.open(url, SMALL);
    }

    @Test
    void a_store_that_remembers_nothing_finds_the_end_of_many_partitions() {
        for (var revision = 0; revision < 23; revision++) client.append("a", revision, "w", "event " + revision);
        try (var other = OneNode.open(url, SMALL)) {
            var reader = new StoreClient(other);
            assertThat(reader.head("a")).isEqualTo(23);
            assertThat(reader.records("a"))
                    .containsExactlyElementsOf(
                            IntStream.range(0, 23).mapToObj(n -> "event " + n).toList());
            assertThat(reader.replay("a", 12, 15, 100)).hasSize(4);
        }
    }

    @Test
    void a_stale_owner_is_fenced_at_the_boundary_of_partitions() {
        client.append("a", 0, "old", "1", "2");
        try (var other = OneNode.open(url, SMALL)) {
            var rival = new StoreClient(other);
            assertThat(rival.append("a", 2, "new", "3")).isEqualTo(new Appended(3));
            assertThat(client.append("a", 2, "old", "3")).isEqualTo(new Fenced(3));
            assertThat(rival.append("a", 3, "new", "4", "5", "6")).isEqualTo(new Appended(6));
            assertThat(client.append("a", 3, "old", "4")).isEqualTo(new Fenced(6));
        }
        assertThat(client.records("a")).containsExactly("1", "2", "3", "4", "5", "6");
    }

    @Test
    void of_two_that_begin_the_same_partition_one_is_fenced() {
        client.append("a", 0, "w", "1", "2");
        try (var other = OneNode.open(url, SMALL)) {
            for (var round = 2; round < 22; round += 2) {
                var left = client.store().append(appendOf("a", round, "left", "left", "left"));
                var right = other.append(appendOf("a", round, "right", "right", "right"));
                var stored = java.util.stream.Stream.of(get(left), get(right))
                        .filter(result -> result.equals(new Appended(client.head("a"))))
                        .count();
                assertThat(stored).isEqualTo(1);
                assertThat(client.head("a")).isEqualTo(round + 2);
            }
        }
    }

    @Test
    void events_are_deleted_across_partitions() {
        client.append("a", 0, "w", "1", "2");
        client.append("a", 2, "w", "3", "4");
        client.append("a", 4, "w", "5");
        get(client.store().deleteTo("a", 3));
        assertThat(client.records("a")).containsExactly("4", "5");
        assertThat(client.append("a", 5, "w", "6", "7")).isEqualTo(new Appended(7));
        assertThat(client.append("a", 7, "w", "8")).isEqualTo(new Appended(8));
        assertThat(client.records("a")).containsExactly("4", "5", "6", "7", "8");
        get(client.store().deleteTo("a", 2));
        assertThat(client.records("a")).containsExactly("4", "5", "6", "7", "8");
        get(client.store().deleteTo("a", 8));
        get(client.store().deleteTo("a", 8));
        assertThat(client.records("a")).isEmpty();
        assertThat(client.head("a")).isEqualTo(8);
    }
}
