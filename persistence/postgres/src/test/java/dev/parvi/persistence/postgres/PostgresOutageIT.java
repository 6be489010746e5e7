package dev.parvi.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parvi.entity.NotServing;
import dev.parvi.entity.OutcomeUnknown;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.EventStore.Appended;
import dev.parvi.persistence.StoreClient;
import dev.parvi.persistence.UnusableStore;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whatever happens to the server: what was acknowledged is there once, what was refused is not, and service returns. */
final class PostgresOutageIT {
    private static final int CALLERS = 24;
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration BACK_WITHIN = Duration.ofSeconds(25);
    private static final String[] IMPATIENT = {
        "postgres.connect-timeout = 1s", "postgres.statement-timeout = 1s", "postgres.outcome-timeout = 1s"
    };

    private final PostgresServer server = PostgresServer.startNew();
    private final EventStore store = server.openFresh(IMPATIENT);

    @AfterEach
    void close() {
        store.close();
        server.close();
    }

    @Test
    void a_server_that_is_killed_under_load_loses_nothing_and_is_served_again() throws Exception {
        var load = new AppendLoad(store, CALLERS);
        for (var kill = 0; kill < 4; kill++) {
            load.untilMore(300);
            server.kill();
            Thread.sleep(500);
            server.start();
            var back = load.untilMore(CALLERS);
            System.out.println("killed: served again " + back.toMillis() + " ms after the start; " + load);
            assertThat(back).isLessThan(BACK_WITHIN);
        }
        load.stop();
        load.verify(new StoreClient(store));
        assertThat(load.refused() + load.unknown()).isPositive();
    }

    @Test
    void a_server_that_is_frozen_gets_bounded_answers_and_no_more_threads() throws Exception {
        var load = new AppendLoad(store, CALLERS);
        load.untilMore(300);
        var threads = Thread.activeCount();
        server.freeze();
        Thread.sleep(5_000);
        assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads + 4);
        assertThat(store.stats().queued()).isLessThanOrEqualTo(CALLERS);
        assertThat(load.refused() + load.unknown()).isPositive();
        server.thaw();
        var back = load.untilMore(10 * CALLERS);
        System.out.println("frozen: served again " + back.toMillis() + " ms after the thaw; " + load);
        assertThat(back).isLessThan(BACK_WITHIN);
        load.stop();
        load.verify(new StoreClient(store));
        assertThat(load.slowest()).isLessThan(BACK_WITHIN);
    }

    @Test
    void connections_that_are_cut_at_any_moment_leave_no_outcome_open() throws Exception {
        try (var patient = server.openFresh("postgres.outcome-timeout = 20s")) {
            var load = new AppendLoad(patient, CALLERS);
            load.untilMore(100);
            try (var connection = server.connect();
                    var cut = connection.createStatement()) {
                for (var n = 0; n < 200; n++) {
                    cut.execute(
                            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'parvi'");
                    Thread.sleep(ThreadLocalRandom.current().nextInt(40));
                }
            }
            load.untilMore(CALLERS);
            load.stop();
            System.out.println("cut: " + load);
            load.verify(new StoreClient(patient));
            assertThat(load.unknown()).as("every doubt was cleared up").isZero();
        }
    }

    @Test
    void while_the_server_is_away_callers_are_told_at_once() throws Exception {
        var client = new StoreClient(store);
        client.append("a", 0, "w", "one");
        server.kill();
        var unused = store.head("a").handle((head, failure) -> head);
        Thread.sleep(2_500);
        var begin = System.nanoTime();
        for (var n = 0; n < 200; n++) {
            assertThat(StoreClient.failureOf(store.append(StoreClient.appendOf("a", 1, "w", "two"))))
                    .isInstanceOf(NotServing.class);
            assertThat(StoreClient.failureOf(store.head("a"))).isInstanceOf(NotServing.class);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
        server.start();
        assertThat(await().atMost(SOON).ignoreExceptions().until(() -> client.head("a"), answered -> true))
                .isEqualTo(1);
        assertThat(await().atMost(SOON)
                        .ignoreExceptions()
                        .until(() -> client.append("a", 1, "w", "two"), answered -> true))
                .isEqualTo(new Appended(2));
        assertThat(client.records("a")).containsExactly("one", "two");
    }

    @Test
    void a_commit_that_no_standby_confirms_is_not_acknowledged() {
        server.kill();
        server.start("-c", "synchronous_standby_names=nobody");
        var client = new StoreClient(store);
        // Its connections are those of the server that was killed: it may have to find that out first.
        await().atMost(SOON)
                .until(() -> StoreClient.failureOf(store.append(StoreClient.appendOf("a", 0, "w", "one")))
                        instanceof OutcomeUnknown);
        server.kill();
        server.start();
        await().atMost(SOON).ignoreExceptions().until(() -> client.append("a", 0, "w", "one"), new Appended(1)::equals);
        assertThat(client.records("a")).containsExactly("one");
    }

    @Test
    void a_server_that_does_not_sync_is_refused() {
        server.kill();
        server.start("-c", "fsync=off");
        var unsafe = "postgres.allow-unsafe-server = on";
        assertThatThrownBy(() -> server.openFresh().close())
                .isInstanceOf(UnusableStore.class)
                .hasMessageContaining("fsync=off");
        server.openFresh(unsafe).close();
    }
}
