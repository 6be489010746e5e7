package dev.parvi.persistence.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Statement;
import dev.parvi.persistence.EventStore.Slices;
import java.util.List;
import java.util.stream.IntStream;

/** The statements of the change feed, prepared once. What is written plainly is written and read at quorum, so it is never unseen. */
final class FeedCql {
    private static final List<Integer> SLICES =
            IntStream.range(0, Slices.COUNT).boxed().toList();

    private final CassandraSettings.Scope scope;
    private final PreparedStatement findEpoch;
    private final PreparedStatement moveEpoch;
    private final PreparedStatement addMark;
    private final PreparedStatement findMarks;
    private final PreparedStatement findAnyMark;
    private final PreparedStatement forgetMarks;
    private final PreparedStatement findTold;

    FeedCql(CqlSession session, String keyspace, CassandraSettings.Scope scope) {
        this.scope = scope;
        var epoch = keyspace + ".feed_epoch";
        var mark = keyspace + ".feed_mark";
        findEpoch = session.prepare("SELECT current, first FROM " + epoch + " WHERE feed = 0");
        moveEpoch = session.prepare("UPDATE " + epoch + " SET current = ?, first = ? WHERE feed = 0 IF current = ?");
        addMark = session.prepare(
                "INSERT INTO " + mark + "(epoch, slice, entity, revision, bucket) VALUES (?, ?, ?, ?, ?)");
        findMarks = session.prepare("SELECT entity, revision, bucket FROM " + mark
                + " WHERE epoch = ? AND slice = ? AND entity >= ? LIMIT ?");
        findAnyMark = session.prepare(
                "SELECT entity FROM " + mark + " WHERE epoch IN ? AND slice IN ? PER PARTITION LIMIT 1 LIMIT 1");
        forgetMarks = session.prepare("DELETE FROM " + mark + " WHERE epoch = ? AND slice IN ?");
        findTold = session.prepare("SELECT number, writer, record, checksum, epoch, head, sealed, deleted FROM "
                + keyspace + ".event WHERE entity = ? AND bucket = ? AND kind = 0 AND number >= ? LIMIT ?");
    }

    Statement<?> findEpoch() {
        return quorum(findEpoch.bind());
    }

    /** Moves on from this epoch, unless somebody has done so. */
    Statement<?> moveEpoch(long from, long first) {
        return moveEpoch
                .bind(from + 1, first, from)
                .setConsistencyLevel(scope.quorum())
                .setSerialConsistencyLevel(scope.serial())
                .setIdempotent(false);
    }

    Statement<?> mark(long epoch, int slice, String entity, long revision, long bucket) {
        return quorum(addMark.bind(epoch, slice, entity, revision, bucket));
    }

    /** Announcements of one epoch and slice, from this entity on. */
    Statement<?> findMarks(long epoch, int slice, String from, int max) {
        return quorum(findMarks.bind(epoch, slice, from, max)).setPageSize(max);
    }

    /** One announcement of these epochs and slices, if there is any. */
    Statement<?> findAnyMark(List<Long> epochs, List<Integer> slices) {
        return quorum(findAnyMark.bind(epochs, slices));
    }

    Statement<?> forgetMarks(long epoch) {
        return quorum(forgetMarks.bind(epoch, SLICES));
    }

    /** Events of one partition from this revision on, as agreed, with what the partition says of itself. */
    Statement<?> findTold(String entity, long bucket, long from, int max) {
        return findTold.bind(entity, bucket, from, max)
                .setConsistencyLevel(scope.serial())
                .setIdempotent(true)
                .setPageSize(max);
    }

    private BoundStatement quorum(BoundStatement statement) {
        return statement.setConsistencyLevel(scope.quorum()).setIdempotent(true);
    }
}
