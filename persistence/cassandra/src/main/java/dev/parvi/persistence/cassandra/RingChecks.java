package dev.parvi.persistence.cassandra;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.loadbalancing.NodeDistance;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.servererrors.InvalidQueryException;
import com.datastax.oss.driver.api.core.servererrors.UnauthorizedException;
import dev.parvi.persistence.UnusableStore;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks, before the store serves, whether the ring can keep what we promise; refuses it, or warns. */
final class RingChecks {
    private static final Logger LOG = LoggerFactory.getLogger(RingChecks.class);
    private static final String PAXOS = "v2";
    private static final int REPLICAS = 3;

    private final CqlSession session;
    private final String keyspace;
    private final CassandraSettings.Scope scope;

    RingChecks(CqlSession session, String keyspace, CassandraSettings.Scope scope) {
        this.session = session;
        this.keyspace = keyspace;
        this.scope = scope;
    }

    /**
     * Refuses a ring whose Paxos could answer a read with less than was agreed on, or does not say whether a request was proposed
     * before it failed. Every node is asked: the setting is each one's own.
     */
    void requirePaxos() {
        for (var node : session.getMetadata().getNodes().values()) {
            var variant = setting(node, "paxos_variant", PAXOS);
            if (!variant.equals(PAXOS))
                throw new UnusableStore("Cassandra's node " + node.getEndPoint() + " has paxos_variant: " + variant
                        + " in cassandra.yaml; appends need " + PAXOS + " on every node");
        }
    }

    /**
     * Refuses to agree on appends with others than all nodes before: two halves of a cluster that ask different replicas would not
     * fence each other. The first node writes down whom it asks, agreed on by all datacenters.
     */
    void requireOneElectorate() {
        var ours = electorate();
        var rows = session.execute(SimpleStatement.newInstance(
                        "INSERT INTO " + keyspace + ".meta(name, value) VALUES ('electorate', ?) IF NOT EXISTS", ours)
                .setConsistencyLevel(ConsistencyLevel.QUORUM)
                .setSerialConsistencyLevel(ConsistencyLevel.SERIAL));
        if (rows.wasApplied()) return;
        var row = rows.one();
        if (row == null) return;
        var theirs = String.valueOf(row.getString("value"));
        if (theirs.equals(ours)) return;
        throw new UnusableStore("appends to the keyspace " + keyspace + " are agreed on by \"" + theirs
                + "\", and this node would ask \"" + ours
                + "\": set parvi.persistence.cassandra.scope and .datacenter as on the other nodes");
    }

    /** Says what could lose acknowledged events though nothing is wrong with the store: then it is for somebody to decide. */
    void warnOfRisks() {
        var nodes = session.getMetadata().getNodes().values();
        var periodic = nodes.stream()
                .filter(node -> setting(node, "commitlog_sync", "").equals("periodic"))
                .map(node -> String.valueOf(node.getEndPoint()))
                .collect(Collectors.toCollection(TreeSet::new));
        if (!periodic.isEmpty())
            LOG.warn(
                    "commitlog_sync: periodic at {}. A node that is killed forgets what it acknowledged in the last tenth of a"
                            + " second, one whose power fails ten seconds; batch or group forgets nothing",
                    periodic);
        var replicas = session.getMetadata().getKeyspace(keyspace).stream()
                .flatMap(found -> found.getReplication().entrySet().stream())
                .filter(each -> each.getValue().matches("\\d+"))
                .mapToInt(each -> Integer.parseInt(each.getValue()))
                .min()
                .orElse(REPLICAS);
        if (replicas < Math.min(REPLICAS, nodes.size()))
            LOG.warn(
                    "the keyspace {} has {} replicas on {} nodes; three survive the loss of one",
                    keyspace,
                    replicas,
                    nodes.size());
    }

    private String electorate() {
        if (scope == CassandraSettings.Scope.GLOBAL) return "all datacenters";
        return session.getMetadata().getNodes().values().stream()
                .filter(node -> node.getDistance() == NodeDistance.LOCAL)
                .map(node -> "datacenter " + node.getDatacenter())
                .findFirst()
                .orElseThrow(() -> new UnusableStore("no node of Cassandra is in the datacenter of this node"));
    }

    /** What a node says of a setting; the other value if it does not answer or may not. */
    private String setting(Node node, String name, String unknown) {
        var query = SimpleStatement.newInstance("SELECT value FROM system_views.settings WHERE name = ?", name)
                .setNode(node);
        try {
            var row = session.execute(query).one();
            return row == null ? "unknown to it" : String.valueOf(row.getString("value"));
        } catch (InvalidQueryException tooOld) {
            return "unknown to it";
        } catch (UnauthorizedException hidden) {
            LOG.warn("{} of {} cannot be checked: {}", name, node.getEndPoint(), hidden.getMessage());
        } catch (DriverException away) {
            LOG.warn("{} of {} is not checked, it does not answer: {}", name, node.getEndPoint(), away.toString());
        }
        return unknown;
    }
}
