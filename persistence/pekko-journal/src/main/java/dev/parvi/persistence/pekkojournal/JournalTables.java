package dev.parvi.persistence.pekkojournal;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.ResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.metadata.schema.KeyspaceMetadata;
import com.datastax.oss.driver.api.core.metadata.schema.TableMetadata;
import com.google.protobuf.ByteString;
import dev.parvi.persistence.UnusableStore;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The plugin's tables. All that is ever sent to them is in the constructor, and begins with SELECT. */
final class JournalTables {
    private static final List<String> COLUMNS = List.of(
            "persistence_id",
            "partition_nr",
            "sequence_nr",
            "timestamp",
            "writer_uuid",
            "ser_id",
            "ser_manifest",
            "event_manifest",
            "event");
    private static final String OF_PARTITION = " WHERE persistence_id = ? AND partition_nr = ?";
    /** A slice of a large ring is read in pages, and each may have to pass by large partitions. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final CqlSession session;
    private final int pageSize;
    private final PreparedStatement partitionsOfSlice;
    private final PreparedStatement rows;
    private final PreparedStatement rowsWithPayload;
    private final PreparedStatement anyRow;
    private final PreparedStatement lastRow;
    private final @Nullable PreparedStatement deletedTo;

    private JournalTables(CqlSession session, KeyspaceMetadata keyspace, PekkoJournalSettings settings) {
        this.session = session;
        this.pageSize = settings.pageSize();
        var messages = name(keyspace, settings.table());
        var light = String.join(", ", COLUMNS.subList(0, COLUMNS.size() - 1));
        partitionsOfSlice = session.prepare("SELECT DISTINCT persistence_id, partition_nr FROM " + messages
                + " WHERE token(persistence_id, partition_nr) >= ? AND token(persistence_id, partition_nr) <= ?");
        rows = session.prepare("SELECT " + light + " FROM " + messages + OF_PARTITION);
        rowsWithPayload = session.prepare("SELECT " + light + ", event FROM " + messages + OF_PARTITION);
        anyRow = session.prepare("SELECT sequence_nr FROM " + messages + OF_PARTITION + " LIMIT 1");
        lastRow = session.prepare(
                "SELECT sequence_nr FROM " + messages + OF_PARTITION + " ORDER BY sequence_nr DESC LIMIT 1");
        deletedTo = keyspace.getTable(settings.metadataTable())
                .map(there -> session.prepare("SELECT deleted_to FROM " + name(keyspace, settings.metadataTable())
                        + " WHERE persistence_id = ?"))
                .orElse(null);
    }

    /** Looks whether the tables are the plugin's. Throws {@link UnusableStore} with a sentence if they are not. */
    static JournalTables of(CqlSession session, String keyspaceName, PekkoJournalSettings settings) {
        var partitioner = session.getMetadata()
                .getTokenMap()
                .map(map -> map.getPartitionerName())
                .orElse("");
        if (!partitioner.endsWith("Murmur3Partitioner"))
            throw new UnusableStore("the ring's partitioner is " + partitioner + ": only Murmur3Partitioner is known");
        if (keyspaceName.isEmpty())
            throw new UnusableStore("the journal's URL names no keyspace: " + others(session, settings.table()));
        var keyspace = session.getMetadata().getKeyspace(CqlIdentifier.fromCql(keyspaceName));
        var table = keyspace.flatMap(there -> there.getTable(settings.table()));
        if (keyspace.isEmpty() || table.isEmpty())
            throw new UnusableStore("there is no table " + keyspaceName + "." + settings.table() + ": "
                    + others(session, settings.table()));
        requireShape(keyspaceName, table.get());
        return new JournalTables(session, keyspace.get(), settings);
    }

