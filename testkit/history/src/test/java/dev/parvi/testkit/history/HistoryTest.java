package dev.parvi.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.parvi.testkit.history.Operation.End;
import dev.parvi.testkit.history.Operation.Kind;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HistoryTest {
    private final AtomicLong now = new AtomicLong(1_000);
    private final History history = new History(now::get);

    @Test
    void an_operation_has_its_times_and_what_its_client_was_told() {
        now.set(1_010);
        var operation = history.command("c", "ledger", "a", "Add", "k1");
        now.set(1_030);
        operation.unanswered();
        operation.acknowledged(7, ByteString.copyFromUtf8("reply"), true);

        assertThat(operation.kind()).isEqualTo(Kind.COMMAND);
        assertThat(operation.entity()).isEqualTo("ledger/a");
        assertThat(operation.begunNanos()).isEqualTo(10);
        assertThat(operation.endedNanos()).isEqualTo(30);
        assertThat(operation.end()).isEqualTo(End.ACKNOWLEDGED);
        assertThat(operation.revision()).isEqualTo(7);
        assertThat(operation.isReplayed()).isTrue();
        assertThat(operation.unansweredAttempts()).isEqualTo(1);
        assertThat(operation).hasToString("Add k1 of c on ledger/a (0.000000 s to 0.000000 s)");
    }

    @Test
    void an_operation_ends_once() {
        var operation = history.query("c", "ledger", "a", "Read");
        operation.answered(3);

        assertThatThrownBy(operation::refused)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has ended already");
        assertThat(operation.revision()).isEqualTo(3);
    }

    @Test
    void an_operation_that_has_not_ended_tells_nothing_and_lasts_for_ever() {
        var operation = history.command("c", "ledger", "a", "Add", "k1");

        assertThat(operation.end()).isEqualTo(End.OPEN);
        assertThat(operation.endedNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(operation.storesNothing()).isFalse();
    }

    @Test
    void a_refusal_is_definite_only_if_every_attempt_was_answered() {
        var definite = history.command("c", "ledger", "a", "Add", "k1");
        definite.refused();
        var open = history.command("c", "ledger", "a", "Add", "k2");
        open.unanswered();
        open.refused();

        assertThat(definite.storesNothing()).isTrue();
        assertThat(open.storesNothing()).isFalse();
    }

    @Test
    void clients_write_from_many_threads() {
        var clients = Executors.newFixedThreadPool(8);
        var all = new ArrayList<CompletableFuture<Void>>();
        for (var client = 0; client < 8; client++) {
            var name = "c" + client;
            all.add(CompletableFuture.runAsync(
                    () -> {
                        for (var n = 0; n < 1_000; n++)
                            history.command(name, "ledger", "e" + n % 10, "Add", name + "-" + n)
                                    .acknowledged(n + 1, false);
                    },
                    clients));
        }
        all.forEach(CompletableFuture::join);
        clients.shutdown();

        assertThat(history.operations()).hasSize(8_000).allMatch(operation -> operation.end() == End.ACKNOWLEDGED);
        assertThat(history.operations().stream().map(Operation::key)).doesNotHaveDuplicates();
        assertThat(history.entities()).hasSize(10);
    }

    @Test
    void a_stream_shows_what_its_reader_saw() {
        var sightings = history.stream("r", "ledger", "a", 3);
        for (var revision = 3; revision < 100; revision++) sightings.saw(revision);
        sightings.saw(100, "k");
        sightings.ranToTheEnd();

        assertThat(sightings.firstRevision()).isEqualTo(3);
        assertThat(sightings.revisions()).hasSize(98).startsWith(3, 4).endsWith(99, 100);
        assertThat(sightings.key(0)).isEmpty();
        assertThat(sightings.key(97)).isEqualTo("k");
        assertThat(sightings.isComplete()).isTrue();
    }
}
