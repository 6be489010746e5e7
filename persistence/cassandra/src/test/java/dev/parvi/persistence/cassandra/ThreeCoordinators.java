package dev.parvi.persistence.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.Statement;
import com.datastax.oss.driver.api.core.metadata.Node;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.cassandra.server.CassandraServers;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Stores on one keyspace of a ring of three, by a clock of its own each. Each asks a node of its own first, and the next one when a
 * request fails, until it has written: what the driver does by chance.
 */
final class ThreeCoordinators implements AutoCloseable {
    private final EventStore[] stores;

    private ThreeCoordinators(EventStore... stores) {
        this.stores = stores;
    }

    /** The clock of the n-th store differs by the n-th duration. */
    static ThreeCoordinators open(CassandraServers servers, String url, Duration[] skews, String... changes) {
        return new ThreeCoordinators(IntStream.range(0, 3)
                .mapToObj(n -> open(coordinators(servers, n), url, skews[n], changes))
                .toArray(EventStore[]::new));
    }

    /** A store that asks one node only. */
    static EventStore open(CassandraServers.Node coordinator, String url, Duration skew, String... changes) {
        return open(List.of(coordinator), url, skew, changes);
    }

    private static EventStore open(
            List<CassandraServers.Node> coordinators, String url, Duration skew, String... changes) {
        var patient = Stream.of("cassandra.request-timeout = 10s", "cassandra.resolve-timeout = 25s");
        var config =
                OneNode.config(url, Stream.concat(patient, Stream.of(changes)).toArray(String[]::new));
        return CassandraStore.open(
                OneNode.settings(url), CassandraSettings.from(config), real -> through(coordinators, skew, real));
    }

    EventStore store(int n) {
        return stores[n];
    }

    @Override
    public void close() {
        Stream.of(stores).forEach(EventStore::close);
    }

    private static List<CassandraServers.Node> coordinators(CassandraServers servers, int first) {
        return IntStream.range(first, first + 3)
                .mapToObj(n -> servers.nodes().get(n % 3))
                .toList();
    }

    private static CqlSession through(List<CassandraServers.Node> coordinators, Duration skew, CqlSession real) {
        var failures = new AtomicInteger();
        return (CqlSession) Proxy.newProxyInstance(
                CqlSession.class.getClassLoader(), new Class<?>[] {CqlSession.class}, (self, method, arguments) -> {
                    if (method.getName().equals("executeAsync") && arguments[0] instanceof Statement<?> statement) {
                        var coordinator = coordinators.get(failures.get() % coordinators.size());
                        return real.executeAsync(statement
                                        .setNode(find(coordinator, real))
                                        .setQueryTimestamp(micros(Instant.now().plus(skew))))
                                .whenComplete((rows, failure) -> {
                                    if (failure != null) failures.incrementAndGet();
                                    else if (statement instanceof BatchStatement) failures.set(0);
                                });
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException failure) {
                        throw failure.getCause();
                    }
                });
    }

    private static Node find(CassandraServers.Node coordinator, CqlSession session) {
        return session.getMetadata().getNodes().values().stream()
                .filter(node -> node.getEndPoint().resolve().equals(coordinator.address()))
                .findFirst()
                .orElseThrow();
    }

    private static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }
}
