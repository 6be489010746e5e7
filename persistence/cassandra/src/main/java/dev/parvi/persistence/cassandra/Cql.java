package dev.parvi.persistence.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchStatementBuilder;
import com.datastax.oss.driver.api.core.cql.BatchType;
import com.datastax.oss.driver.api.core.cql.BatchableStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.Statement;
import dev.parvi.persistence.EventStore.Append;
import dev.parvi.persistence.EventStore.Snapshot;
import dev.parvi.persistence.RecordChecksum;

/** Every statement of the store, prepared once. What is conditional is agreed on and written at the scope's consistencies. */
final class Cql {
    private static final String PARTITION = " WHERE entity = ? AND bucket = ?";
    private static final String TAIL = "head, first, bytes, sealed, deleted, last_epoch, last_from";

    private final CassandraSettings.Scope scope;
    private final PreparedStatement beginPartition;
    private final PreparedStatement moveHead;
    private final PreparedStatement addEvent;
    private final PreparedStatement addKey;
    private final PreparedStatement seal;
    private final PreparedStatement findTail;
    private final PreparedStatement findPartitions;
    private final PreparedStatement findEvents;
    private final PreparedStatement findKeys;
    private final PreparedStatement markDeleted;
    private final PreparedStatement deleteEvents;
    private final PreparedStatement deleteKeys;
    private final PreparedStatement addSnapshot;
    private final PreparedStatement findSnapshots;
    private final PreparedStatement findSnapshotRevisions;
    private final PreparedStatement deleteSnapshots;
    private final PreparedStatement deleteSnapshot;

    Cql(CqlSession session, String keyspace, CassandraSettings.Scope scope) {
        this.scope = scope;
        var event = keyspace + ".event";
        var snapshot = keyspace + ".snapshot";
        beginPartition = session.prepare(
                "UPDATE " + event + " SET head = ?, bytes = ?, last_epoch = ?, last_from = ?, first = ?, deleted = ?"
                        + PARTITION + " IF head = null");
        moveHead = session.prepare("UPDATE " + event + " SET head = ?, bytes = ?, last_epoch = ?, last_from = ?"
                + PARTITION + " IF head = ? AND sealed = null");
        addEvent = session.prepare("INSERT INTO " + event + "(entity, bucket, kind, number, revision, writer, record,"
                + " checksum, epoch) VALUES (?, ?, 0, ?, 0, ?, ?, ?, ?)");
        addKey = session.prepare(
                "INSERT INTO " + event + "(entity, bucket, kind, number, revision) VALUES (?, ?, 1, ?, ?)");
        seal = session.prepare("UPDATE " + event + " SET sealed = true" + PARTITION + " IF head = ?");
        findTail = session.prepare("SELECT DISTINCT " + TAIL + " FROM " + event + PARTITION);
        findPartitions = session.prepare("SELECT DISTINCT entity, bucket, " + TAIL
                + ", token(entity, bucket) AS place FROM " + event + " WHERE token(entity, bucket) > ? LIMIT ?");
        findEvents = session.prepare("SELECT number, writer, record, checksum FROM " + event + PARTITION
                + " AND kind = 0 AND number >= ? AND number <= ?");
        findKeys = session.prepare("SELECT revision FROM " + event + PARTITION + " AND kind = 1 AND number = ?");
        markDeleted = session.prepare(
                "UPDATE " + event + " SET deleted = ?" + PARTITION + " IF head = ? AND deleted = ? AND sealed = ?");
        deleteEvents = session.prepare("DELETE FROM " + event + PARTITION + " AND kind = 0 AND number <= ?");
        deleteKeys = session.prepare("DELETE FROM " + event + PARTITION + " AND kind = 1");
        addSnapshot = session.prepare("INSERT INTO " + snapshot
                + "(entity, revision, writer, time, record, checksum) VALUES (?, ?, ?, ?, ?, ?)");
        findSnapshots = session.prepare("SELECT revision, writer, time, record, checksum FROM " + snapshot
                + " WHERE entity = ? AND revision >= ? AND revision <= ?");
        findSnapshotRevisions = session.prepare("SELECT revision FROM " + snapshot + " WHERE entity = ? LIMIT ?");
        deleteSnapshots = session.prepare("DELETE FROM " + snapshot + " WHERE entity = ? AND revision < ?");
        deleteSnapshot =
                session.prepare("DELETE FROM " + snapshot + " WHERE entity = ? AND revision = ? AND writer = ?");
    }

