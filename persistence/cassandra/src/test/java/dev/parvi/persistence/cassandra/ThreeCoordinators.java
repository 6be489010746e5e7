package dev.parvi.persistence.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Statement;
import com.datastax.oss.driver.api.core.metadata.Node;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.cassandra.server.CassandraServers;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Stores on one keyspace of a ring of three, each of which asks one node only, by a clock of its own, and has time. */
final class ThreeCoordinators implements AutoCloseable {
    private final EventStore[] stores;

    private ThreeCoordinators(EventStore... stores) {
        this.stores = stores;
    }

    /** The clock of the n-th store differs by the n-th duration. */
    static ThreeCoordinators open(CassandraServers servers, String url, Duration[] skews, String... changes) {
        return new ThreeCoordinators(IntStream.range(0, 3)
                .mapToObj(n -> open(servers.nodes().get(n), url, skews[n], changes))
                .toArray(EventStore[]::new));
    }

    static EventStore open(CassandraServers.Node coordinator, String url, Duration skew, String... changes) {
        var patient = Stream.of("cassandra.request-timeout = 10s", "cassandra.resolve-timeout = 25s");
        var config =
                OneNode.config(url, Stream.concat(patient, Stream.of(changes)).toArray(String[]::new));
        return CassandraStore.open(
                OneNode.settings(url), CassandraSettings.from(config), real -> through(coordinator, skew, real));
    }

    EventStore store(int n) {
        return stores[n];
    }

    @Override
    public void close() {
        Stream.of(stores).forEach(EventStore::close);
    }

    private static CqlSession through(CassandraServers.Node coordinator, Duration skew, CqlSession real) {
        return (CqlSession) Proxy.newProxyInstance(
                CqlSession.class.getClassLoader(), new Class<?>[] {CqlSession.class}, (self, method, arguments) -> {
                    if (method.getName().equals("executeAsync") && arguments[0] instanceof Statement<?> statement)
                        arguments[0] = statement
                                .setNode(find(coordinator, real))
                                .setQueryTimestamp(micros(Instant.now().plus(skew)));
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
