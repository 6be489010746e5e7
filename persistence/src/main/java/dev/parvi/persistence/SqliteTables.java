package dev.parvi.persistence;

import dev.parvi.persistence.EventStore.Append;
import dev.parvi.persistence.EventStore.AppendResult;
import dev.parvi.persistence.EventStore.Appended;
import dev.parvi.persistence.EventStore.Fenced;
import dev.parvi.persistence.EventStore.Snapshot;
import dev.parvi.persistence.EventStore.SnapshotRange;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the writer does to the tables, inside a transaction that holds SQLite's write lock. Not for several threads. */
final class SqliteTables {
    private final Heads heads = new Heads();
    private final PreparedStatement dataVersion;
    private final PreparedStatement findEntity;
    private final PreparedStatement addEntity;
    private final PreparedStatement addEvent;
    private final PreparedStatement findEvents;
    private final PreparedStatement deleteEvents;
    private final PreparedStatement emptyEvent;
    private final PreparedStatement rememberDeletion;
    private final PreparedStatement addSnapshot;
    private final PreparedStatement pruneSnapshots;
    private final PreparedStatement deleteSnapshots;
    private long seenDataVersion = -1;
    private boolean wrote;

    SqliteTables(Connection connection) throws SQLException {
        dataVersion = connection.prepareStatement("PRAGMA data_version");
        findEntity = connection.prepareStatement("SELECT number, deleted,"
                + " (SELECT max(revision) FROM event WHERE entity = number) FROM entity WHERE id = ?");
        addEntity = connection.prepareStatement("INSERT INTO entity(id) VALUES (?) RETURNING number");
        addEvent = connection.prepareStatement(
                "INSERT INTO event(entity, revision, writer, record, checksum, key_hash) VALUES (?, ?, ?, ?, ?, ?)");
        findEvents = connection.prepareStatement("SELECT writer, record FROM event"
                + " WHERE entity = ? AND revision BETWEEN ? AND ? ORDER BY revision");
        deleteEvents = connection.prepareStatement("DELETE FROM event WHERE entity = ? AND revision <= ?");
        emptyEvent = connection.prepareStatement(
                "UPDATE event SET record = ?, checksum = ?, key_hash = NULL WHERE entity = ? AND revision = ?");
        rememberDeletion = connection.prepareStatement("UPDATE entity SET deleted = ? WHERE number = ?");
        addSnapshot = connection.prepareStatement("INSERT OR REPLACE INTO"
                + " snapshot(entity, revision, writer, time, record, checksum) VALUES (?, ?, ?, ?, ?, ?)");
        pruneSnapshots = connection.prepareStatement("DELETE FROM snapshot WHERE entity = ?1 AND revision <="
                + " (SELECT revision FROM snapshot WHERE entity = ?1 ORDER BY revision DESC LIMIT 1 OFFSET ?2)");
        deleteSnapshots = connection.prepareStatement(
                "DELETE FROM snapshot WHERE entity = ?" + " AND revision BETWEEN ? AND ? AND time BETWEEN ? AND ?");
    }

    /** Forgets the heads if another connection has written since the last transaction. */
    void onBegin() throws SQLException {
        wrote = false;
        try (var rows = dataVersion.executeQuery()) {
            var version = rows.next() ? rows.getLong(1) : -1;
            if (version != seenDataVersion) heads.forget();
            seenDataVersion = version;
        }
    }

    /** Whether there is anything to sync. */
    boolean wrote() {
        return wrote;
    }

    /** The hashes are those of the records' keys, in the same order. */
    AppendResult append(Append append, long[] keyHashes) throws SQLException {
        var row = find(append.entity());
        if (row.head != append.expectedRevision())
            return isStored(row, append) ? new Appended(append.lastRevision()) : new Fenced(row.head);
        number(append.entity(), row);
        for (var n = 0; n < keyHashes.length; n++) addEvent(row, append, n, keyHashes[n]);
        row.head = append.lastRevision();
        return new Appended(row.head);
    }