    /** The append itself: all of it, if the head is what its writer has seen and the partition is open. */
    BatchStatement append(Append append, Tail tail, long epoch) {
        var entity = append.entity();
        var after = tail.after(append, epoch);
        var from = append.expectedRevision() + 1;
        var batch = conditional(
                tail.exists()
                        ? moveHead.bind(
                                after.head(),
                                after.bytes(),
                                epoch,
                                from,
                                entity,
                                tail.bucket(),
                                append.expectedRevision())
                        : beginPartition.bind(
                                after.head(),
                                after.bytes(),
                                epoch,
                                from,
                                after.first(),
                                after.deleted(),
                                entity,
                                tail.bucket()));
        var entityBytes = RecordChecksum.entityBytes(entity);
        var revision = append.expectedRevision();
        for (var record : append.records()) {
            revision++;
            var bytes = record.bytes();
            var checksum = RecordChecksum.of(entityBytes, revision, bytes.toByteArray());
            batch.addStatement(addEvent.bind(
                    entity, tail.bucket(), revision, append.writer(), bytes.asReadOnlyByteBuffer(), checksum, epoch));
            if (!record.key().isEmpty())
                batch.addStatement(addKey.bind(entity, tail.bucket(), RecordChecksum.ofKey(record.key()), revision));
        }
        return batch.build();
    }

    /** Closes a partition for good; to do it again changes nothing. */
    Statement<?> seal(String entity, Tail tail) {
        return serial(seal.bind(entity, tail.bucket(), tail.head()));
    }

    /** Removes events of one partition, if it is as it was seen, and says so in it. All keys go once all events do. */
    Statement<?> delete(String entity, Tail partition, long revision) {
        var sealed = partition.isSealed() ? Boolean.TRUE : null;
        var batch = conditional(
                markDeleted.bind(revision, entity, partition.bucket(), partition.head(), partition.deleted(), sealed));
        batch.addStatement(deleteEvents.bind(entity, partition.bucket(), revision));
        if (revision >= partition.head()) batch.addStatement(deleteKeys.bind(entity, partition.bucket()));
        return batch.build();
    }

    /** Completes what was half agreed on, and sees every append that was answered. */
    Statement<?> findTail(String entity, long bucket) {
        return findTail.bind(entity, bucket).setConsistencyLevel(scope.serial()).setIdempotent(true);
    }

    /** Partitions of all entities, in the order of their places on the ring, behind this one. */
    Statement<?> findPartitions(long place, int max) {
        return quorum(findPartitions.bind(place, max)).setPageSize(max);
    }

    Statement<?> findEvents(String entity, long bucket, long from, long to, int pageSize) {
        return quorum(findEvents.bind(entity, bucket, from, to)).setPageSize(pageSize);
    }

    /** The same, so that it sees what was agreed on and is still on its way to a quorum. */
    Statement<?> findEventsAgreedOn(String entity, long bucket, long from, long to, int pageSize) {
        return findEvents
                .bind(entity, bucket, from, to)
                .setConsistencyLevel(scope.serial())
                .setIdempotent(true)
                .setPageSize(pageSize);
    }

    Statement<?> findKeys(String entity, long bucket, long keyHash) {
        return quorum(findKeys.bind(entity, bucket, keyHash));
    }

    Statement<?> save(Snapshot snapshot) {
        var bytes = snapshot.record();
        var checksum = RecordChecksum.of(
                RecordChecksum.entityBytes(snapshot.entity()), snapshot.revision(), bytes.toByteArray());
        return quorum(addSnapshot.bind(
                snapshot.entity(),
                snapshot.revision(),
                snapshot.writer(),
                snapshot.time().toEpochMilli(),
                bytes.asReadOnlyByteBuffer(),
                checksum));
    }

    Statement<?> findSnapshots(String entity, long from, long to) {
        return quorum(findSnapshots.bind(entity, from, to)).setPageSize(1);
    }

    /** The revisions of the newest snapshots, newest first. */
    Statement<?> findSnapshotRevisions(String entity, int max) {
        return quorum(findSnapshotRevisions.bind(entity, max));
    }

    Statement<?> deleteSnapshotsBefore(String entity, long revision) {
        return quorum(deleteSnapshots.bind(entity, revision));
    }

    Statement<?> deleteSnapshot(Snapshot snapshot) {
        return quorum(deleteSnapshot.bind(snapshot.entity(), snapshot.revision(), snapshot.writer()));
    }

    /** The partition that a row of {@link #findTail} describes. */
    static Tail tail(long bucket, Row row) {
        var head = row.getLong("head");
        return new Tail(
                bucket,
                !row.isNull("head"),
                row.getLong("first"),
                head,
                row.getLong("bytes"),
                row.getBoolean("sealed"),
                row.getLong("deleted"),
                row.getLong("last_epoch"),
                row.isNull("last_from") ? head + 1 : row.getLong("last_from"));
    }

    private BatchStatementBuilder conditional(BatchableStatement<?> condition) {
        return BatchStatement.builder(BatchType.UNLOGGED)
                .addStatement(condition)
                .setConsistencyLevel(scope.quorum())
                .setSerialConsistencyLevel(scope.serial())
                .setIdempotence(false);
    }

    private BoundStatement serial(BoundStatement statement) {
        return statement
                .setConsistencyLevel(scope.quorum())
                .setSerialConsistencyLevel(scope.serial())
                .setIdempotent(false);
    }

    private BoundStatement quorum(BoundStatement statement) {
        return statement.setConsistencyLevel(scope.quorum()).setIdempotent(true);
    }
}
