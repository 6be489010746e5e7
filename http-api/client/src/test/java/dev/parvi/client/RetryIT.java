package dev.parvi.client;

import static dev.parvi.client.HostileServer.balance;
import static dev.parvi.client.HostileServer.cut;
import static dev.parvi.client.HostileServer.page;
import static dev.parvi.client.HostileServer.problem;
import static dev.parvi.client.HostileServer.silence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.parvi.client.HostileServer.Act;
import dev.parvi.client.bank.AccountHttpClient;
import dev.parvi.client.bank.Balance;
import dev.parvi.client.bank.DepositRequest;
import dev.parvi.client.bank.GetRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class RetryIT {
    private static final DepositRequest DEPOSIT =
            DepositRequest.newBuilder().setAmount(100).build();
    private static final Act NOT_SERVING = problem(503, "not-serving", true);
    private static final Act UNKNOWN = problem(504, "outcome-unknown", true);
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofSeconds(5);

    @Test
    void a_reply_comes_with_its_revision_and_key() {
        try (var server = HostileServer.playing(balance(100, 1));
                var parvi = ParviClient.connect(server.url())) {
            var reply = AccountHttpClient.of(parvi, "a/l i+c*é")
                    .deposit(DEPOSIT)
                    .withKey("k1")
                    .send();

            assertThat(reply)
                    .isEqualTo(new Reply<>(Balance.newBuilder().setBalance(100).build(), 1, "k1", false));
            var request = server.received().get(0);
            assertThat(request.line()).isEqualTo("POST /account/a%2Fl%20i%2Bc%2A%C3%A9/deposit");
            assertThat(request.body()).isEqualTo(DEPOSIT.toByteArray());
            assertThat(request.header("Idempotency-key")).isEqualTo("k1");
            assertThat(request.header("Content-type")).isEqualTo("application/protobuf");
            assertThat(request.header("If-match")).isEmpty();
        }
    }

    @Test
    void the_options_of_a_command_become_headers() {
        try (var server = HostileServer.playing(balance(100, 1));
                var parvi =
                        ParviClient.connect(ClientOptions.of(server.url()).withHeader("Authorization", "Bearer t"))) {
            AccountHttpClient.of(parvi, "alice")
                    .deposit(DEPOSIT)
                    .ifRevision(12)
                    .within(Duration.ofSeconds(4))
                    .send();

            var request = server.received().get(0);
            assertThat(request.header("If-match")).isEqualTo("\"12\"");
            assertThat(request.header("Authorization")).isEqualTo("Bearer t");
            assertThat(Double.parseDouble(request.header("Request-timeout"))).isBetween(0.5, 1.9);
        }
    }

    @Test
    void all_attempts_of_a_command_have_one_key_and_one_body() {
        try (var server = HostileServer.playing(NOT_SERVING, cut(), UNKNOWN, page(502), balance(100, 1));
                var parvi = ParviClient.connect(server.url())) {
            var deposit = AccountHttpClient.of(parvi, "alice").deposit(DEPOSIT);

            assertThat(deposit.send().value().getBalance()).isEqualTo(100);

            assertThat(server.received())
                    .hasSize(5)
                    .allSatisfy(request -> assertThat(request.body()).isEqualTo(DEPOSIT.toByteArray()));
            assertThat(server.headers("Idempotency-key")).containsOnly(deposit.key());
        }
    }

    @Test
    void two_commands_have_two_keys() {
        try (var server = HostileServer.playing(balance(100, 1));
                var parvi = ParviClient.connect(server.url())) {
            var alice = AccountHttpClient.of(parvi, "alice");
            for (var n = 0; n < 10; n++) alice.deposit(DEPOSIT).send();

            assertThat(new HashSet<>(server.headers("Idempotency-key")))
                    .hasSize(10)
                    .doesNotContain("");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {503, 429})
    void a_node_that_asks_for_a_pause_gets_it(int status) {
        try (var server = HostileServer.playing(
                        problem(status, "not-serving", status == 503, "Retry-After", "1"), balance(100, 1));
                var parvi = ParviClient.connect(server.url())) {
            AccountHttpClient.of(parvi, "alice").deposit(DEPOSIT).send();

            assertThat(gaps(server))
                    .singleElement()
                    .satisfies(gap -> assertThat(gap).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(8)));
        }
    }

    @Test
    void pauses_grow() {
        try (var server = HostileServer.playing(NOT_SERVING);
                var parvi = ParviClient.connect(server.url())) {
            assertThatThrownBy(() -> AccountHttpClient.of(parvi, "alice")
                            .deposit(DEPOSIT)
                            .within(SHORT)
                            .send())
                    .isInstanceOf(NotServingException.class);

            var gaps = gaps(server);
            assertThat(gaps).hasSizeBetween(2, 6);
            for (var n = 0; n < gaps.size(); n++)
                assertThat(gaps.get(n)).isGreaterThanOrEqualTo(Duration.ofMillis(50L << n));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid-body",
        "403, permission-denied",
        "404, unknown-type",
        "409, failed-precondition",
        "412, revision-mismatch",
        "422, invalid-argument",
        "429, resource-exhausted",
        "500, entity-failed",
        "500, quarantined"
    })
    void what_is_refused_is_not_sent_again(int status, String code) {
        try (var server = HostileServer.playing(problem(status, code, false), balance(100, 1));
                var parvi = ParviClient.connect(server.url())) {
            var failure = catchThrowableOfType(
                    RejectedException.class,
                    () -> AccountHttpClient.of(parvi, "alice").deposit(DEPOSIT).send());

            assertThat(server.received()).hasSize(1);
            assertThat(failure.problem())
                    .isEqualTo(new Problem(
                            status, code, "amount: too low", List.of(new Problem.Field("amount", "too low")), false));
            assertThat(failure).hasMessageContaining("POST /account/alice/deposit: " + status + " " + code);
            assertThat(failure.getStackTrace())
                    .anyMatch(frame -> frame.getClassName().contains("RetryIT"));
        }
    }

    @Test
    void a_refusal_after_an_attempt_without_an_answer_proves_nothing() {
        try (var server = HostileServer.playing(cut(), problem(409, "failed-precondition", false));
                var parvi = ParviClient.connect(server.url())) {
            var deposit = AccountHttpClient.of(parvi, "alice").deposit(DEPOSIT);

            assertThatThrownBy(deposit::send).isInstanceOfSatisfying(OutcomeUnknownException.class, unknown -> {
                assertThat(unknown.key()).isEqualTo(deposit.key());
                assertThat(unknown.problem().code()).isEqualTo("failed-precondition");
            });
        }
    }

    @Test
    void a_refusal_after_an_attempt_that_stored_nothing_is_one() {
        try (var server = HostileServer.playing(NOT_SERVING, problem(409, "failed-precondition", false));
                var parvi = ParviClient.connect(server.url())) {
            assertThatThrownBy(() -> AccountHttpClient.of(parvi, "alice")
                            .deposit(DEPOSIT)
                            .send())
                    .isInstanceOf(RejectedException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {502, 503, 504, 500, 200})
    void who_is_no_node_leaves_the_outcome_unknown(int status) {
        try (var server = HostileServer.playing(page(status));
                var parvi = ParviClient.connect(server.url())) {
            assertThatThrownBy(() -> AccountHttpClient.of(parvi, "alice")
                            .deposit(DEPOSIT)
                            .within(SHORT)
                            .send())
                    .isInstanceOf(OutcomeUnknownException.class);
            assertThat(server.received()).hasSizeGreaterThanOrEqualTo(status > 500 ? 2 : 1);
        }
    }

    @Test
    void silence_leaves_the_outcome_unknown_and_the_same_command_settles_it() {
        var isSilent = new AtomicBoolean(true);
        Act node = exchange -> (isSilent.get() ? silence() : balance(100, 1)).answer(exchange);
        try (var server = HostileServer.playing(node);
                var parvi = ParviClient.connect(ClientOptions.of(server.url()).withTimeout(LONG))) {
            var deposit = AccountHttpClient.of(parvi, "alice").deposit(DEPOSIT).within(Duration.ofSeconds(3));
            var start = Instant.now();

            assertThatThrownBy(deposit::send)
                    .isInstanceOfSatisfying(
                            OutcomeUnknownException.class,
                            unknown -> assertThat(unknown.key()).isEqualTo(deposit.key()))
                    .hasMessageContaining("no answer in time");
            assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(20));

            isSilent.set(false);
            assertThat(deposit.within(LONG).send().value().getBalance()).isEqualTo(100);
            assertThat(server.headers("Idempotency-key")).hasSizeGreaterThan(1).containsOnly(deposit.key());
        }
    }

    @Test
    void a_node_that_is_silent_leaves_time_for_another() throws IOException {
        try (var silent = HostileServer.playing(silence());
                var good = HostileServer.playing(balance(100, 1));
                var parvi = ParviClient.connect(silent.url(), good.url())) {
            for (var n = 0; n < 2; n++)
                assertThat(AccountHttpClient.of(parvi, "alice")
                                .deposit(DEPOSIT)
                                .within(Duration.ofSeconds(3))
                                .send()
                                .revision())
                        .isEqualTo(1);
            assertThat(silent.received()).hasSizeLessThanOrEqualTo(1);
        }
    }

    @Test
    void a_node_that_is_dead_costs_no_pause() throws IOException {
        try (var good = HostileServer.playing(balance(100, 1));
                var parvi = ParviClient.connect(dead(), dead(), dead(), dead(), dead(), dead(), dead(), good.url())) {
            while (parvi.nodes().preferred() != 0)
                parvi.nodes().avoid(parvi.nodes().preferred());
            var start = Instant.now();

            AccountHttpClient.of(parvi, "alice").deposit(DEPOSIT).send();

            // Seven pauses would be 5.65 seconds at least.
            assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    void where_nobody_listens_nothing_was_stored() throws IOException {
        try (var parvi = ParviClient.connect(dead(), dead())) {
            assertThatThrownBy(() -> AccountHttpClient.of(parvi, "alice")
                            .deposit(DEPOSIT)
                            .within(SHORT)
                            .send())
                    .isInstanceOf(NotServingException.class)
                    .hasMessageContaining("nothing was stored");
        }
    }

    @Test
    void a_query_is_never_of_unknown_outcome() {
        try (var server = HostileServer.playing(cut());
                var parvi = ParviClient.connect(server.url())) {
            assertThatThrownBy(() -> AccountHttpClient.of(parvi, "alice")
                            .get(GetRequest.getDefaultInstance())
                            .within(SHORT)
                            .send())
                    .isInstanceOf(NotServingException.class);
            assertThat(server.headers("Idempotency-key")).hasSizeGreaterThan(1).containsOnly("");
        }
    }

    @Test
    void whoever_cancels_ends_the_attempts() throws InterruptedException {
        try (var server = HostileServer.playing(NOT_SERVING);
                var parvi = ParviClient.connect(server.url())) {
            var reply = AccountHttpClient.of(parvi, "alice").deposit(DEPOSIT).sendAsync();
            await().until(() -> server.received().size() >= 2);
            reply.cancel(true);
            Thread.sleep(1000);
            var attempts = server.received().size();
            Thread.sleep(1500);

            assertThat(server.received()).hasSize(attempts);
        }
    }

    @Test
    void closing_the_client_ends_what_is_under_way() {
        try (var server = HostileServer.playing(silence());
                var parvi = ParviClient.connect(ClientOptions.of(server.url()).withTimeout(LONG))) {
            var reply = AccountHttpClient.of(parvi, "alice").deposit(DEPOSIT).sendAsync();
            await().until(() -> server.received().size() == 1);
            parvi.close();

            assertThat(reply)
                    .failsWithin(Duration.ofSeconds(20))
                    .withThrowableThat()
                    .withCauseInstanceOf(OutcomeUnknownException.class);
            assertThatThrownBy(() -> AccountHttpClient.of(parvi, "alice")
                            .deposit(DEPOSIT)
                            .send())
                    .hasMessageContaining("closed");
        }
    }

    @Test
    void names_that_would_become_others_are_refused() {
        try (var parvi = ParviClient.connect(URI.create("http://127.0.0.1:1"))) {
            assertThatThrownBy(() -> AccountHttpClient.of(parvi, "half \ud800").deposit(DEPOSIT))
                    .hasMessage("id: holds half of a character");
            assertThatThrownBy(() -> AccountHttpClient.of(parvi, "").deposit(DEPOSIT))
                    .hasMessage("id: must not be empty");
            assertThatThrownBy(() ->
                            AccountHttpClient.of(parvi, "a").deposit(DEPOSIT).withKey("größe"))
                    .hasMessage("key: must have 1 to 256 printable ASCII characters");
        }
    }

    private static List<Duration> gaps(HostileServer server) {
        var times =
                server.received().stream().map(HostileServer.Received::nanos).toList();
        return IntStream.range(1, times.size())
                .mapToObj(n -> Duration.ofNanos(times.get(n) - times.get(n - 1)))
                .toList();
    }

    private static URI dead() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return URI.create("http://127.0.0.1:" + socket.getLocalPort());
        }
    }
}
