package dev.parvi.persistence;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the writer remembers of entities that it has written lately: it saves a query an append. True only while nobody else writes
 * to the file and no transaction is undone; whoever owns it must {@link #forget} then.
 */
final class SqliteHeads {
    private static final int ENTITIES_MAX = 32_768;

    private Map<String, Row> rows = empty();

    @Nullable
    Row find(String entity) {
        return rows.get(entity);
    }

    void remember(String entity, Row row) {
        rows.put(entity, row);
    }

    void forget() {
        // Clearing a map costs what it once held, and with other writers on the file this is done at every commit.
        if (!rows.isEmpty()) rows = empty();
    }

    private static Map<String, Row> empty() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Row> eldest) {
                return size() > ENTITIES_MAX;
            }
        };
    }

    /** An entity's number, 0 if it has none yet, and how far its events reach. */
    static final class Row {
        final byte[] entityBytes;
        long number;
        long deleted;
        long head;

        Row(String entity, long number, long deleted, long head) {
            this.entityBytes = RecordChecksum.entityBytes(entity);
            this.number = number;
            this.deleted = deleted;
            this.head = head;
        }
    }
}
