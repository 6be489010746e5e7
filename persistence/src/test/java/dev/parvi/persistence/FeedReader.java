package dev.parvi.persistence;

import static dev.parvi.persistence.StoreClient.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parvi.persistence.EventStore.FeedPage;
import dev.parvi.persistence.EventStore.Slices;
import dev.parvi.persistence.EventStore.StoredEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** Reads the feed as a projection would: it remembers what it was told first, and where to go on. Not for several threads. */
public final class FeedReader {
    private static final long PAUSE_MILLIS = 2;

    private final EventStore store;
    private final Slices slices;
    private final String prefix;
    private final int max;
    /** By entity and revision, in the order of the first tellings. */
    private final Map<String, Map<Long, StoredEvent>> told = new TreeMap<>();

    private final List<DamagedRecord> damaged = new ArrayList<>();
    private String cursor;
    private int events;

    public FeedReader(EventStore store, Slices slices, String prefix, String cursor, int max) {
        this.store = store;
        this.slices = slices;
        this.prefix = prefix;
        this.cursor = cursor;
        this.max = max;
    }

    /** Of everything, from this cursor on. */
    public static FeedReader from(EventStore store, String cursor, int max) {
        return new FeedReader(store, Slices.ALL, "", cursor, max);
    }

    /** One page. */
    public FeedPage next() {
        var page = get(store.feed(slices, prefix, cursor, max));
        assertThat(page.events()).hasSizeLessThanOrEqualTo(max);
        page.events().forEach(this::hear);
        damaged.addAll(page.damaged());
        cursor = page.next();
        return page;
    }

    /** Page after page until this holds. A store may be late: the last page is asked for again. */
    public void readUntil(Duration patience, BooleanSupplier isDone) {
        var end = System.nanoTime() + patience.toNanos();
        while (!isDone.getAsBoolean()) {
            assertThat(System.nanoTime())
                    .as(() -> "told in time; so far " + events + " events of " + told.keySet())
                    .isLessThan(end);
            if (next().isLast()) pause();
        }
    }

    /** Until the store says that nothing more is waiting. */
    public void readToEnd(Duration patience) {
        var end = System.nanoTime() + patience.toNanos();
        while (!next().isLast()) assertThat(System.nanoTime()).isLessThan(end);
    }

    public String cursor() {
        return cursor;
    }

    /** How many different events were told. */
    public int events() {
        return events;
    }

    public List<DamagedRecord> damaged() {
        return damaged;
    }

    /** Who has been told of. */
    public Set<String> entities() {
        return told.keySet();
    }

    /** What was told of the entity, in the order of the first tellings. */
    public List<StoredEvent> told(String entity) {
        return List.copyOf(told.getOrDefault(entity, Map.of()).values());
    }

    /** What was told, entity by entity. */
    public List<StoredEvent> told() {
        return told.keySet().stream().flatMap(entity -> told(entity).stream()).toList();
    }

    public List<Long> revisions(String entity) {
        return told(entity).stream().map(StoredEvent::revision).toList();
    }

    /** An event may be told again, but not changed. */
    private void hear(StoredEvent event) {
        var before = told.computeIfAbsent(event.entity(), entity -> new LinkedHashMap<>())
                .putIfAbsent(event.revision(), event);
        if (before == null) events++;
        else assertThat(event).isEqualTo(before);
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