    /** The partitions whose tokens lie in this slice of the ring, both ends included. */
    Iterator<PartitionKey> partitions(long firstToken, long lastToken) {
        var found = session.execute(partitionsOfSlice
                .bind(firstToken, lastToken)
                .setPageSize(pageSize)
                .setTimeout(PATIENCE)
                .setIdempotent(true));
        var all = found.iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return all.hasNext();
            }

            @Override
            public PartitionKey next() {
                var row = all.next();
                return new PartitionKey(text(row, "persistence_id"), row.getLong("partition_nr"));
            }
        };
    }

    /** Hands over the rows of a partition in the order of number and time, and says whether there is any. */
    boolean read(PartitionKey partition, boolean withPayload, Consumer<JournalEvent> onRow) {
        var any = false;
        for (var row : select(withPayload ? rowsWithPayload : rows, partition)) {
            // Tables of old releases have a static column, and so rows that are no events.
            if (row.isNull("sequence_nr")) continue;
            any = true;
            onRow.accept(event(row, withPayload));
        }
        return any;
    }

    boolean hasRows(PartitionKey partition) {
        var row = select(anyRow, partition).one();
        return row != null && !row.isNull("sequence_nr");
    }

    /** The highest number in a partition that has rows. */
    long lastNumber(PartitionKey partition) {
        var row = select(lastRow, partition).one();
        return row == null ? 0 : row.getLong("sequence_nr");
    }

    /** Up to where the events are deleted, their rows gone or not; 0 if none is. */
    long deletedTo(String persistenceId) {
        if (deletedTo == null) return 0;
        var row = session.execute(deletedTo.bind(persistenceId).setIdempotent(true))
                .one();
        return row == null ? 0 : row.getLong("deleted_to");
    }

    /** The key of a partition: some of the events of a persistence id. */
    record PartitionKey(String persistenceId, long number) {
        PartitionKey at(long other) {
            return new PartitionKey(persistenceId, other);
        }
    }

    private ResultSet select(PreparedStatement statement, PartitionKey partition) {
        return session.execute(statement
                .bind(partition.persistenceId(), partition.number())
                .setPageSize(pageSize)
                .setIdempotent(true));
    }

    private static JournalEvent event(Row row, boolean withPayload) {
        var timestamp = row.getUuid("timestamp");
        if (timestamp == null) throw new IllegalStateException("a row of the journal has no timestamp");
        return new JournalEvent(
                text(row, "persistence_id"),
                row.getLong("sequence_nr"),
                timestamp,
                text(row, "writer_uuid"),
                row.getInt("ser_id"),
                text(row, "ser_manifest"),
                text(row, "event_manifest"),
                withPayload ? bytes(row.getByteBuffer("event")) : ByteString.EMPTY);
    }

    private static ByteString bytes(@Nullable ByteBuffer buffer) {
        return buffer == null ? ByteString.EMPTY : ByteString.copyFrom(buffer);
    }

    private static String text(Row row, String column) {
        var value = row.getString(column);
        return value == null ? "" : value;
    }

    private static String name(KeyspaceMetadata keyspace, String table) {
        return keyspace.getName().asCql(true) + "."
                + CqlIdentifier.fromCql(table).asCql(true);
    }

    private static void requireShape(String keyspace, TableMetadata table) {
        for (var column : COLUMNS)
            if (table.getColumn(column).isEmpty())
                throw new UnusableStore(keyspace + "." + table.getName() + " has no column " + column
                        + ": it is no journal of pekko-persistence-cassandra or of Akka's plugin since 0.80");
    }

    private static String others(CqlSession session, String table) {
        var found = session.getMetadata().getKeyspaces().values().stream()
                .filter(keyspace -> keyspace.getTable(table)
                        .filter(there -> there.getColumn("writer_uuid").isPresent())
                        .isPresent())
                .map(keyspace -> keyspace.getName().asCql(true))
                .sorted()
                .collect(Collectors.joining(", "));
        return found.isEmpty() ? "no keyspace of this ring has such a journal" : "journals are in " + found;
    }
}
