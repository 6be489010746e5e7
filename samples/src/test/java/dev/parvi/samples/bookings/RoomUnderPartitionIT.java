package dev.parvi.samples.bookings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parvi.client.ClientOptions;
import dev.parvi.client.Command;
import dev.parvi.client.OutcomeUnknownException;
import dev.parvi.client.ParviClient;
import dev.parvi.client.RejectedException;
import dev.parvi.testkit.cluster.ClusterTest;
import dev.parvi.testkit.cluster.Fault;
import dev.parvi.testkit.cluster.TestCluster;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A room has one guest a night, though the nodes that guests ask cannot hear each other. */
@ClusterTest(nodes = 3)
final class RoomUnderPartitionIT {
    private static final int GUESTS = 30;

    @Test
    void a_night_has_one_guest_whichever_side_they_ask(TestCluster cluster) {
        try (var first = client(cluster, "A", "B");
                var second = client(cluster, "C", "B")) {
            cluster.apply(Fault.partition("A | B C"));
            var asked = IntStream.range(0, GUESTS)
                    .mapToObj(guest -> hold(guest % 2 == 0 ? first : second, guest))
                    .toList();
            var answers = asked.stream().map(CompletableFuture::join).toList();
            assertThat(answers)
                    .containsOnlyOnce("held")
                    .filteredOn("refused"::equals)
                    .hasSize(GUESTS - 1);
        }
    }

    /** Asks these nodes, one after the other, until it gets an answer. */
    private static ParviClient client(TestCluster cluster, String... nodes) {
        var urls = Stream.of(nodes).map(node -> URI.create(cluster.node(node).url()));
        return ParviClient.connect(ClientOptions.of(urls.toArray(URI[]::new)).withTimeout(Duration.ofSeconds(90)));
    }

    private static CompletableFuture<String> hold(ParviClient asked, int guest) {
        var night = HoldRequest.newBuilder()
                .setBookingId("guest" + guest)
                .setFirstNight("2026-07-01")
                .setNights(1);
        return settle(RoomHttpClient.of(asked, "blue").hold(night.build()));
    }

    /** As the client says: whoever does not know what became of a command sends it again. */
    private static CompletableFuture<String> settle(Command<Booking> hold) {
        return hold.sendAsync().handle((reply, failure) -> failure).thenCompose(failure -> {
            if (failure == null) return CompletableFuture.completedFuture("held");
            if (failure instanceof OutcomeUnknownException) return settle(hold);
            return CompletableFuture.completedFuture(failure instanceof RejectedException ? "refused" : "" + failure);
        });
    }
}
