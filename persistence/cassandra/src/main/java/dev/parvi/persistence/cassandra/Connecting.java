package dev.parvi.persistence.cassandra;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.auth.AuthenticationException;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.servererrors.UnauthorizedException;
import com.datastax.oss.driver.internal.core.loadbalancing.DcInferringLoadBalancingPolicy;
import com.datastax.oss.driver.internal.core.loadbalancing.DefaultLoadBalancingPolicy;
import com.datastax.oss.driver.internal.core.ssl.DefaultSslEngineFactory;
import dev.parvi.persistence.UnusableStore;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens a session, or says in one sentence why there is none; and looks whether the ring agrees on writes as it must. */
final class Connecting {
    private static final Logger LOG = LoggerFactory.getLogger(Connecting.class);
    private static final String PAXOS = "v2";
    private static final int REQUESTS_A_CONNECTION = 4_096;

    private Connecting() {}

    static CqlSession open(CassandraUrl url, CassandraSettings settings) {
        var builder = CqlSession.builder()
                .withApplicationName("parvi")
                .withConfigLoader(config(settings))
                .addContactPoints(url.contactPoints());
        if (!settings.login().user().isEmpty())
            builder.withAuthCredentials(
                    settings.login().user(), settings.login().password());
        try {
            return builder.build();
        } catch (AllNodesFailedException failure) {
            throw new UnusableStore(sentence(url, failure), failure);
        } catch (DriverException | IllegalArgumentException | IllegalStateException failure) {
            throw new UnusableStore("no session with Cassandra: " + failure.getMessage(), failure);
        }
    }

    /**
     * Refuses a ring whose Paxos could answer a read with less than was agreed on, or does not say whether a request was proposed
     * before it failed. Every node is asked: the setting is each one's own.
     */
    static void requirePaxos(CqlSession session) {
        for (var node : session.getMetadata().getNodes().values()) {
            var variant = setting(session, node, "paxos_variant");
            if (!variant.isEmpty() && !variant.equals(PAXOS))
                throw new UnusableStore("Cassandra's node " + node.getEndPoint() + " has paxos_variant: " + variant
                        + " in cassandra.yaml; appends need " + PAXOS + " on every node");
        }
    }

    /** Says so where one crash is enough to lose what was acknowledged: then it is for somebody to decide. */
    static void warnOfLateSyncs(CqlSession session, String keyspace) {
        var isAlone = session.getMetadata()
                .getKeyspace(keyspace)
                .map(found -> found.getReplication().values().contains("1"))
                .orElse(false);
        if (!isAlone) return;
        for (var node : session.getMetadata().getNodes().values())
            if (setting(session, node, "commitlog_sync").equals("periodic"))
                LOG.warn(
                        "{} has one replica of keyspace {} and commitlog_sync: periodic. If it is killed, what it acknowledged in"
                                + " the last tenth of a second is lost, and of ten seconds if its power fails",
                        node.getEndPoint(),
                        keyspace);
    }

    private static String setting(CqlSession session, Node node, String name) {
        var query = SimpleStatement.newInstance("SELECT value FROM system_views.settings WHERE name = ?", name)
                .setNode(node);
        try {
            var row = session.execute(query).one();
            return row == null ? "" : String.valueOf(row.getString("value"));
        } catch (UnauthorizedException hidden) {
            LOG.warn("{} of {} cannot be checked: {}", name, node.getEndPoint(), hidden.getMessage());
        } catch (DriverException away) {
            LOG.warn("{} of {} is not checked, it does not answer: {}", name, node.getEndPoint(), away.toString());
        }
        return "";
    }

    private static DriverConfigLoader config(CassandraSettings settings) {
        var quorum = settings.scope().quorum().name();
        var config = DriverConfigLoader.programmaticBuilder()
                .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, settings.requestTimeout())
                .withDuration(DefaultDriverOption.CONNECTION_CONNECT_TIMEOUT, settings.connectTimeout())
                .withDuration(DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, settings.connectTimeout())
                .withDuration(DefaultDriverOption.CONTROL_CONNECTION_TIMEOUT, settings.connectTimeout())
                .withDuration(DefaultDriverOption.HEARTBEAT_INTERVAL, Duration.ofSeconds(5))
                .withDuration(DefaultDriverOption.HEARTBEAT_TIMEOUT, settings.requestTimeout())
                .withDuration(DefaultDriverOption.RECONNECTION_BASE_DELAY, Duration.ofMillis(250))
                .withDuration(DefaultDriverOption.RECONNECTION_MAX_DELAY, Duration.ofSeconds(2))
                // We change the schema a statement at a time and look at it at once; and nothing is left to wait for at
                // the end.
                .withDuration(DefaultDriverOption.METADATA_SCHEMA_WINDOW, Duration.ofMillis(20))
                .withInt(DefaultDriverOption.NETTY_IO_SHUTDOWN_QUIET_PERIOD, 0)
                .withInt(DefaultDriverOption.NETTY_ADMIN_SHUTDOWN_QUIET_PERIOD, 0)
                .withInt(DefaultDriverOption.CONNECTION_MAX_REQUESTS, REQUESTS_A_CONNECTION)
                .withString(DefaultDriverOption.REQUEST_CONSISTENCY, quorum)
                .withString(
                        DefaultDriverOption.REQUEST_SERIAL_CONSISTENCY,
                        settings.scope().serial().name())
                .withBoolean(DefaultDriverOption.REQUEST_LOG_WARNINGS, false)
                .withBoolean(DefaultDriverOption.NETTY_DAEMON, true)
                .withInt(DefaultDriverOption.NETTY_ADMIN_SIZE, 1)
                .withClass(
                        DefaultDriverOption.LOAD_BALANCING_POLICY_CLASS,
                        settings.datacenter().isEmpty()
                                ? DcInferringLoadBalancingPolicy.class
                                : DefaultLoadBalancingPolicy.class);
        if (!settings.datacenter().isEmpty())
            config.withString(DefaultDriverOption.LOAD_BALANCING_LOCAL_DATACENTER, settings.datacenter());
        var tls = settings.tls();
        if (tls.enabled()) {
            config.withClass(DefaultDriverOption.SSL_ENGINE_FACTORY_CLASS, DefaultSslEngineFactory.class)
                    .withBoolean(DefaultDriverOption.SSL_HOSTNAME_VALIDATION, tls.verifyHost());
            if (!tls.truststore().isEmpty())
                config.withString(DefaultDriverOption.SSL_TRUSTSTORE_PATH, tls.truststore())
                        .withString(DefaultDriverOption.SSL_TRUSTSTORE_PASSWORD, tls.truststorePassword());
        }
        return config.build();
    }

    private static String sentence(CassandraUrl url, AllNodesFailedException failure) {
        var causes =
                failure.getAllErrors().values().stream().flatMap(List::stream).toList();
        for (var cause : causes)
            if (cause instanceof AuthenticationException refused)
                return "Cassandra does not let parvi.persistence.cassandra.user in: " + refused.getMessage();
        return "no node of Cassandra answers at " + url.addresses()
                + ": is it running, and is that its native_transport_port? (parvi dev cassandra starts one)";
    }
}
