package dev.parvi.persistence.postgres;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.parvi.persistence.DamagedRecord;
import dev.parvi.persistence.EventStore.EntityExtent;
import dev.parvi.persistence.EventStore.EntityPage;
import dev.parvi.persistence.EventStore.Snapshot;
import dev.parvi.persistence.EventStore.SnapshotRange;
import dev.parvi.persistence.EventStore.StoredEvent;
import dev.parvi.persistence.RecordChecksum;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What readers ask of the tables, on a connection of their own. Not for several threads. */
final class PostgresReads {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresReads.class);
    private static final String NUMBER = "(SELECT number FROM entity WHERE id = ?)";
    /** Events that are in memory at once; of a megabyte each at worst. */
    private static final int FETCH_SIZE = 100;

    private final PostgresUrl url;
    private final boolean verifySnapshots;
    private final Connection connection;
    private final PreparedStatement findHead;
    private final PreparedStatement findEntity;
    private final PreparedStatement findEvents;
    private final PreparedStatement findByKey;
    private final PreparedStatement findWriter;
    private final PreparedStatement findSnapshots;
    private final PreparedStatement findEntities;
    private final PostgresFeed feed;

    PostgresReads(Connection connection, PostgresUrl url, boolean verifySnapshots) throws SQLException {
        this.url = url;
        this.verifySnapshots = verifySnapshots;
        this.connection = connection;
        findHead = connection.prepareStatement("SELECT head FROM entity WHERE id = ?");
        findEntity = connection.prepareStatement("SELECT number, head, deleted FROM entity WHERE id = ?");
        findEvents = connection.prepareStatement("SELECT revision, writer, record, checksum FROM event"
                + " WHERE entity = ? AND revision BETWEEN ? AND ? ORDER BY revision LIMIT ?");
        findEvents.setFetchSize(FETCH_SIZE);
        findByKey = connection.prepareStatement("SELECT revision, writer, record, checksum FROM event WHERE entity = "
                + NUMBER + " AND key_hash = ? ORDER BY revision DESC");
        findWriter = connection.prepareStatement("SELECT writer FROM event WHERE entity = ? AND revision = ?");
        findSnapshots = connection.prepareStatement("SELECT revision, writer, time, record, checksum FROM snapshot"
                + " WHERE entity = ? AND revision BETWEEN ? AND ? AND time BETWEEN ? AND ? ORDER BY revision DESC");
        findSnapshots.setFetchSize(1);
        findEntities = connection.prepareStatement("SELECT id, head, deleted FROM entity WHERE id > ? AND id >= ?"
                + " AND id < ? AND head > 0 ORDER BY id LIMIT ?");
        feed = new PostgresFeed(connection, url, this);
    }

    PostgresFeed feed() {
        return feed;
    }

    EntityPage entities(String prefix, String cursor, int max) throws SQLException {
        EntityPage.requireOrdered(prefix, cursor);
        findEntities.setString(1, cursor);
        findEntities.setString(2, prefix);
        findEntities.setString(3, EntityPage.behind(prefix));
        findEntities.setInt(4, max);
        var found = new ArrayList<EntityExtent>();
        try (var rows = findEntities.executeQuery()) {
            while (rows.next()) found.add(new EntityExtent(text(rows, 1), rows.getLong(2), rows.getLong(3)));
        }
        return EntityPage.ordered(found, max);
    }

    long head(String entity) throws SQLException {
        findHead.setString(1, entity);
        try (var rows = findHead.executeQuery()) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }

    /** In one snapshot of the database: a deletion in between would look like missing records. */
    void replay(String entity, long from, long to, long max, Consumer<StoredEvent> onEvent) throws SQLException {
        inTransaction(() -> {
            replayNow(entity, from, to, max, onEvent);
            return true;
        });
    }

    private void replayNow(String entity, long from, long to, long max, Consumer<StoredEvent> onEvent)
            throws SQLException {
        var known = find(entity);
        var first = Math.max(from, known.deleted + 1);
        var last = Math.min(to, known.head);
        if (first > last || max <= 0) return;
        findEvents.setLong(1, known.number);
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
        if (next <= last && next - first < max) throw new DamagedRecord(url.toString(), entity, next, "is missing");
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
        return inTransaction(() -> loadNow(entity, range));
    }

    private Optional<Snapshot> loadNow(String entity, SnapshotRange range) throws SQLException {
        var known = find(entity);
        findSnapshots.setLong(1, known.number);
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
                        text(rows, 2),
                        Instant.ofEpochMilli(rows.getLong(3)),
                        UnsafeByteOperations.unsafeWrap(bytes(rows, 4)));
                var flaw = flaw(snapshot, known, entityBytes, rows.getLong(5));
                if (flaw.isEmpty()) return Optional.of(snapshot);
                LOG.warn(
                        "{}: the snapshot of {} at revision {} is ignored: {}", url, entity, snapshot.revision(), flaw);
            }
        }
        return Optional.empty();
    }

    /** Of a row of revision, writer, record and checksum. */
    StoredEvent event(ResultSet rows, String entity, byte[] entityBytes, long revision) throws SQLException {
        var record = bytes(rows, 3);
        if (RecordChecksum.of(entityBytes, revision, record) != rows.getLong(4))
            throw new DamagedRecord(url.toString(), entity, revision, "is damaged: its checksum does not match");
        return new StoredEvent(entity, revision, text(rows, 2), UnsafeByteOperations.unsafeWrap(record));
    }

    private String flaw(Snapshot snapshot, Known known, byte[] entityBytes, long checksum) throws SQLException {
        if (RecordChecksum.of(entityBytes, snapshot.revision(), bytes(snapshot.record())) != checksum)
            return "its checksum does not match";
        if (!verifySnapshots || known.deleted >= snapshot.revision()) return "";
        findWriter.setLong(1, known.number);
        findWriter.setLong(2, snapshot.revision());
        try (var rows = findWriter.executeQuery()) {
            if (rows.next()) {
                var differs = !snapshot.writer().isEmpty() && !snapshot.writer().equals(rows.getString(1));
                return differs ? "another writer stored the event of that revision" : "";
            }
        }
        return "the journal does not hold its last event";
    }

    private Known find(String entity) throws SQLException {
        findEntity.setString(1, entity);
        try (var rows = findEntity.executeQuery()) {
            return rows.next() ? new Known(rows.getLong(1), rows.getLong(2), rows.getLong(3)) : Known.NOBODY;
        }
    }

    <T> T inTransaction(Reading<T> reading) throws SQLException {
        connection.setAutoCommit(false);
        try {
            var result = reading.read();
            connection.commit();
            return result;
        } catch (RuntimeException | Error failure) {
            connection.rollback();
            throw failure;
        } finally {
            if (!connection.isClosed()) connection.setAutoCommit(true);
        }
    }

    private static byte[] bytes(ByteString record) {
        return record.toByteArray();
    }

    private static byte[] bytes(ResultSet rows, int column) throws SQLException {
        return Objects.requireNonNull(rows.getBytes(column), "a column that is never NULL");
    }

    static String text(ResultSet rows, int column) throws SQLException {
        return Objects.requireNonNull(rows.getString(column), "a column that is never NULL");
    }

    /** What to read in one transaction. */
    interface Reading<T> {
        T read() throws SQLException;
    }

    private record Known(long number, long head, long deleted) {
        static final Known NOBODY = new Known(0, 0, 0);
    }
}
