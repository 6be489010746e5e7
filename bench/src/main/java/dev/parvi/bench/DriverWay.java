package dev.parvi.bench;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchType;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Statement;
import dev.parvi.persistence.cassandra.server.CassandraServers;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The driver and nothing else, on tables of two columns: what Cassandra itself takes for a write. */
final class DriverWay implements Way {
    private static final byte[] RECORD = new byte[150];

    private final CqlSession session;
    private final PreparedStatement insert;
    private final @Nullable PreparedStatement moveHead;

    private DriverWay(CassandraServers ring, boolean isConditional) {
        session = session(ring);
        var table = isConditional ? "bench.fenced" : "bench.plain";
        StockTables.execute(
                session,
                "CREATE KEYSPACE IF NOT EXISTS bench WITH replication = {'class': 'NetworkTopologyStrategy', '"
                        + ring.datacenter() + "': " + ring.nodes().size() + "}");
        StockTables.execute(
                session,
                "CREATE TABLE IF NOT EXISTS " + table
                        + "(entity text, revision bigint, record blob, head bigint static,"
                        + " PRIMARY KEY(entity, revision))");
        insert = session.prepare("INSERT INTO " + table + "(entity, revision, record) VALUES (?, ?, ?)");
        moveHead = isConditional
                ? session.prepare("UPDATE " + table + " SET head = ? WHERE entity = ? IF head = ?")
                : null;
    }

    static CqlSession session(CassandraServers ring) {
        return CqlSession.builder()
                .addContactPoint(ring.contactPoint())
                .withLocalDatacenter(ring.datacenter())
                .build();
    }

    /** Whoever writes last wins. */
    static Way plainInsert(CassandraServers ring) {
        return new DriverWay(ring, false);
    }

    /** The same row, under the condition that the head has not moved. */
    static Way conditionalBatch(CassandraServers ring) {
        return new DriverWay(ring, true);
    }

    @Override
    public CompletableFuture<?> write(String entity, long revision) {
        var row = insert.bind(entity, revision, ByteBuffer.wrap(RECORD));
        var statement = moveHead == null
                ? row.setConsistencyLevel(ConsistencyLevel.LOCAL_QUORUM)
                : BatchStatement.builder(BatchType.UNLOGGED)
                        .addStatement(moveHead.bind(revision, entity, revision == 1 ? null : revision - 1))
                        .addStatement(row)
                        .setConsistencyLevel(ConsistencyLevel.LOCAL_QUORUM)
                        .setSerialConsistencyLevel(ConsistencyLevel.LOCAL_SERIAL)
                        .build();
        return send(statement);
    }

    private CompletableFuture<Void> send(Statement<?> statement) {
        return session.executeAsync(statement).toCompletableFuture().thenAccept(DriverWay::requireApplied);
    }

    private static void requireApplied(AsyncResultSet result) {
        if (!result.wasApplied()) throw new IllegalStateException("the condition did not hold");
    }

    @Override
    public void close() {
        session.close();
    }
}
