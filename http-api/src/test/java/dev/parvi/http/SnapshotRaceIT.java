package dev.parvi.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parvi.http.proto.WalletEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many begin to follow while others write as fast as they can: what is sent fits together, for each of them. */
@Timeout(60)
final class SnapshotRaceIT {
    private static final String ID = WalletHistory.REAL + "hot";
    private static final int WRITERS = 3;
    private static final int READERS = 8;
    private static final int VIEWS_EACH = 15;
    private static final int EVENTS_EACH = 30;
    private static final int DEPOSITS_MAX = 50_000;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger reading = new AtomicInteger(READERS);
    private final AtomicInteger deposits = new AtomicInteger();

    @Test
    void each_reader_sees_what_the_events_up_to_a_revision_make_and_then_each_event_once() throws Exception {
        try (var edge = new TestEdge("")) {
            for (var n = 0; n < WRITERS; n++) threads.execute(() -> write(edge));
            var readers = new ArrayList<CompletableFuture<List<View>>>();
            for (var n = 0; n < READERS; n++)
                readers.add(CompletableFuture.supplyAsync(() -> readViews(edge), threads)
                        .whenComplete((views, failure) -> reading.decrementAndGet()));
            var views = readers.stream()
                    .flatMap(reader -> reader.orTimeout(50, TimeUnit.SECONDS).join().stream())
                    .toList();

            var balances = balances(edge);
            assertThat(views).hasSize(READERS * VIEWS_EACH).allSatisfy(view -> view.requireFitting(balances));
            assertThat(views.stream().map(View::revision).distinct().count())
                    .as("different moments, with %s deposits", deposits)
                    .isGreaterThan(READERS);
        } finally {
            reading.set(0);
            threads.shutdownNow();
        }
    }

    private void write(TestEdge edge) {
        while (reading.get() > 0 && deposits.incrementAndGet() < DEPOSITS_MAX) {
            var amount = ThreadLocalRandom.current().nextInt(1, 1_000);
            edge.post("/wallet/" + ID + "/deposit", "{\"amount\":" + amount + "}");
        }
    }

    private static List<View> readViews(TestEdge edge) {
        var views = new ArrayList<View>();
        while (views.size() < VIEWS_EACH) views.add(view(edge));
        return views;
    }

    private static View view(TestEdge edge) {
        try (var lines = SnapshotIT.read(edge, "/wallet/" + ID)) {
            var data = lines.filter(line -> line.startsWith("data: "))
                    .limit(EVENTS_EACH + 1)
                    .map(line -> ContractCheck.read(line.substring("data: ".length())))
                    .toList();
            var snapshot = data.get(0);
            return new View(
                    snapshot.path("revision").asLong(),
                    snapshot.path("snapshot").path("balance").asLong(),
                    data.stream()
                            .skip(1)
                            .map(event -> event.path("revision").asLong())
                            .toList(),
                    data.stream()
                            .skip(1)
                            .map(event -> event.at("/event/deposited/amount").asLong())
                            .toList());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** By revision, from what is stored. */
    private static List<Long> balances(TestEdge edge) throws IOException {
        var balances = new ArrayList<>(List.of(0L));
        for (var stored : edge.entities.events(ID, 0, Integer.MAX_VALUE >> 1))
            balances.add(balances.get(balances.size() - 1)
                    + WalletEvent.parseFrom(stored.getPayload()).getDeposited().getAmount());
        return balances;
    }

    /** What one reader saw: a balance at a revision, then events. */
    private record View(long revision, long balance, List<Long> revisions, List<Long> amounts) {
        void requireFitting(List<Long> balances) {
            assertThat(balance).as("the balance at " + revision).isEqualTo(balances.get((int) revision));
            assertThat(revisions).hasSize(EVENTS_EACH);
            var sum = balance;
            for (var n = 0; n < EVENTS_EACH; n++) {
                assertThat(revisions.get(n)).isEqualTo(revision + n + 1);
                sum += amounts.get(n);
                assertThat(sum).isEqualTo(balances.get((int) revision + n + 1));
            }
        }
    }
}
