package dev.parvi.persistence.cassandra;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.metadata.NodeState;
import dev.parvi.persistence.UnusableStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The tables of a keyspace: one numbered script after the other. Changing them is a step of its own, never a side effect of a start. */
final class CassandraSchema {
    static final int VERSION = 2;
    private static final int REPLICAS = 3;
    private static final Duration AGREEMENT = Duration.ofSeconds(30);
    private static final Duration AGREEMENT_LOOK = Duration.ofMillis(50);
    private static final Pattern TABLE = Pattern.compile("CREATE TABLE IF NOT EXISTS (\\w+)");
    private static final Pattern END_OF_STATEMENT = Pattern.compile(";\\s*\n");

    private final CqlSession session;
    private final String keyspace;
    private final CassandraSettings settings;

    CassandraSchema(CqlSession session, String keyspace, CassandraSettings settings) {
        this.session = session;
        this.keyspace = keyspace;
        this.settings = settings;
    }

    /** Throws {@link UnusableStore} unless the tables are those of this release. */
    void requireCurrent() {
        var version = version();
        if (version.isEmpty())
            throw new UnusableStore("the keyspace " + keyspace + " has no tables of Parvi: make them with"
                    + " parvi store migrate, or set parvi.persistence.auto-migrate to on");
        refuseNewer(version.getAsInt());
        if (version.getAsInt() < VERSION)
            throw new UnusableStore(
                    "the keyspace " + keyspace + " has schema version " + version.getAsInt() + ", this release needs "
                            + VERSION + ": stop the nodes of older releases and run parvi store migrate");
    }

    /** Brings the keyspace to the version of this release, and says what was done. Safe to repeat; one process at a time. */
    String migrate() {
        createKeyspace();
        var from = version().orElse(0);
        refuseNewer(from);
        if (from == VERSION) return "the keyspace " + keyspace + " has schema version " + VERSION + " already";
        for (var next = from + 1; next <= VERSION; next++) {
            for (var statement : END_OF_STATEMENT.splitAsStream(script(next)).toList()) change(statement);
            remember(next);
        }
        return "the keyspace " + keyspace + " went from schema version " + from + " to " + VERSION;
    }

    private void refuseNewer(int version) {
        if (version > VERSION)
            throw new UnusableStore("the keyspace " + keyspace + " has schema version " + version
                    + ", this release knows up to " + VERSION + ": start the release that made it, or a newer one");
    }

    private void createKeyspace() {
        if (session.getMetadata().getKeyspace(keyspace).isPresent()) return;
        change("CREATE KEYSPACE IF NOT EXISTS " + keyspace + " WITH replication = " + replication());
    }

    private String replication() {
        var nodes = new TreeMap<>(session.getMetadata().getNodes().values().stream()
                .filter(node -> node.getDatacenter() != null)
                .collect(Collectors.groupingBy(node -> String.valueOf(node.getDatacenter()), Collectors.counting())));
        return nodes.entrySet().stream()
                .map(each -> "'" + each.getKey() + "': " + replicas(each.getValue()))
                .collect(Collectors.joining(", ", "{'class': 'NetworkTopologyStrategy', ", "}"));
    }

    private long replicas(long nodes) {
        return settings.replicationFactor() == 0 ? Math.min(REPLICAS, nodes) : settings.replicationFactor();
    }

    private OptionalInt version() {
        var exists = session.getMetadata()
                .getKeyspace(keyspace)
                .flatMap(found -> found.getTable("meta"))
                .isPresent();
        if (!exists) return OptionalInt.empty();
        var row = session.execute(SimpleStatement.newInstance(
                                "SELECT value FROM " + keyspace + ".meta WHERE name = 'schema-version'")
                        .setConsistencyLevel(ConsistencyLevel.SERIAL))
                .one();
        return row == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(row.getString("value")));
    }

    private void remember(int version) {
        session.execute(SimpleStatement.newInstance(
                        "UPDATE " + keyspace + ".meta SET value = ? WHERE name = 'schema-version' IF value = ?",
                        String.valueOf(version),
                        version == 1 ? null : String.valueOf(version - 1))
                .setConsistencyLevel(ConsistencyLevel.QUORUM));
    }

    private void change(String statement) {
        var change = statement.startsWith("CREATE KEYSPACE")
                ? SimpleStatement.newInstance(statement)
                : SimpleStatement.newInstance(withTableId(statement)).setKeyspace(keyspace);
        // A change of the schema takes longer than the requests that the time limit of the settings is for.
        session.execute(change.setTimeout(AGREEMENT));
        awaitAgreement("parvi store migrate again");
    }

    /** Throws {@link UnusableStore} unless all nodes that are up soon have the same schema. */
    void awaitAgreement(String next) {
        var end = System.nanoTime() + AGREEMENT.toNanos();
        var versions = versions();
        while (versions.values().stream().distinct().count() > 1) {
            if (System.nanoTime() - end > 0)
                throw new UnusableStore("the nodes of Cassandra do not agree on the schema, " + keyspace + " included ("
                        + versions + "): look at nodetool describecluster, mend it, then run " + next);
            LockSupport.parkNanos(AGREEMENT_LOOK.toNanos());
            versions = versions();
        }
    }

    /**
     * Two processes that make a table at the same moment would give it two ids, and rows of one of them would be lost
     * (CASSANDRA-9933). So its id follows from its name.
     */
    private String withTableId(String statement) {
        var table = TABLE.matcher(statement);
        if (!table.find()) return statement;
        var id = UUID.nameUUIDFromBytes((keyspace + "." + table.group(1)).getBytes(StandardCharsets.UTF_8));
        var end = statement.lastIndexOf(')');
        return statement.contains(" WITH ")
                ? statement + " AND id = " + id
                : statement.substring(0, end + 1) + " WITH id = " + id;
    }

    /** Asks every node itself: what one says of the others may be old. */
    private Map<String, String> versions() {
        var versions = new TreeMap<String, String>();
        for (var node : session.getMetadata().getNodes().values())
            if (node.getState() == NodeState.UP) versions.put(String.valueOf(node.getEndPoint()), versionAt(node));
        return versions;
    }

    /** A node that is up and silent may have missed a change as well as another, so it is never of the others' opinion. */
    private String versionAt(Node node) {
        var query = SimpleStatement.newInstance("SELECT schema_version FROM system.local")
                .setNode(node);
        try {
            var row = session.execute(query).one();
            return row == null ? "unknown" : String.valueOf(row.getUuid("schema_version"));
        } catch (DriverException silent) {
            return node.getState() == NodeState.UP ? "no answer" : "down";
        }
    }

    private static String script(int version) {
        var name = String.format(Locale.ROOT, "schema-%04d.cql", version);
        try (var resource = CassandraSchema.class.getResourceAsStream(name)) {
            if (resource == null) throw new IllegalStateException(name + " is missing from this build");
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(name, unreadable);
        }
    }
}
