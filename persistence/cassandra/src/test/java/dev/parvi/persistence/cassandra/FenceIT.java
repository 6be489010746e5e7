package dev.parvi.persistence.cassandra;

import static dev.parvi.persistence.StoreClient.appendOf;
import static dev.parvi.persistence.StoreClient.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datastax.oss.driver.api.core.CqlSession;
import dev.parvi.persistence.DamagedRecord;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.EventStore.AppendResult;
import dev.parvi.persistence.EventStore.Appended;
import dev.parvi.persistence.EventStore.Fenced;
import dev.parvi.persistence.StoreClient;
import dev.parvi.persistence.UnusableStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Two stores on one keyspace, as two owners of one entity have them; and what would happen without the condition. */
final class FenceIT {
    private static final int ROUNDS = 100;

    @Test
    void of_two_owners_one_stores_each_revision() {
        var url = OneNode.freshUrl();
        try (var left = OneNode.open(url);
                var right = OneNode.open(url)) {
            for (var round = 0; round < ROUNDS; round++)
                assertThat(stored(left, right, round)).isEqualTo(1);
            assertThat(new StoreClient(left).replay("a")).hasSize(ROUNDS);
            assertThat(left.stats().fenced() + right.stats().fenced()).isEqualTo(ROUNDS);
        }
    }

    @Test
    void an_owner_that_was_replaced_without_noticing_is_fenced() {
        var url = OneNode.freshUrl();
        try (var old = OneNode.open(url);
                var rightful = OneNode.open(url)) {
            assertThat(lateAppend(old, rightful)).isEqualTo(new Fenced(2));
            assertThat(new StoreClient(old).records("a")).containsExactly("first", "second");
        }
    }

    /** The control: this test must see both being told that they have stored the same revision. */
    @Test
    void without_the_condition_both_are_told_that_they_stored() {
        var url = OneNode.freshUrl();
        OneNode.open(url).close();
        try (var old = unfenced(url);
                var rightful = unfenced(url)) {
            assertThat(lateAppend(old, rightful)).isEqualTo(new Appended(2));
            assertThat(new StoreClient(old).records("a")).containsExactly("first", "stale");
        }
    }

    private static AppendResult lateAppend(EventStore old, EventStore rightful) {
        assertThat(new StoreClient(old).append("a", 0, "old", "first")).isEqualTo(new Appended(1));
        assertThat(new StoreClient(rightful).append("a", 1, "new", "second")).isEqualTo(new Appended(2));
        return new StoreClient(old).append("a", 1, "old", "stale");
    }

    @Test
    void a_record_that_was_changed_behind_our_back_is_named() {
        var url = OneNode.freshUrl();
        var keyspace = url.substring(url.lastIndexOf('/') + 1);
        try (var store = OneNode.open(url);
                var session = OneNode.session()) {
            var client = new StoreClient(store);
            client.append("account/alice", 0, "w", "one", "two", "three");
            session.execute(
                    "UPDATE " + keyspace + ".event SET record = 0x00 WHERE entity = 'account/alice' AND bucket = 0"
                            + " AND kind = 0 AND number = 2 AND revision = 0");
            assertThatThrownBy(() -> client.replay("account/alice"))
                    .hasCauseInstanceOf(DamagedRecord.class)
                    .hasMessageContaining("account/alice at revision 2 is damaged");
            session.execute("DELETE FROM " + keyspace + ".event WHERE entity = 'account/alice' AND bucket = 0"
                    + " AND kind = 0 AND number = 2");
            assertThatThrownBy(() -> client.replay("account/alice"))
                    .hasMessageContaining("account/alice at revision 2 is missing");
        }
    }

    @Test
    void a_keyspace_without_tables_is_refused_with_what_to_do() {
        assertThatThrownBy(() -> OneNode.open(OneNode.freshUrl(), "auto-migrate = off"))
                .isInstanceOf(UnusableStore.class)
                .hasMessageContaining("has no tables of Parvi")
                .hasMessageContaining("parvi store migrate");
    }

    @Test
    void a_keyspace_of_a_newer_release_is_refused() {
        var url = OneNode.freshUrl();
        var keyspace = url.substring(url.lastIndexOf('/') + 1);
        assertThat(EventStore.migrate(OneNode.config(url))).contains("went from schema version 0 to 2");
        assertThat(EventStore.migrate(OneNode.config(url))).contains("has schema version 2 already");
        try (var session = OneNode.session()) {
            session.execute("UPDATE " + keyspace + ".meta SET value = '99' WHERE name = 'schema-version' IF EXISTS");
        }
        assertThatThrownBy(() -> OneNode.open(url))
                .isInstanceOf(UnusableStore.class)
                .hasMessage("the keyspace " + keyspace + " has schema version 99, this release knows up to 2:"
                        + " start the release that made it, or a newer one");
    }

    @Test
    void a_node_that_would_agree_with_others_is_refused() {
        var url = OneNode.freshUrl();
        OneNode.open(url).close();
        OneNode.open(url, "cassandra.datacenter = datacenter1").close();
        assertThatThrownBy(() -> OneNode.open(url, "cassandra.scope = global"))
                .isInstanceOf(UnusableStore.class)
                .hasMessageContaining("are agreed on by \"datacenter datacenter1\"")
                .hasMessageContaining("this node would ask \"all datacenters\"");
    }

    @Test
    void a_ring_that_does_not_answer_is_one_sentence() {
        assertThatThrownBy(() -> OneNode.open("cassandra://127.0.0.1:1/nowhere"))
                .isInstanceOf(UnusableStore.class)
                .hasMessageStartingWith("no node of Cassandra answers at 127.0.0.1:1: is it running");
    }

    private static long stored(EventStore left, EventStore right, int revision) {
        CompletableFuture<AppendResult> one = left.append(appendOf("a", revision, "left", "left " + revision));
        CompletableFuture<AppendResult> two = right.append(appendOf("a", revision, "right", "right " + revision));
        return java.util.stream.Stream.of(get(one), get(two))
                .filter(result -> result.<Boolean>fold(appended -> true, fenced -> false))
                .count();
    }

    /** Believes what it remembers of the head: the condition only asks that the history is not shorter. */
    private static EventStore unfenced(String url) {
        var common = OneNode.settings(url);
        var settings = CassandraSettings.from(OneNode.config(url));
        return CassandraStore.open(common, settings, FenceIT::withoutCondition);
    }

    private static CqlSession withoutCondition(CqlSession session) {
        return (CqlSession) Proxy.newProxyInstance(
                CqlSession.class.getClassLoader(), new Class<?>[] {CqlSession.class}, (self, method, arguments) -> {
                    if (method.getName().equals("prepare") && arguments[0] instanceof String statement)
                        arguments[0] =
                                statement.replace("IF head = ? AND sealed = null", "IF head >= ? AND sealed = null");
                    try {
                        return method.invoke(session, arguments);
                    } catch (InvocationTargetException failure) {
                        throw failure.getCause();
                    }
                });
    }
}
