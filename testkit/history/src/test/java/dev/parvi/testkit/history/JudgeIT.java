package dev.parvi.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.parvi.entity.CommandOutcome;
import dev.parvi.entity.CommandPipeline;
import dev.parvi.entity.CommandPipeline.Limits;
import dev.parvi.entity.EntityCommand;
import dev.parvi.entity.EntityType;
import dev.parvi.entity.Ledger;
import dev.parvi.entity.LedgerCommands;
import dev.parvi.entity.LedgerEvent;
import dev.parvi.entity.LedgerState;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.EventStore.Append;
import dev.parvi.persistence.EventStore.Appended;
import dev.parvi.persistence.EventStore.Record;
import dev.parvi.protobuf.EventRecord;
import dev.parvi.protobuf.JournalRecord;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients of ledgers that a real SQLite file keeps, decided by the real pipeline. */
class JudgeIT {
    private static final Limits LIMITS = new Limits(128, Duration.ofHours(24));
    private static final int CLIENTS = 6;
    private static final int COMMANDS = 400;

    @TempDir
    Path folder;

    private final Map<String, Owner> owners = new ConcurrentHashMap<>();
    private final History history = new History();

    @BeforeEach
    void clients_work() {
        try (var store = open()) {
            var clients = Executors.newFixedThreadPool(CLIENTS);
            var all = new ArrayList<CompletableFuture<Void>>();
            for (var client = 0; client < CLIENTS; client++) {
                var name = "c" + client;
                all.add(CompletableFuture.runAsync(() -> work(store, name), clients));
            }
            all.forEach(CompletableFuture::join);
            clients.shutdown();
        }
    }

    @Test
    void what_a_real_store_kept_holds() {
        var verdict = judged();

        assertThat(verdict.sentences()).isEmpty();
        assertThat(verdict.holds()).isTrue();
        assertThat(verdict.counts().acknowledged()).isGreaterThan(COMMANDS);
        assertThat(verdict.counts().refused()).isPositive();
        assertThat(verdict.counts().stored()).isGreaterThan(COMMANDS);
        assertThat(verdict.counts().strangers()).isZero();
        assertThat(verdict.counts().deleted()).isEqualTo(1);
    }

    @Test
    void an_event_that_somebody_removed_is_found() throws SQLException {
        tamper("DELETE FROM event WHERE revision = 5 AND entity = (SELECT number FROM entity WHERE id = 'ledger/e1')");

        assertThat(judged().sentences())
                .anySatisfy(
                        sentence -> assertThat(sentence).startsWith("replay: the record of ledger/e1 at revision 5 "));
    }

    @Test
    void a_command_that_another_entity_stored_is_found() {
        history.command("x", "ledger", "e1", "Add", "astray-1").acknowledged(1, false);
        var owner = new Owner("nobody-sends-here");
        try (var store = open()) {
            owner.send(store, LedgerCommands.command("nobody-sends-here", "Add", 1, "astray-1"));
        }

        assertThat(judged().sentences())
                .contains("wrong entity: ledger/nobody-sends-here revision 1 has the key astray-1, which was sent to"
                        + " ledger/e1");
    }

    private EventStore open() {
        return EventStore.open(
                ConfigFactory.parseMap(Map.of("parvi.persistence.store", "sqlite:" + folder.resolve("store.db")))
                        .withFallback(ConfigFactory.defaultReference())
                        .resolve());
    }

    private void tamper(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("store.db"));
                var statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(sql)).isEqualTo(1);
        }
    }

    private void work(EventStore store, String client) {
        var random = new Random(client.hashCode());
        for (var n = 0; n < COMMANDS; n++) {
            var id = "e" + random.nextInt(5);
            var method = List.of("Add", "Split", "Take").get(random.nextInt(3));
            var amount = random.nextInt(20);
            var command = LedgerCommands.command(id, method, amount, client + "." + n + "-" + amount);
            if (client.equals("c0") && n == COMMANDS / 2) command = LedgerCommands.deletion("e0", "end-0");
            send(store, client, command);
            if (random.nextInt(10) == 0) send(store, client, command);
            if (random.nextInt(10) == 0) ask(store, client, id);
        }
    }

    private void send(EventStore store, String client, EntityCommand command) {
        var operation =
                history.command(client, "ledger", command.id(), command.method().name(), command.idempotencyKey());
        var outcome = owner(command.id()).send(store, command);
        outcome.fold(
                completed -> {
                    operation.acknowledged(
                            completed.revision(), completed.reply().toByteString(), completed.replayed());
                    return true;
                },
                rejection -> {
                    operation.refused();
                    return false;
                },
                notServing -> false,
                unknown -> false);
    }

    private void ask(EventStore store, String client, String id) {
        var operation = history.confirmedQuery(client, "ledger", id, "Read");
        operation.answered(owner(id).revision(store));
    }

    private Verdict judged() {
        try (var store = open()) {
            return Judge.of(Script::requestOf, new Ledger()).judge(history, Journal.of(store));
        }
    }

    private Owner owner(String id) {
        return owners.computeIfAbsent(id, Owner::new);
    }

    /** The one copy of an entity. */
    private static final class Owner {
        private final String id;
        private final CommandPipeline<LedgerState, LedgerEvent> pipeline;

        Owner(String id) {
            this.id = "ledger/" + id;
            this.pipeline = CommandPipeline.of(new Ledger(), id, LIMITS);
        }

        synchronized CommandOutcome send(EventStore store, EntityCommand command) {
            var revision = pipeline.revision();
            return pipeline.decide(command, Instant.now()).fold(answer -> answer.outcome(), append -> {
                var records = append.events().stream().map(Owner::record).toList();
                var stored =
                        store.append(new Append(id, revision, "owner", records)).join();
                assertThat(stored).isEqualTo(new Appended(pipeline.revision()));
                if (command.method().name().equals(EntityType.DELETION))
                    store.deleteTo(id, pipeline.revision() - 1).join();
                return append.outcome();
            });
        }

        synchronized long revision(EventStore store) {
            return Objects.requireNonNull(store.head(id).join());
        }

        private static Record record(EventRecord event) {
            return new Record(
                    JournalRecord.newBuilder().setEvent(event).build().toByteString(),
                    event.getOutcome().getIdempotencyKey());
        }
    }
}
