package dev.parvi.persistence.cassandra;

import static dev.parvi.persistence.StoreClient.get;
import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.EventStore.Appended;
import dev.parvi.persistence.StoreClient;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What is done by another node after a deletion has looked at a partition, and before it is carried out there. */
final class LateDeletionsIT {
    private static final Runnable NOTHING = () -> {};

    private final String url = OneNode.freshUrl();
    private final AtomicReference<Runnable> meanwhile = new AtomicReference<>(NOTHING);

    /** A deletion of all events takes all keys of the partition with it. */
    @Test
    void the_key_of_an_event_that_comes_meanwhile_is_kept() {
        try (var store = late();
                var other = OneNode.open(url)) {
            var rival = new StoreClient(other);
            rival.appendKeyed("a", 0, "k1", "k2");
            meanwhile.set(() -> rival.appendKeyed("a", 2, "k3"));
            get(store.deleteTo("a", 2));
            requireDone();
            assertThat(new StoreClient(store).records("a")).containsExactly("k3!");
            assertThat(new StoreClient(store).find("a", "k3")).containsExactly(3L);
        }
    }

    @Test
    void a_deletion_that_goes_further_meanwhile_is_not_taken_back() {
        try (var store = late();
                var other = OneNode.open(url)) {
            var rival = new StoreClient(other);
            rival.append("a", 0, "w", "1", "2", "3");
            meanwhile.set(() -> get(other.deleteTo("a", 2)));
            get(store.deleteTo("a", 1));
            requireDone();
            assertThat(new StoreClient(store).records("a")).containsExactly("3");
        }
    }

    /** The next partition says how far the history was deleted when it was begun. */
    @Test
    void a_partition_that_is_sealed_meanwhile_is_looked_at_again() {
        try (var store = late("cassandra.bucket-events-max = 2");
                var other = OneNode.open(url, "cassandra.bucket-events-max = 2")) {
            var rival = new StoreClient(other);
            rival.append("a", 0, "w", "1", "2");
            meanwhile.set(() -> assertThat(rival.append("a", 2, "w", "3")).isEqualTo(new Appended(3)));
            get(store.deleteTo("a", 2));
            requireDone();
            assertThat(new StoreClient(store).records("a")).containsExactly("3");
        }
    }

    private void requireDone() {
        assertThat(meanwhile).as("nothing came between").hasValue(NOTHING);
    }

    private EventStore late(String... changes) {
        var settings = CassandraSettings.from(OneNode.config(url, changes));
        return CassandraStore.open(OneNode.settings(url), settings, this::session);
    }

    private CqlSession session(CqlSession real) {
        return (CqlSession) Proxy.newProxyInstance(
                CqlSession.class.getClassLoader(), new Class<?>[] {CqlSession.class}, (self, method, arguments) -> {
                    if (method.getName().equals("executeAsync")
                            && arguments[0] instanceof BatchStatement batch
                            && isDeletion(batch))
                        return CompletableFuture.runAsync(meanwhile.getAndSet(NOTHING))
                                .thenCompose(done -> real.executeAsync(batch));
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException failure) {
                        throw failure.getCause();
                    }
                });
    }

    private static boolean isDeletion(BatchStatement batch) {
        return batch.iterator().next() instanceof BoundStatement first
                && first.getPreparedStatement().getQuery().contains("SET deleted = ?");
    }
}
