package dev.parvi.persistence.postgres;

import dev.parvi.entity.OutcomeUnknown;
import dev.parvi.persistence.EventStore.Append;
import dev.parvi.persistence.EventStore.AppendResult;
import dev.parvi.persistence.EventStore.Appended;
import dev.parvi.persistence.EventStore.Fenced;
import dev.parvi.persistence.EventStore.Snapshot;
import dev.parvi.persistence.EventStore.SnapshotRange;
import dev.parvi.persistence.RecordChecksum;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a writer does to the tables inside one transaction: first it locks the rows of all entities of the group, then it compares heads
 * and gathers events, and at the end it stores them in one round trip. Not for several threads.
 */
final class PostgresTables {
    private static final String LOCK =
            "SELECT number, id, head, deleted FROM entity WHERE id = ANY(?) ORDER BY number FOR UPDATE";

    private final Connection connection;
    private final Fence fence;
    private final EventBatch batch;
    private final PreparedStatement lock;
    private final PreparedStatement addAndLock;
    private final PreparedStatement findEvents;
    private final PreparedStatement deleteEvents;
    private final PreparedStatement rememberDeletion;
    private final PreparedStatement addSnapshot;
    private final PreparedStatement pruneSnapshots;
    private final PreparedStatement deleteSnapshots;
    private final Map<String, Row> rows = new HashMap<>();
    private boolean wrote;

    PostgresTables(Connection connection, Fence fence) throws SQLException {
        this.connection = connection;
        this.fence = fence;
        connection.setAutoCommit(false);
        batch = new EventBatch(connection);
        lock = connection.prepareStatement(LOCK);
        // Two statements, one round trip. The second sees what the first has waited for.
        addAndLock = connection.prepareStatement(
                "INSERT INTO entity(id) SELECT unnest(?::text[]) ON CONFLICT (id) DO NOTHING; " + LOCK);
        findEvents = connection.prepareStatement(
                "SELECT writer, record FROM event WHERE entity = ? AND revision BETWEEN ? AND ? ORDER BY revision");
        deleteEvents = connection.prepareStatement("DELETE FROM event WHERE entity = ? AND revision BETWEEN ? AND ?");
        rememberDeletion = connection.prepareStatement("UPDATE entity SET deleted = ? WHERE number = ?");
        addSnapshot = connection.prepareStatement(
                "INSERT INTO snapshot(entity, revision, writer, time, record, checksum) VALUES (?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT (entity, revision) DO UPDATE SET writer = excluded.writer, time = excluded.time,"
                        + " record = excluded.record, checksum = excluded.checksum");
        pruneSnapshots = connection.prepareStatement("DELETE FROM snapshot WHERE entity = ? AND revision <="
                + " (SELECT revision FROM snapshot WHERE entity = ? ORDER BY revision DESC LIMIT 1 OFFSET ?)");
        deleteSnapshots = connection.prepareStatement(
                "DELETE FROM snapshot WHERE entity = ? AND revision BETWEEN ? AND ? AND time BETWEEN ? AND ?");
    }

    /**
     * Locks the rows of the group's entities, after adding those that are missing. Everybody takes the locks in the order of the rows'
     * numbers, and adds rows in the order of ids, so nobody waits in a circle.
     */
    void begin(List<WriteTask<?>> group) throws SQLException {
        wrote = false;
        rows.clear();
        batch.clear();
        var ids = group.stream().map(task -> task.entity).distinct().toArray();
        var added = group.stream()
                .filter(task -> task.addsEntity)
                .map(task -> task.entity)
                .distinct()
                .sorted()
                .toArray();
        var locking = added.length == 0 ? lock : addAndLock;
        locking.setArray(locking == lock ? 1 : 2, connection.createArrayOf("text", ids));
        if (locking == addAndLock) addAndLock.setArray(1, connection.createArrayOf("text", added));
        locking.execute();
        if (locking == addAndLock) addAndLock.getMoreResults();
        try (var found = locking.getResultSet()) {
            while (found.next())
                rows.put(
                        found.getString(2),
                        new Row(found.getString(2), found.getLong(1), found.getLong(3), found.getLong(4)));
        }
    }

    /** Whether the transaction changed anything. */
    boolean wrote() {
        return wrote;
    }

