package dev.parvi.persistence.cassandra;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.auth.AuthenticationException;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.config.ProgrammaticDriverConfigLoaderBuilder;
import com.datastax.oss.driver.internal.core.loadbalancing.DcInferringLoadBalancingPolicy;
import com.datastax.oss.driver.internal.core.loadbalancing.DefaultLoadBalancingPolicy;
import com.datastax.oss.driver.internal.core.retry.DefaultRetryPolicy;
import com.datastax.oss.driver.internal.core.specex.ConstantSpeculativeExecutionPolicy;
import com.datastax.oss.driver.internal.core.ssl.DefaultSslEngineFactory;
import com.typesafe.config.Config;
import dev.parvi.persistence.UnusableStore;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLException;

/**
 * A connection for those who read tables that are not the event store's, with the address, the user, the TLS and the patience of
 * {@code parvi.persistence.cassandra}.
 */
public final class CassandraConnection implements AutoCloseable {
    private static final int REQUESTS_A_CONNECTION = 4_096;

    private final CqlSession session;
    private final String keyspace;

    private CassandraConnection(CqlSession session, String keyspace) {
        this.session = session;
        this.keyspace = keyspace;
    }

    /**
     * Connects to what {@code cassandra://<host>:<port>/<keyspace>} says. Throws {@link UnusableStore} with one
     * sentence if that cannot be done.
     *
     * @param name what people know the URL by
     */
    public static CassandraConnection open(String url, String name, Config config) {
        var parsed = CassandraUrl.parse(url, name);
        return new CassandraConnection(openSession(parsed, CassandraSettings.from(config)), parsed.keyspace());
    }

    /** Reads at the quorum that {@code parvi.persistence.cassandra.scope} means. */
    public CqlSession session() {
        return session;
    }

    /** Empty if the URL names none. */
    public String keyspace() {
        return keyspace;
    }

    @Override
    public void close() {
        session.close();
    }

