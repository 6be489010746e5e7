package dev.parvi.persistence;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.parvi.persistence.EventStore.EntityExtent;
import dev.parvi.persistence.EventStore.EntityPage;
import dev.parvi.persistence.EventStore.FeedPage;
import dev.parvi.persistence.EventStore.LostCursor;
import dev.parvi.persistence.EventStore.Slices;
import dev.parvi.persistence.EventStore.Snapshot;
import dev.parvi.persistence.EventStore.SnapshotRange;
import dev.parvi.persistence.EventStore.StoredEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What readers ask of the tables, on a connection of their own. Not for several threads. */
final class SqliteReads implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteReads.class);
    /** How many events a page of the feed looks at: a reader of few of them must not hold up the others. */
    static final int FEED_ROWS_MAX = 10_000;

    private final SqliteFile file;
    private final boolean verifySnapshots;
    private final Connection connection;
    private final PreparedStatement begin;
    private final PreparedStatement end;
    private final PreparedStatement findHead;
    private final PreparedStatement findDeleted;
    private final PreparedStatement findEvents;
    private final PreparedStatement findByKey;
    private final PreparedStatement findWriter;
    private final PreparedStatement findSnapshots;
    private final PreparedStatement findEntities;
    private final PreparedStatement findLastPosition;
    private final PreparedStatement findFeed;

    SqliteReads(SqliteFile file, boolean verifySnapshots) throws SQLException {
        this.file = file;
        this.verifySnapshots = verifySnapshots;
        connection = file.openReader();
        begin = connection.prepareStatement("BEGIN");
        end = connection.prepareStatement("COMMIT");
        findHead = connection.prepareStatement(
                "SELECT max(revision) FROM event" + " WHERE entity = (SELECT number FROM entity WHERE id = ?)");
        findDeleted = connection.prepareStatement("SELECT deleted FROM entity WHERE id = ?");
        findEvents = connection.prepareStatement("SELECT revision, writer, record, checksum FROM event"
                + " WHERE entity = (SELECT number FROM entity WHERE id = ?)"
                + " AND revision BETWEEN ? AND ? ORDER BY revision LIMIT ?");
        findByKey =
                connection.prepareStatement("SELECT revision, writer, record, checksum FROM event INDEXED BY event_key"
                        + " WHERE entity = (SELECT number FROM entity WHERE id = ?)"
                        + " AND key_hash = ? ORDER BY revision DESC");
        findWriter = connection.prepareStatement("SELECT writer FROM event"
                + " WHERE entity = (SELECT number FROM entity WHERE id = ?) AND revision = ?");
        findSnapshots = connection.prepareStatement("SELECT revision, writer, time, record, checksum FROM snapshot"
                + " WHERE entity = (SELECT number FROM entity WHERE id = ?)"
                + " AND revision BETWEEN ? AND ? AND time BETWEEN ? AND ? ORDER BY revision DESC");
        // Whoever has only a snapshot has no head, and is left out.
        findEntities = connection.prepareStatement("SELECT id, head, deleted FROM (SELECT id, deleted,"
                + " (SELECT max(revision) FROM event WHERE entity = number) AS head FROM entity WHERE id > ?"
                + " AND id >= ? AND id < ?) WHERE head IS NOT NULL ORDER BY id LIMIT ?");
        findLastPosition = connection.prepareStatement("SELECT max(position) FROM event");
        findFeed = connection.prepareStatement("SELECT revision, writer, record, checksum, position, id, deleted"
                + " FROM event CROSS JOIN entity ON number = entity WHERE position > ? ORDER BY position");
    }

    /** Positions grow in the order of commits, and one transaction sees all commits up to a moment: nothing comes in behind. */
    FeedPage feed(Slices slices, String prefix, String cursor, int max) throws SQLException {
        begin.execute();
        try {
            return feedNow(slices, prefix, position(cursor), max);
        } finally {
            end.execute();
        }
    }

    private FeedPage feedNow(Slices slices, String prefix, long from, int max) throws SQLException {
        var events = new ArrayList<StoredEvent>();
        var damaged = new ArrayList<DamagedRecord>();
        var position = from;
        var bytes = 0L;
        findFeed.setLong(1, from);
        try (var rows = findFeed.executeQuery()) {
            var more = rows.next();
            for (var seen = 0; more && seen < FEED_ROWS_MAX; seen++) {
                if (events.size() + damaged.size() == max || bytes > FeedPage.BYTES_MAX) break;
                position = rows.getLong(5);
                var entity = rows.getString(6);
                // The head of what was deleted is still there, but empty.
                if (rows.getLong(1) > rows.getLong(7) && entity.startsWith(prefix) && slices.contains(entity)) {
                    try {
                        var event = event(rows, entity, RecordChecksum.entityBytes(entity), rows.getLong(1));
                        events.add(event);
                        bytes += event.record().size();
                    } catch (DamagedRecord record) {
                        damaged.add(record);
                    }
                }
                more = rows.next();
            }
            return new FeedPage(events, damaged, Long.toString(position), !more);
        }
    }

    /** Where the feed ends now. */
    long lastPosition() throws SQLException {
        return firstLong(findLastPosition);
    }

    private long position(String cursor) throws SQLException {
        if (cursor.isEmpty()) return 0;
        long position;
        try {
            position = Long.parseLong(cursor);
        } catch (NumberFormatException wrong) {
            throw new LostCursor(cursor, "it is no position in " + file);
        }
        var last = lastPosition();
        if (position < 0 || position > last) throw new LostCursor(cursor, file + " ends at position " + last);
        return position;
    }

    EntityPage entities(String prefix, String cursor, int max) throws SQLException {
        EntityPage.requireOrdered(prefix, cursor);
        findEntities.setString(1, cursor);
        findEntities.setString(2, prefix);
        findEntities.setString(3, EntityPage.behind(prefix));
        findEntities.setInt(4, max);
        var found = new ArrayList<EntityExtent>();
        try (var rows = findEntities.executeQuery()) {
            while (rows.next()) found.add(new EntityExtent(rows.getString(1), rows.getLong(2), rows.getLong(3)));
        }
        return EntityPage.ordered(found, max);
    }

    long head(String entity) throws SQLException {
        findHead.setString(1, entity);
        return firstLong(findHead);
    }

    /** In a read transaction: a deletion in between would look like missing records. */
    void replay(String entity, long from, long to, long max, Consumer<StoredEvent> onEvent) throws SQLException {
        begin.execute();
        try {
            replayNow(entity, from, to, max, onEvent);
        } finally {
            end.execute();
        }
    }

    private void replayNow(String entity, long from, long to, long max, Consumer<StoredEvent> onEvent)
            throws SQLException {
        var first = Math.max(from, deleted(entity) + 1);
        var last = Math.min(to, head(entity));
        if (first > last || max <= 0) return;
        findEvents.setString(1, entity);
        findEvents.setLong(2, first);
        findEvents.setLong(3, last);
        findEvents.setLong(4, max);
        var entityBytes = RecordChecksum.entityBytes(entity);
        var next = first;
        try (var rows = findEvents.executeQuery()) {
            while (rows.next()) {
                if (rows.getLong(1) != next) break;
                onEvent.accept(event(rows, entity, entityBytes, next));
                next++;
            }
        }
        if (next <= last && next - first < max) throw new DamagedRecord(file.toString(), entity, next, "is missing");
    }

    /** The events with this hash of a key, newest first. */
    List<StoredEvent> find(String entity, long keyHash) throws SQLException {
        findByKey.setString(1, entity);
        findByKey.setLong(2, keyHash);
        var entityBytes = RecordChecksum.entityBytes(entity);
        var found = new ArrayList<StoredEvent>(1);
        try (var rows = findByKey.executeQuery()) {
            while (rows.next()) found.add(event(rows, entity, entityBytes, rows.getLong(1)));
        }
        return found;
    }

    /** Passes over what cannot be trusted, newest first: a snapshot is only ever a short cut. */
    Optional<Snapshot> load(String entity, SnapshotRange range) throws SQLException {
        begin.execute();
        try {
            return loadNow(entity, range);
        } finally {
            end.execute();
        }
    }

    private Optional<Snapshot> loadNow(String entity, SnapshotRange range) throws SQLException {
        findSnapshots.setString(1, entity);
        findSnapshots.setLong(2, range.revisionMin());
        findSnapshots.setLong(3, range.revisionMax());
        findSnapshots.setLong(4, range.timeMin().toEpochMilli());
        findSnapshots.setLong(5, range.timeMax().toEpochMilli());
        var entityBytes = RecordChecksum.entityBytes(entity);
        try (var rows = findSnapshots.executeQuery()) {
            while (rows.next()) {
                var snapshot = new Snapshot(
                        entity,
                        rows.getLong(1),
                        rows.getString(2),
                        Instant.ofEpochMilli(rows.getLong(3)),
                        bytes(rows, 4));
                var flaw = flaw(snapshot, entityBytes, rows.getLong(5));
                if (flaw.isEmpty()) return Optional.of(snapshot);
                LOG.warn(
                        "{}: the snapshot of {} at revision {} is ignored: {}",
                        file,
                        entity,
                        snapshot.revision(),
                        flaw);
            }
        }
        return Optional.empty();
    }

    /** The column's bytes; SQLite gives no array for an empty blob. */
    static ByteString bytes(ResultSet rows, int column) throws SQLException {
        var bytes = rows.getBytes(column);
        return bytes == null ? ByteString.EMPTY : UnsafeByteOperations.unsafeWrap(bytes);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    private StoredEvent event(ResultSet rows, String entity, byte[] entityBytes, long revision) throws SQLException {
        var record = rows.getBytes(3);
        if (record == null) record = new byte[0];
        if (RecordChecksum.of(entityBytes, revision, record) != rows.getLong(4))
            throw new DamagedRecord(file.toString(), entity, revision, "is damaged: its checksum does not match");
        return new StoredEvent(entity, revision, rows.getString(2), UnsafeByteOperations.unsafeWrap(record));
    }

    private String flaw(Snapshot snapshot, byte[] entityBytes, long checksum) throws SQLException {
        if (RecordChecksum.of(
                        entityBytes, snapshot.revision(), snapshot.record().toByteArray())
                != checksum) return "its checksum does not match";
        if (!verifySnapshots || deleted(snapshot.entity()) >= snapshot.revision()) return "";
        findWriter.setString(1, snapshot.entity());
        findWriter.setLong(2, snapshot.revision());
        try (var rows = findWriter.executeQuery()) {
            if (rows.next()) {
                var differs = !snapshot.writer().isEmpty() && !snapshot.writer().equals(rows.getString(1));
                return differs ? "another writer stored the event of that revision" : "";
            }
        }
        return "the journal does not hold its last event";
    }

    private long deleted(String entity) throws SQLException {
        findDeleted.setString(1, entity);
        return firstLong(findDeleted);
    }

    private static long firstLong(PreparedStatement query) throws SQLException {
        try (var rows = query.executeQuery()) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }
}