    /** The hashes are those of the records' keys, in the same order. In doubt, an earlier transaction may have stored this. */
    AppendResult append(Append append, long[] keyHashes, boolean inDoubt) throws SQLException {
        var row = rows.get(append.entity());
        if (row == null) return new Fenced(0);
        if (fence.lets(row.head, append.expectedRevision())) {
            wrote = true;
            batch.add(row, append, keyHashes);
            return new Appended(row.head);
        }
        if (row.head < append.lastRevision()) return new Fenced(row.head);
        var isComparable = !append.writer().isEmpty() && row.deleted <= append.expectedRevision();
        if (isComparable && isStored(row, append)) return new Appended(append.lastRevision());
        if (inDoubt && !isComparable)
            throw new OutcomeUnknown("the connection was lost during the commit, and what it stored cannot be told"
                    + " from what others stored");
        return new Fenced(row.head);
    }

    void deleteTo(String entity, long revision) throws SQLException {
        var row = rows.get(entity);
        if (row == null) return;
        var last = Math.min(revision, row.head);
        if (last <= row.deleted) return;
        flush();
        wrote = true;
        deleteEvents.setLong(1, row.number);
        deleteEvents.setLong(2, row.deleted + 1);
        deleteEvents.setLong(3, last);
        deleteEvents.executeUpdate();
        rememberDeletion.setLong(1, last);
        rememberDeletion.setLong(2, row.number);
        rememberDeletion.executeUpdate();
        row.deleted = last;
    }

    void save(Snapshot snapshot, int kept) throws SQLException {
        var row = Objects.requireNonNull(rows.get(snapshot.entity()), "a snapshot adds its entity");
        wrote = true;
        var record = snapshot.record().toByteArray();
        addSnapshot.setLong(1, row.number);
        addSnapshot.setLong(2, snapshot.revision());
        addSnapshot.setString(3, snapshot.writer());
        addSnapshot.setLong(4, snapshot.time().toEpochMilli());
        addSnapshot.setBytes(5, record);
        addSnapshot.setLong(6, RecordChecksum.of(row.entityBytes, snapshot.revision(), record));
        addSnapshot.executeUpdate();
        pruneSnapshots.setLong(1, row.number);
        pruneSnapshots.setLong(2, row.number);
        pruneSnapshots.setInt(3, kept);
        pruneSnapshots.executeUpdate();
    }

    void deleteSnapshots(String entity, SnapshotRange range) throws SQLException {
        var row = rows.get(entity);
        if (row == null) return;
        wrote = true;
        deleteSnapshots.setLong(1, row.number);
        deleteSnapshots.setLong(2, range.revisionMin());
        deleteSnapshots.setLong(3, range.revisionMax());
        deleteSnapshots.setLong(4, range.timeMin().toEpochMilli());
        deleteSnapshots.setLong(5, range.timeMax().toEpochMilli());
        deleteSnapshots.executeUpdate();
    }

    /** Stores what was gathered. */
    void flush() throws SQLException {
        batch.flush();
    }

    /** Whether the very same append is there already: a retry whose first answer was lost. */
    private boolean isStored(Row row, Append append) throws SQLException {
        flush();
        findEvents.setLong(1, row.number);
        findEvents.setLong(2, append.expectedRevision() + 1);
        findEvents.setLong(3, append.lastRevision());
        try (var found = findEvents.executeQuery()) {
            for (var record : append.records()) {
                if (!found.next() || !append.writer().equals(found.getString(1))) return false;
                if (!Arrays.equals(record.bytes().toByteArray(), found.getBytes(2))) return false;
            }
            return true;
        }
    }

    /** When an append may be stored. Tests take it away, to see that somebody notices. */
    @FunctionalInterface
    interface Fence {
        Fence EQUAL_HEADS = (head, expected) -> head == expected;

        boolean lets(long head, long expected);
    }

    /** A locked row: an entity's number, how far its events reach, and how far they were deleted. */
    static final class Row {
        final byte[] entityBytes;
        final long number;
        long head;
        long deleted;

        Row(String entity, long number, long head, long deleted) {
            this.entityBytes = RecordChecksum.entityBytes(entity);
            this.number = number;
            this.head = head;
            this.deleted = deleted;
        }
    }
}