    /** Opens a session, or says in one sentence why there is none. */
    static CqlSession openSession(CassandraUrl url, CassandraSettings settings) {
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
            var root = root(failure);
            throw new UnusableStore(
                    "no session with Cassandra: " + failure.getMessage() + (root == failure ? "" : ": " + root),
                    failure);
        }
    }

    private static DriverConfigLoader config(CassandraSettings settings) {
        var config = DriverConfigLoader.programmaticBuilder();
        setTimes(config, settings);
        setRouting(config, settings);
        config.withInt(DefaultDriverOption.CONNECTION_MAX_REQUESTS, REQUESTS_A_CONNECTION)
                .withBoolean(DefaultDriverOption.REQUEST_LOG_WARNINGS, false)
                .withBoolean(DefaultDriverOption.NETTY_DAEMON, true)
                // What an application.conf may say of the driver must not repeat an append.
                .withClass(DefaultDriverOption.RETRY_POLICY_CLASS, DefaultRetryPolicy.class)
                .withBoolean(DefaultDriverOption.REQUEST_DEFAULT_IDEMPOTENCE, false);
        setHedging(config, settings);
        if (settings.tls().enabled()) setTls(config, settings.tls());
        return config.build();
    }

    private static void setTimes(ProgrammaticDriverConfigLoaderBuilder config, CassandraSettings settings) {
        config.withDuration(DefaultDriverOption.REQUEST_TIMEOUT, settings.requestTimeout())
                .withDuration(DefaultDriverOption.CONNECTION_CONNECT_TIMEOUT, settings.connectTimeout())
                .withDuration(DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, settings.connectTimeout())
                .withDuration(DefaultDriverOption.CONTROL_CONNECTION_TIMEOUT, settings.connectTimeout())
                .withDuration(DefaultDriverOption.HEARTBEAT_INTERVAL, Duration.ofSeconds(5))
                .withDuration(DefaultDriverOption.HEARTBEAT_TIMEOUT, settings.requestTimeout())
                .withDuration(DefaultDriverOption.RECONNECTION_BASE_DELAY, Duration.ofMillis(250))
                .withDuration(DefaultDriverOption.RECONNECTION_MAX_DELAY, Duration.ofSeconds(2))
                // We change the schema a statement at a time and look at it at once.
                .withDuration(DefaultDriverOption.METADATA_SCHEMA_WINDOW, Duration.ofMillis(20))
                .withString(DefaultDriverOption.NETTY_IO_SHUTDOWN_UNIT, "MILLISECONDS")
                .withInt(DefaultDriverOption.NETTY_IO_SHUTDOWN_QUIET_PERIOD, 50)
                .withInt(DefaultDriverOption.NETTY_IO_SHUTDOWN_TIMEOUT, 5_000)
                .withString(DefaultDriverOption.NETTY_ADMIN_SHUTDOWN_UNIT, "MILLISECONDS")
                .withInt(DefaultDriverOption.NETTY_ADMIN_SHUTDOWN_QUIET_PERIOD, 50)
                .withInt(DefaultDriverOption.NETTY_ADMIN_SHUTDOWN_TIMEOUT, 5_000);
    }

    /** The driver does so only with statements that say that they may be repeated; an append never does. */
    private static void setHedging(ProgrammaticDriverConfigLoaderBuilder config, CassandraSettings settings) {
        config.withClass(
                        DefaultDriverOption.SPECULATIVE_EXECUTION_POLICY_CLASS,
                        ConstantSpeculativeExecutionPolicy.class)
                .withInt(DefaultDriverOption.SPECULATIVE_EXECUTION_MAX, 2)
                .withDuration(DefaultDriverOption.SPECULATIVE_EXECUTION_DELAY, settings.askAnotherAfter());
    }

    /** No node of another datacenter is ever asked. */
    private static void setRouting(ProgrammaticDriverConfigLoaderBuilder config, CassandraSettings settings) {
        var scope = settings.scope();
        config.withString(
                        DefaultDriverOption.REQUEST_CONSISTENCY, scope.quorum().name())
                .withString(
                        DefaultDriverOption.REQUEST_SERIAL_CONSISTENCY,
                        scope.serial().name())
                .withInt(DefaultDriverOption.LOAD_BALANCING_DC_FAILOVER_MAX_NODES_PER_REMOTE_DC, 0);
        if (settings.datacenter().isEmpty())
            config.withClass(DefaultDriverOption.LOAD_BALANCING_POLICY_CLASS, DcInferringLoadBalancingPolicy.class);
        else
            config.withClass(DefaultDriverOption.LOAD_BALANCING_POLICY_CLASS, DefaultLoadBalancingPolicy.class)
                    .withString(DefaultDriverOption.LOAD_BALANCING_LOCAL_DATACENTER, settings.datacenter());
    }

    private static void setTls(ProgrammaticDriverConfigLoaderBuilder config, CassandraSettings.Tls tls) {
        config.withClass(DefaultDriverOption.SSL_ENGINE_FACTORY_CLASS, DefaultSslEngineFactory.class)
                .withBoolean(DefaultDriverOption.SSL_HOSTNAME_VALIDATION, tls.verifyHost());
        if (tls.truststore().isEmpty()) return;
        config.withString(DefaultDriverOption.SSL_TRUSTSTORE_PATH, tls.truststore())
                .withString(DefaultDriverOption.SSL_TRUSTSTORE_PASSWORD, tls.truststorePassword());
    }

    private static String sentence(CassandraUrl url, AllNodesFailedException failure) {
        var causes =
                failure.getAllErrors().values().stream().flatMap(List::stream).toList();
        for (var cause : causes)
            if (cause instanceof AuthenticationException refused)
                return "Cassandra does not let parvi.persistence.cassandra.user in: " + refused.getMessage();
        for (var cause : causes)
            if (root(cause) instanceof SSLException || root(cause) instanceof GeneralSecurityException)
                return "no TLS with Cassandra at " + url.addresses() + ", see parvi.persistence.cassandra.tls: "
                        + root(cause).getMessage();
        return "no node of Cassandra answers at " + url.addresses()
                + ": is it running, and is that its native_transport_port? (parvi dev cassandra starts one)";
    }

    private static Throwable root(Throwable failure) {
        var cause = failure.getCause();
        return cause == null ? failure : root(cause);
    }
}
