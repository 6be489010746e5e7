package dev.parvi.persistence.postgres;

import dev.parvi.persistence.EventStore.Append;
import dev.parvi.persistence.RecordChecksum;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The events that a transaction has gathered, as columns: however many they are, they are stored in one round trip. */
final class EventBatch {
    private final Connection connection;
    private final PreparedStatement store;
    /** Whose heads move, and from where. */
    private final Map<PostgresTables.Row, Long> headsBefore = new LinkedHashMap<>();

    private final List<Long> entities = new ArrayList<>();
    private final List<Long> revisions = new ArrayList<>();
    private final List<String> writers = new ArrayList<>();
    private final List<byte[]> records = new ArrayList<>();
    private final List<Long> checksums = new ArrayList<>();
    private final List<@Nullable Long> keyHashes = new ArrayList<>();

    EventBatch(Connection connection) throws SQLException {
        this.connection = connection;
        // A transaction may have its number before it waits for an entity's lock: the label of an event must not be
        // less than that of
        // the one before, or readers of the feed would be told them in the wrong order.
        store = connection.prepareStatement("UPDATE entity SET head = moved.head,"
                + " xact = greatest(xact, pg_current_xact_id())"
                + " FROM unnest(?::bigint[], ?::bigint[], ?::bigint[]) AS moved(number, before, head)"
                + " WHERE entity.number = moved.number AND entity.head = moved.before;"
                + " INSERT INTO event(entity, revision, writer, record, checksum, key_hash, xact)"
                + " SELECT stored.*, (SELECT xact FROM entity WHERE number = stored.entity) FROM"
                + " unnest(?::bigint[], ?::bigint[], ?::text[], ?::bytea[], ?::bigint[], ?::bigint[])"
                + " AS stored(entity, revision, writer, record, checksum, key_hash)");
    }

    void clear() {
        headsBefore.clear();
        entities.clear();
        revisions.clear();
        writers.clear();
        records.clear();
        checksums.clear();
        keyHashes.clear();
    }

    /** Puts the events behind the row's head, and moves that. */
    void add(PostgresTables.Row row, Append append, long[] hashes) {
        headsBefore.putIfAbsent(row, row.head);
        for (var n = 0; n < hashes.length; n++) {
            var stored = append.records().get(n);
            var record = stored.bytes().toByteArray();
            row.head++;
            entities.add(row.number);
            revisions.add(row.head);
            writers.add(append.writer());
            records.add(record);
            checksums.add(RecordChecksum.of(row.entityBytes, row.head, record));
            keyHashes.add(stored.key().isEmpty() ? null : hashes[n]);
        }
    }

    void flush() throws SQLException {
        if (entities.isEmpty()) return;
        var moving = new ArrayList<>(headsBefore.keySet());
        setArray(1, "int8", moving.stream().map(row -> row.number).toArray());
        setArray(2, "int8", headsBefore.values().toArray());
        setArray(3, "int8", moving.stream().map(row -> row.head).toArray());
        setArray(4, "int8", entities.toArray());
        setArray(5, "int8", revisions.toArray());
        setArray(6, "text", writers.toArray());
        setArray(7, "bytea", records.toArray(new byte[0][]));
        setArray(8, "int8", checksums.toArray());
        setArray(9, "int8", keyHashes.toArray());
        store.execute();
        var moved = store.getUpdateCount();
        store.getMoreResults();
        // The rows are locked, so it cannot be; and if it is, nothing may be stored.
        if (moved != moving.size() || store.getUpdateCount() != entities.size())
            throw new SQLException("a head moved while its row was locked", "40001");
        clear();
    }

    private void setArray(int parameter, String type, Object[] values) throws SQLException {
        store.setArray(parameter, connection.createArrayOf(type, values));
    }
}
