package dev.parvi.sharding;

import static dev.parvi.entity.LedgerCommands.command;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import dev.parvi.entity.CommandOutcome;
import dev.parvi.entity.CommandOutcome.Completed;
import dev.parvi.entity.EntityCommand;
import dev.parvi.entity.Ledger;
import dev.parvi.entity.NotServing;
import dev.parvi.entity.OutcomeUnknown;
import dev.parvi.entity.Total;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A cluster of one, with the whole of sharding running. */
class ShardedEntitiesTest {
    private static final ActorSystem SYSTEM = ActorSystem.create(
            "sharded",
            ConfigFactory.parseString("""
                            pekko {
                              loglevel = WARNING
                              actor { provider = cluster, allow-java-serialization = off }
                              remote.artery.canonical { hostname = 127.0.0.1, port = 0 }
                              cluster { jmx.enabled = off, sharding.passivation.default-idle-strategy.idle-entity.interval = 100ms }
                              persistence.journal.plugin = "pekko.persistence.journal.inmem"
                              persistence.snapshot-store.plugin = "pekko.persistence.no-snapshot-store"
                            }
                            parvi.sharding { attempt-timeout = 20s, passivate-after = 3s, live-entities-max = 1000 }
                            """)
                    .withFallback(ConfigFactory.defaultReference())
                    .resolve());
    private static final ShardedEntities ENTITIES = start();

    private static ShardedEntities start() {
        var cluster = Cluster.get(SYSTEM);
        cluster.join(cluster.selfAddress());
        return ShardedEntities.start(
                SYSTEM,
                List.of(new Ledger()),
                ShardingSettings.from(SYSTEM.settings().config()),
                (entity, key) -> CompletableFuture.completedFuture(Optional.empty()));
    }

    @BeforeAll
    static void waitUntilItServes() {
        await().atMost(Duration.ofSeconds(90)).until(() -> ask("warm", "Read", 0, "") instanceof Completed);
    }

    @AfterAll
    static void stop() {
        TestKit.shutdownActorSystem(SYSTEM);
    }

    @Test
    void a_command_reaches_its_entity_and_no_other() {
        assertThat(ask("one", "Add", 5, "")).isEqualTo(completed(1, 5));
        assertThat(ask("two", "Read", 0, "")).isEqualTo(completed(0, 0));
        assertThat(ask("one", "Read", 0, "")).isEqualTo(completed(1, 5));
    }

    @Test
    void ids_may_hold_any_character() {
        for (var id : List.of("a/b", "ä ö", "100%", "a+b", "#?&", "..", "日本")) {
            assertThat(ask(id, "Add", 1, "")).isEqualTo(completed(1, 1));
        }
    }

    @Test
    void an_idle_entity_leaves_memory_and_comes_back_as_it_was() {
        ask("idle", "Add", 5, "k1");
        await().atMost(Duration.ofSeconds(60)).until(() -> ENTITIES.counts().live() == 0);

        assertThat(ask("idle", "Add", 5, "k1")).isEqualTo(new Completed(1, total(5), true));
    }

    @Test
    void the_number_of_live_entities_is_bounded() {
        var asks = new ArrayList<CompletableFuture<CommandOutcome>>();
        for (var n = 0; n < 5_000; n++) asks.add(ENTITIES.ask(command("many-" + n, "Read", 0, "")));
        var served =
                asks.stream().filter(ask -> ask.join() instanceof Completed).count();

        assertThat(served).isEqualTo(5_000);
        await().atMost(Duration.ofSeconds(60)).until(() -> ENTITIES.counts().live() <= 1_000);
    }

    @Test
    void a_deadline_in_the_past_is_not_sent() {
        var past = command(
                "late", "Add", 1, "", EntityCommand.ANY_REVISION, Instant.now().minusMillis(1));

        assertThat(ENTITIES.ask(past).join()).isInstanceOf(NotServing.class);
        assertThat(ask("late", "Read", 0, "")).isEqualTo(completed(0, 0));
    }

    @Test
    void ten_thousand_asks_start_no_threads() {
        var threads = ManagementFactory.getThreadMXBean();
        for (var n = 0; n < 500; n++) ask("threads", "Read", 0, "");
        var before = threads.getTotalStartedThreadCount();
        for (var n = 0; n < 10_000; n++) ask("threads", "Read", 0, "");

        assertThat(threads.getTotalStartedThreadCount() - before).isLessThan(50);
    }

    @Test
    void a_type_that_the_node_does_not_run_is_not_served() {
        var nobody = ShardedEntities.start(
                SYSTEM,
                List.of(),
                ShardingSettings.from(SYSTEM.settings().config()),
                (entity, key) -> CompletableFuture.completedFuture(Optional.empty()));

        assertThat(nobody.ask(command("a", "Add", 1, "")).join()).isInstanceOf(NotServing.class);
    }

    private static CommandOutcome ask(String id, String method, long amount, String key) {
        var outcome = ENTITIES.ask(command(id, method, amount, key)).join();
        assertThat(outcome).isNotInstanceOf(OutcomeUnknown.class);
        return outcome;
    }

    private static Completed completed(long revision, long total) {
        return new Completed(revision, total(total), false);
    }

    private static Total total(long total) {
        return Total.newBuilder().setTotal(total).build();
    }
}
