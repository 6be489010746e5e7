package dev.parvi.client;

import static dev.parvi.client.HostileServer.cut;
import static dev.parvi.client.HostileServer.event;
import static dev.parvi.client.HostileServer.openStream;
import static dev.parvi.client.HostileServer.page;
import static dev.parvi.client.HostileServer.problem;
import static dev.parvi.client.HostileServer.silence;
import static dev.parvi.client.HostileServer.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parvi.client.HostileServer.Act;
import dev.parvi.client.bank.AccountEvent;
import dev.parvi.client.bank.AccountHttpClient;
import dev.parvi.client.bank.Deposited;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class EventsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String SOON = "retry: 20\n\n";

    @Test
    void an_event_comes_with_all_that_is_told_of_it() {
        try (var server = HostileServer.playing(openStream(SOON, event(6)));
                var parvi = ParviClient.connect(server.url())) {
            var seen = follow(parvi, 5);

            await().until(() -> seen.size() == 1);
            assertThat(seen.items().get(0))
                    .isEqualTo(new Event<>(
                            "alice",
                            6,
                            Instant.parse("2026-07-01T09:30:00Z"),
                            "Deposit",
                            AccountEvent.newBuilder()
                                    .setDeposited(Deposited.newBuilder().setAmount(10))
                                    .build(),
                            false,
                            false,
                            ""));
            var request = server.received().get(0);
            assertThat(request.line()).isEqualTo("GET /account/alice/events");
            assertThat(request.header("Last-event-id")).isEqualTo("5");
            assertThat(request.header("Accept")).isEqualTo("text/event-stream");
        }
    }

    @Test
    void after_each_break_it_goes_on_behind_the_last_event() {
        var half = event(4).substring(0, 30);
        try (var server = HostileServer.playing(
                        stream(SOON, event(1), event(2)),
                        stream(SOON, event(3) + half),
                        stream(SOON),
                        cut(),
                        problem(503, "not-serving", true),
                        openStream(SOON, ":\n\n", event(4), event(5)));
                var parvi = ParviClient.connect(server.url())) {
            var seen = follow(parvi, 0);

            await().atMost(PATIENCE).until(() -> seen.size() == 5);
            assertThat(revisions(seen)).containsExactly(1L, 2L, 3L, 4L, 5L);
            assertThat(server.headers("Last-event-id")).containsExactly("0", "2", "3", "3", "3", "3");
            assertThat(seen.failure()).isNotDone();
        }
    }

    @Test
    void the_pause_is_what_the_node_says() {
        try (var server = HostileServer.playing(stream("retry: 2000\n\n", event(1)), openStream(SOON, event(2)));
                var parvi = ParviClient.connect(server.url())) {
            var seen = follow(parvi, 0);

            await().atMost(Duration.ofSeconds(30)).until(() -> seen.size() == 2);
            var gap =
                    server.received().get(1).nanos() - server.received().get(0).nanos();
            // A client that was told nothing would come back after one second.
            assertThat(Duration.ofNanos(gap)).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(20));
        }
    }

    @Test
    void a_gap_is_an_error() {
        try (var server = HostileServer.playing(stream(SOON, event(1)), openStream(SOON, event(3)));
                var parvi = ParviClient.connect(server.url())) {
            var seen = follow(parvi, 0);

            assertThat(seen.failure().orTimeout(10, TimeUnit.SECONDS).join())
                    .isInstanceOf(ParviException.class)
                    .hasMessageContaining("revision 3 of alice came after 1");
            assertThat(revisions(seen)).containsExactly(1L);
        }
    }

    @Test
    void what_was_before_a_deletion_is_no_gap() {
        var tombstone =
                "id: 9\ndata: {\"revision\":\"9\",\"time\":\"2026-07-01T09:30:00Z\",\"method\":\".Delete\",\"deleted\":true}\n\n";
        try (var server = HostileServer.playing(stream(SOON, event(1)), openStream(SOON, tombstone));
                var parvi = ParviClient.connect(server.url())) {
            var seen = follow(parvi, 0);

            await().until(() -> revisions(seen).equals(List.of(1L, 9L)));
            assertThat(seen.items()).extracting(Event::isDeleted).containsExactly(false, true);
        }
    }

    @Test
    void an_event_that_comes_again_is_an_error() {
        try (var server = HostileServer.playing(stream(SOON, event(1), event(2)), openStream(SOON, event(2)));
                var parvi = ParviClient.connect(server.url())) {
            var seen = follow(parvi, 0);

            assertThat(seen.failure().join()).hasMessageContaining("revision 2 of alice came after 2");
            assertThat(revisions(seen)).containsExactly(1L, 2L);
        }
    }

    @Test
    void a_history_may_begin_with_the_first_event_that_is_kept() {
        try (var server = HostileServer.playing(openStream(SOON, event(51), event(52)));
                var parvi = ParviClient.connect(server.url())) {
            var seen = follow(parvi, 0);

            await().until(() -> revisions(seen).equals(List.of(51L, 52L)));
        }
    }

    @Test
    void a_connection_that_died_silently_is_given_up() {
        Act beats = exchange -> {
            HostileServer.open(exchange);
            HostileServer.write(exchange, SOON + event(1));
            for (var n = 0; n < 16; n++) {
                Thread.sleep(150);
                HostileServer.write(exchange, ":\n\n");
            }
            Thread.sleep(60_000);
        };
        try (var server = HostileServer.playing(beats, silence(), openStream(SOON, event(2)));
                var parvi =
                        ParviClient.connect(ClientOptions.of(server.url()).withSilenceMax(Duration.ofMillis(1500)))) {
            var seen = follow(parvi, 0);

            await().atMost(Duration.ofSeconds(30)).until(() -> revisions(seen).equals(List.of(1L, 2L)));
            var gap =
                    server.received().get(1).nanos() - server.received().get(0).nanos();
            assertThat(Duration.ofNanos(gap)).isGreaterThan(Duration.ofMillis(16 * 150 + 1200));
        }
    }

    @Test
    void what_nobody_asked_for_stays_in_the_network() throws InterruptedException {
        var sent = new AtomicLong();
        Act flood = exchange -> {
            HostileServer.open(exchange);
            for (var n = 1L; n < 2_000_000; n++) {
                HostileServer.write(exchange, event(n));
                sent.set(n);
            }
        };
        try (var server = HostileServer.playing(flood);
                var parvi = ParviClient.connect(server.url())) {
            var seen = new Collecting<Event<AccountEvent>>(10);
            AccountHttpClient.of(parvi, "alice").eventsAfter(0).subscribe(seen);
            var before = -1L;
            while (before != sent.get() || before == 0) {
                before = sent.get();
                Thread.sleep(1000);
            }

            assertThat(revisions(seen)).hasSize(10);
            assertThat(sent.get() * event(100_000).length()).isLessThan(16L << 20);

            seen.subscription().request(100_000);
            await().atMost(Duration.ofSeconds(40)).until(() -> seen.size() == 100_010);
            assertThat(revisions(seen))
                    .isEqualTo(LongStream.rangeClosed(1, 100_010).boxed().toList());
            assertThat(server.received()).hasSize(1);
        }
    }

    @Test
    void whoever_cancels_closes_the_connection() {
        var cut = new CompletableFuture<IOException>();
        Act beats = exchange -> {
            HostileServer.open(exchange);
            HostileServer.write(exchange, SOON + event(1));
            try {
                while (true) {
                    Thread.sleep(20);
                    HostileServer.write(exchange, ":\n\n");
                }
            } catch (IOException broken) {
                cut.complete(broken);
            }
        };
        try (var server = HostileServer.playing(beats);
                var parvi = ParviClient.connect(server.url())) {
            var seen = follow(parvi, 0);
            await().until(() -> seen.size() == 1);
            seen.subscription().cancel();

            assertThat(cut).succeedsWithin(PATIENCE);
            assertThat(server.received()).hasSize(1);
        }
    }

    @Test
    void what_the_nodes_refuse_to_show_is_an_error() {
        for (var refusal : List.of(problem(404, "unknown-type", false), problem(500, "quarantined", false), page(200)))
            try (var server = HostileServer.playing(refusal);
                    var parvi = ParviClient.connect(server.url())) {
                assertThat(follow(parvi, 0).failure().join()).isInstanceOf(RejectedException.class);
                assertThat(server.received()).hasSize(1);
            }
    }

    @Test
    void closing_the_client_ends_its_streams() {
        try (var server = HostileServer.playing(openStream(SOON, event(1)));
                var parvi = ParviClient.connect(server.url())) {
            var seen = follow(parvi, 0);
            await().until(() -> seen.size() == 1);
            parvi.close();

            assertThat(seen.failure().join()).hasMessageContaining("closed");
            assertThat(follow(parvi, 0).failure().join()).hasMessageContaining("closed");
        }
    }

    @Test
    void a_subscriber_that_throws_is_cancelled() {
        try (var server = HostileServer.playing(openStream(SOON, event(1), event(2)));
                var parvi = ParviClient.connect(server.url())) {
            var calls = new AtomicLong();
            var thrown = new CompletableFuture<Throwable>();
            Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> thrown.complete(failure));
            AccountHttpClient.of(parvi, "alice").eventsAfter(0).subscribe(new Flow.Subscriber<>() {
                @Override
                public void onSubscribe(Flow.Subscription subscription) {
                    subscription.request(Long.MAX_VALUE);
                }

                @Override
                public void onNext(Event<AccountEvent> event) {
                    calls.incrementAndGet();
                    throw new AssertionError("thrown by the test");
                }

                @Override
                public void onError(Throwable failure) {
                    calls.addAndGet(100);
                }

                @Override
                public void onComplete() {}
            });

            assertThat(thrown).succeedsWithin(PATIENCE);
            await().dontCatchUncaughtExceptions().during(Duration.ofMillis(300)).until(() -> calls.get() <= 1);
            assertThat(calls).hasValue(1);
            assertThat(thrown.join()).hasMessage("thrown by the test");
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(null);
        }
    }

    @Test
    void a_feed_goes_on_behind_its_cursor() {
        var named = change("alice", 1, "") + change("bob", 1, "id: at 2é\n");
        try (var server = HostileServer.playing(
                        stream(SOON, named, change("alice", 2, "")),
                        openStream(SOON, change("alice", 2, ""), change("bob", 2, "id: at 4\n")));
                var parvi = ParviClient.connect(server.url())) {
            var seen = new Collecting<Event<AccountEvent>>(Long.MAX_VALUE);
            AccountHttpClient.changes(parvi, "").subscribe(seen);

            await().until(() -> seen.size() == 5);
            assertThat(seen.items().stream().map(event -> event.id() + event.revision()))
                    .containsExactly("alice1", "bob1", "alice2", "alice2", "bob2");
            assertThat(seen.items().stream().map(Event::cursor)).containsExactly("", "at 2é", "", "", "at 4");
            assertThat(server.received().stream().map(HostileServer.Received::line))
                    .containsExactly("GET /account/events", "GET /account/events?cursor=at%202%C3%A9");
        }
    }

    private static Collecting<Event<AccountEvent>> follow(ParviClient parvi, long after) {
        var seen = new Collecting<Event<AccountEvent>>(Long.MAX_VALUE);
        AccountHttpClient.of(parvi, "alice").eventsAfter(after).subscribe(seen);
        return seen;
    }

    private static List<Long> revisions(Collecting<Event<AccountEvent>> seen) {
        return seen.items().stream().map(Event::revision).toList();
    }

    private static String change(String id, long revision, String cursor) {
        return cursor + "data: {\"id\":\"" + id + "\",\"revision\":\"" + revision
                + "\",\"time\":\"2026-07-01T09:30:00Z\",\"hidden\":true}\n\n";
    }
}
