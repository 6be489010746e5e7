package dev.parvi.testkit.history;

import dev.parvi.protobuf.EventRecord;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/** A journal in which a test can write whatever it likes. Events before the first of an entity count as removed on purpose. */
final class Books implements Journal {
    final Map<String, TreeMap<Long, EventRecord>> events = new TreeMap<>();

    TreeMap<Long, EventRecord> of(String entity) {
        return events.computeIfAbsent(entity, name -> new TreeMap<>());
    }

    EventRecord event(String entity, long revision) {
        return Objects.requireNonNull(of(entity).get(revision));
    }

    long head(String entity) {
        var own = of(entity);
        return own.isEmpty() ? 0 : own.lastKey();
    }

    void append(String entity, Iterable<EventRecord> more) {
        for (var event : more) of(entity).put(head(entity) + 1, event);
    }

    @Override
    public Set<String> entities(String type) {
        return Set.copyOf(events.keySet());
    }

    @Override
    public long read(String entity, Reader reader) {
        var own = of(entity);
        if (own.isEmpty()) return 0;
        for (var revision = own.firstKey(); revision <= own.lastKey(); revision++) {
            var event = own.get(revision);
            if (event == null) reader.onDamage(revision, "is missing");
            else reader.onEvent(revision, event);
        }
        return own.lastKey();
    }
}
