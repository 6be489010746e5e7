package dev.parvi.persistence.postgres;

import static dev.parvi.persistence.StoreClient.appendOf;
import static dev.parvi.persistence.StoreClient.failureOf;
import static dev.parvi.persistence.StoreClient.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parvi.entity.OutcomeUnknown;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.EventStore.AppendResult;
import dev.parvi.persistence.EventStore.Appended;
import dev.parvi.persistence.EventStore.Fenced;
import dev.parvi.persistence.StoreClient;
import dev.parvi.persistence.postgres.CuttingProxy.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The connection is lost exactly when a transaction commits. */
final class LostCommitIT {
    private static int schemas;

    private final PostgresServer server = PostgresServer.shared();
    private final CuttingProxy proxy = new CuttingProxy(server.port());
    private final String schema = "lost" + ++schemas;
    private EventStore store = open();

    LostCommitIT() throws IOException {}

    private EventStore open() {
        var url = "postgres://" + PostgresServer.USER + "@127.0.0.1:" + proxy.port() + "/postgres";
        return EventStore.open(server.configAt(url, schema, "postgres.writers = 1", "postgres.outcome-timeout = 10s"));
    }

    @BeforeEach
    void connect() {
        new StoreClient(store).append("first", 0, "w", "the writer is connected");
    }

    @AfterEach
    void close() throws IOException {
        store.close();
        proxy.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"LOSE_COMMIT", "KEEP_COMMIT", "LOSE_ANSWER"})
    void a_lost_commit_is_cleared_up_and_stored_once(Fault fault) {
        var client = new StoreClient(store);
        client.append("a", 0, "w", "one");
        proxy.next(fault);
        assertThat(client.append("a", 1, "w", "two", "three")).isEqualTo(new Appended(3));
        assertThat(proxy.hasStruck()).isTrue();
        assertThat(client.append("a", 3, "w", "four")).isEqualTo(new Appended(4));
        assertThat(client.records("a")).containsExactly("one", "two", "three", "four");
        assertThat(store.stats().failed() + store.stats().fenced()).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"LOSE_COMMIT", "KEEP_COMMIT", "LOSE_ANSWER"})
    void a_group_whose_commit_was_lost_is_stored_once(Fault fault) {
        proxy.next(fault);
        var results = new ArrayList<CompletableFuture<AppendResult>>();
        for (var n = 0; n < 100; n++) results.add(store.append(appendOf("e" + n % 40, n / 40, "w", "x" + n)));
        results.add(store.append(appendOf("e0", 0, "rival", "lost")));
        for (var n = 0; n < 100; n++) assertThat(get(results.get(n))).isEqualTo(new Appended(n / 40 + 1));
        assertThat(get(results.get(100))).isEqualTo(new Fenced(3));
        assertThat(new StoreClient(store).records("e0")).containsExactly("x0", "x40", "x80");
    }

    @Test
    void without_a_writer_a_stored_append_cannot_be_told_from_a_rivals() {
        proxy.next(Fault.LOSE_ANSWER);
        assertThat(failureOf(store.append(appendOf("a", 0, "", "one")))).isInstanceOf(OutcomeUnknown.class);
        assertThat(new StoreClient(store).records("a")).containsExactly("one");
        proxy.next(Fault.LOSE_COMMIT);
        assertThat(get(store.append(appendOf("b", 0, "", "one")))).isEqualTo(new Appended(1));
    }

    @Test
    void a_lost_deletion_and_a_lost_snapshot_are_made_up_for() {
        var client = new StoreClient(store);
        client.append("a", 0, "w", "one", "two");
        proxy.next(Fault.LOSE_COMMIT);
        client.save("a", 1, "after 1");
        proxy.next(Fault.LOSE_ANSWER);
        get(store.deleteTo("a", 1));
        assertThat(client.load("a")).contains("after 1");
        assertThat(client.records("a")).containsExactly("two");
    }

    @Test
    void a_rival_that_wrote_meanwhile_wins_and_nothing_is_unknown() throws Exception {
        var client = new StoreClient(store);
        client.append("a", 0, "w", "one");
        try (var rival = EventStore.open(server.config(schema))) {
            proxy.next(Fault.LOSE_COMMIT);
            var ours = store.append(appendOf("a", 1, "w", "ours"));
            var theirs = rival.append(appendOf("a", 1, "rival", "theirs"));
            var results = new ArrayList<>(List.of(get(ours), get(theirs)));
            assertThat(results).containsExactlyInAnyOrder(new Appended(2), new Fenced(2));
            assertThat(client.records("a")).hasSize(2);
        }
    }
}