    void deleteTo(String entity, long revision) throws SQLException {
        var row = find(entity);
        var last = Math.min(revision, row.head);
        if (last <= row.deleted) return;
        wrote = true;
        deleteEvents.setLong(1, row.number);
        deleteEvents.setLong(2, Math.min(last, row.head - 1));
        deleteEvents.executeUpdate();
        if (last == row.head) emptyHead(row);
        rememberDeletion.setLong(1, last);
        rememberDeletion.setLong(2, row.number);
        rememberDeletion.executeUpdate();
        row.deleted = last;
    }

    void save(Snapshot snapshot, int kept) throws SQLException {
        var row = find(snapshot.entity());
        number(snapshot.entity(), row);
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
        pruneSnapshots.setInt(2, kept);
        pruneSnapshots.executeUpdate();
    }

    void deleteSnapshots(String entity, SnapshotRange range) throws SQLException {
        var row = find(entity);
        if (row.number == 0) return;
        wrote = true;
        deleteSnapshots.setLong(1, row.number);
        deleteSnapshots.setLong(2, range.revisionMin());
        deleteSnapshots.setLong(3, range.revisionMax());
        deleteSnapshots.setLong(4, range.timeMin().toEpochMilli());
        deleteSnapshots.setLong(5, range.timeMax().toEpochMilli());
        deleteSnapshots.executeUpdate();
    }

    private Heads.Row find(String entity) throws SQLException {
        var known = heads.find(entity);
        if (known != null) return known;
        findEntity.setString(1, entity);
        try (var rows = findEntity.executeQuery()) {
            var row = rows.next()
                    ? new Heads.Row(entity, rows.getLong(1), rows.getLong(2), rows.getLong(3))
                    : new Heads.Row(entity, 0, 0, 0);
            heads.remember(entity, row);
            return row;
        }
    }

    private void number(String entity, Heads.Row row) throws SQLException {
        if (row.number != 0) return;
        wrote = true;
        addEntity.setString(1, entity);
        try (var rows = addEntity.executeQuery()) {
            while (rows.next()) row.number = rows.getLong(1);
        }
    }

    private void addEvent(Heads.Row row, Append append, int index, long keyHash) throws SQLException {
        wrote = true;
        var revision = append.expectedRevision() + 1 + index;
        var stored = append.records().get(index);
        var record = stored.bytes().toByteArray();
        addEvent.setLong(1, row.number);
        addEvent.setLong(2, revision);
        addEvent.setString(3, append.writer());
        addEvent.setBytes(4, record);
        addEvent.setLong(5, RecordChecksum.of(row.entityBytes, revision, record));
        if (stored.key().isEmpty()) addEvent.setNull(6, Types.INTEGER);
        else addEvent.setLong(6, keyHash);
        addEvent.executeUpdate();
    }

    private void emptyHead(Heads.Row row) throws SQLException {
        var nothing = new byte[0];
        emptyEvent.setBytes(1, nothing);
        emptyEvent.setLong(2, RecordChecksum.of(row.entityBytes, row.head, nothing));
        emptyEvent.setLong(3, row.number);
        emptyEvent.setLong(4, row.head);
        emptyEvent.executeUpdate();
    }

    /** Whether the very same append is there already: a retry whose first answer was lost. */
    private boolean isStored(Heads.Row row, Append append) throws SQLException {
        if (append.writer().isEmpty() || row.head < append.lastRevision()) return false;
        findEvents.setLong(1, row.number);
        findEvents.setLong(2, append.expectedRevision() + 1);
        findEvents.setLong(3, append.lastRevision());
        try (var rows = findEvents.executeQuery()) {
            for (var record : append.records()) {
                if (!rows.next() || !rows.getString(1).equals(append.writer())) return false;
                if (!record.bytes().equals(SqliteReads.bytes(rows, 2))) return false;
            }
            return true;
        }
    }

    /**
     * What the writer remembers of entities that it has written lately: it saves a query an append. True while nobody else writes to
     * the file; it goes with its connection, which is given up when a transaction is undone.
     */
    private static final class Heads {
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
}
