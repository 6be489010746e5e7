package dev.parvi.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import com.typesafe.config.ConfigFactory;
import dev.parvi.http.proto.Balance;
import dev.parvi.http.proto.DepositRequest;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.pekko.actor.ActorSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The contract of {@code docs/http.md}, header by header. */
class HttpEdgeIT {
    private static final TestEdge EDGE = TestEdge.start();
    private static int ids;

    private String wallet = "";

    @BeforeEach
    void freshWallet() {
        wallet = "/wallet/w" + ids++;
        EDGE.entities.forgetAttempts();
    }

    @AfterAll
    static void stop() {
        EDGE.close();
    }

    private HttpResponse<String> deposit(String body, String... headers) {
        return EDGE.post(wallet + "/deposit", body, headers);
    }

    @Test
    void a_command_answers_with_its_reply_and_revision() {
        var answer = deposit("{\"amount\": 100}", "Idempotency-Key", "k1");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"balance\":\"100\"}");
        assertThat(answer.headers().map())
                .containsEntry("etag", List.of("\"1\""))
                .containsEntry("idempotency-key", List.of("k1"))
                .containsEntry("content-type", List.of("application/json"))
                .doesNotContainKeys("server", "idempotency-replayed");
    }

    @Test
    void a_query_sees_what_a_command_stored() {
        deposit("{\"amount\": \"70\"}");

        assertThat(EDGE.get(wallet).body()).isEqualTo("{\"balance\":\"70\"}");
        assertThat(EDGE.get(wallet + "/get").headers().firstValue("ETag")).contains("\"1\"");
        assertThat(EDGE.post(wallet + "/get", "").body()).isEqualTo("{\"balance\":\"70\"}");
    }

    @Test
    void a_new_entity_is_at_revision_zero_and_prints_its_zero() {
        var answer = EDGE.get(wallet);

        assertThat(answer.body()).isEqualTo("{\"balance\":\"0\"}");
        assertThat(answer.headers().firstValue("ETag")).contains("\"0\"");
    }

    @Test
    void head_is_get_without_the_body() {
        var answer = EDGE.send(HttpRequest.newBuilder(EDGE.uri(wallet)).method("HEAD", BodyPublishers.noBody()));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.headers().firstValue("ETag")).contains("\"0\"");
    }

    @Test
    void curl_without_a_content_type_works() {
        var answer = deposit("  {\"amount\": 100}", "Content-Type", "application/x-www-form-urlencoded");

        assertThat(answer.body()).isEqualTo("{\"balance\":\"100\"}");
    }

    @Test
    void a_charset_beside_the_content_type_is_no_offence() {
        assertThat(deposit("{}", "Content-Type", "application/json; charset=utf-8")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void an_empty_body_is_the_default_message() {
        assertThat(deposit("").body()).isEqualTo("{\"balance\":\"0\"}");
        assertThat(deposit("", "Content-Type", "application/protobuf").statusCode())
                .isEqualTo(200);
    }

    @Test
    void the_same_key_gets_the_stored_outcome() {
        deposit("{\"amount\": 100}", "Idempotency-Key", "k1");
        var again = deposit("{\"amount\": 100}", "Idempotency-Key", "k1");

        assertThat(again.body()).isEqualTo("{\"balance\":\"100\"}");
        assertThat(again.headers().firstValue("ETag")).contains("\"1\"");
        assertThat(again.headers().firstValue("Idempotency-Replayed")).contains("true");
    }

    @Test
    void a_command_without_a_key_gets_one_of_23_characters() {
        var first = deposit("{}").headers().firstValue("Idempotency-Key");
        var second = deposit("{}").headers().firstValue("Idempotency-Key");

        assertThat(first.orElseThrow()).hasSize(23);
        assertThat(second).isNotEqualTo(first);
    }

    @Test
    void if_match_stores_only_at_that_revision() {
        assertThat(deposit("{}", "If-Match", "\"0\"").statusCode()).isEqualTo(200);
        assertThat(deposit("{}", "If-Match", "*").statusCode()).isEqualTo(200);
        var late = deposit("{}", "If-Match", "\"0\"");

        assertThat(late.statusCode()).isEqualTo(412);
        assertThat(late.body()).contains("\"code\":\"revision-mismatch\"", "at 2");
    }

    @Test
    void if_none_match_saves_the_reply() {
        deposit("{}");

        assertThat(EDGE.get(wallet, "If-None-Match", "W/\"1\"").statusCode()).isEqualTo(304);
        assertThat(EDGE.get(wallet, "If-None-Match", "\"7\", \"1\"").body()).isEmpty();
        assertThat(EDGE.get(wallet, "If-None-Match", "\"0\"").statusCode()).isEqualTo(200);
    }

    @Test
    void trace_and_deadline_travel_with_the_command() {
        var trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        deposit("{}", "traceparent", trace, "Request-Timeout", "2.5");
        deposit("{}", "traceparent", "00-00000000000000000000000000000000-00f067aa0ba902b7-01");

        assertThat(EDGE.entities.attempts().get(0).trace()).isEqualTo(trace);
        assertThat(EDGE.entities.attempts().get(1).trace()).isEmpty();
        assertThat(EDGE.entities.attempts().get(0).deadline())
                .isBefore(EDGE.entities.attempts().get(1).deadline());
    }

    @Test
    void protobuf_is_answered_with_protobuf() throws InvalidProtocolBufferException {
        var body = DepositRequest.newBuilder().setAmount(5).build().toByteArray();
        var request = HttpRequest.newBuilder(EDGE.uri(wallet + "/deposit"))
                .header("Content-Type", "application/protobuf")
                .POST(BodyPublishers.ofByteArray(body));
        var answer = EDGE.send(request);

        assertThat(answer.headers().firstValue("Content-Type")).contains("application/protobuf");
        assertThat(Balance.parseFrom(answer.body().getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(Balance.newBuilder().setBalance(5).build());
        assertThat(EDGE.send(request.header("Accept", "text/html, application/json;q=0.1"))
                        .body())
                .isEqualTo("{\"balance\":\"10\"}");
    }

    @Test
    void query_parameters_fill_the_request() {
        var answer = EDGE.get(wallet
                + "/show?anInt32=-7&a_string=a%20b%2Bc+d&words=x&words=y&colour=RED&nested.nested.maybe=3&aBool=true"
                + "&at=2026-01-02T03:04:05Z&wrappedNumber=9&otherName=n");

        assertThat(answer.body())
                .contains("\"anInt32\":-7", "\"aString\":\"a b+c d\"", "\"words\":[\"x\",\"y\"]", "\"colour\":\"RED\"")
                .contains("\"maybe\":3", "\"aBool\":true", "\"at\":\"2026-01-02T03:04:05Z\"")
                .contains("\"wrappedNumber\":\"9\"", "\"otherName\":\"n\"");
    }

    @Test
    void an_id_may_hold_any_letter() {
        EDGE.post("/wallet/caf%C3%A9%20%F0%9F%90%9D@home:1/deposit", "{\"amount\": 3}");

        assertThat(EDGE.entities.attempts().get(0).id()).isEqualTo("café 🐝@home:1");
    }

    @ParameterizedTest
    @CsvSource({
        "INVALID_ARGUMENT, 422",
        "OUT_OF_RANGE, 422",
        "NOT_FOUND, 404",
        "ALREADY_EXISTS, 409",
        "FAILED_PRECONDITION, 409",
        "PERMISSION_DENIED, 403",
        "RESOURCE_EXHAUSTED, 429"
    })
    void a_rejection_has_its_status_and_code(String code, int status) {
        var answer = EDGE.post(wallet + "/refuse", "{\"code\":\"" + code + "\",\"field\":\"amount\"}");

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(answer.body())
                .contains(
                        "\"code\":\"" + code.toLowerCase(java.util.Locale.ROOT).replace('_', '-') + "\"")
                .contains("\"fields\":[{\"field\":\"amount\",\"message\":\"refused as asked\"}]")
                .contains("\"retryable\":false");
    }

    @Test
    void a_key_that_was_used_for_another_body_is_refused() {
        deposit("{\"amount\": 1}", "Idempotency-Key", "k");
        var other = deposit("{\"amount\": 2}", "Idempotency-Key", "k");

        assertThat(other.statusCode()).isEqualTo(422);
        assertThat(other.body()).contains("\"code\":\"key-reused\"");
    }

    @Test
    void code_that_throws_fails_its_one_command() {
        var answer = EDGE.post(wallet + "/break", "{}");

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).contains("\"code\":\"entity-failed\"").doesNotContain("on purpose");
        assertThat(deposit("{}").statusCode()).isEqualTo(200);
    }

    @Test
    void a_body_may_come_in_chunks_or_late() {
        var chunks = EDGE.raw("POST " + wallet + "/deposit HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n"
                + "Connection: close\r\n\r\n6\r\n{\"amou\r\n8\r\nnt\": 12}\r\n0\r\n\r\n");

        assertThat(chunks).contains("HTTP/1.1 200", "{\"balance\":\"12\"}");
    }

    @Test
    void a_client_that_sends_far_too_much_still_reads_why_it_was_refused() {
        var answer = deposit(" ".repeat(9 << 20));

        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.body()).contains("\"code\":\"body-too-large\"");
        assertThat(deposit("{}").statusCode()).isEqualTo(200);
    }

    @Test
    void a_client_that_asks_first_is_refused_before_it_sends() {
        var answer = EDGE.raw("POST " + wallet + "/deposit HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n"
                + "Content-Length: 9000000\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 413").doesNotContain("100 Continue");
    }

    @Test
    void a_body_that_does_not_come_is_waited_for_until_the_deadline() throws IOException {
        try (var socket = EDGE.connect()) {
            socket.getOutputStream()
                    .write(("POST " + wallet + "/deposit HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n"
                                    + "Request-Timeout: 0.3\r\n\r\n{")
                            .getBytes(StandardCharsets.US_ASCII));
            var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answer).startsWith("HTTP/1.1 408").contains("\"code\":\"body-timeout\"", "Connection: close");
        }
    }

    @Test
    void the_echo_route_is_there_only_for_benchmarks() {
        assertThat(EDGE.get("/echo").statusCode()).isEqualTo(404);
        try (var bench = new TestEdge("parvi.http.echo-route = on")) {
            assertThat(bench.get("/echo").statusCode()).isEqualTo(200);
            assertThat(bench.post("/echo", "hello").body()).isEqualTo("hello");
        }
    }

    /** On two cores, one careless transform of a Pekko stage starts a thread for every body that comes behind its head. */
    @Test
    void bodies_that_are_streamed_start_no_threads() throws IOException {
        var threads = ManagementFactory.getThreadMXBean();
        var request = ("POST " + wallet
                        + "/deposit HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        try (var socket = EDGE.connect()) {
            var before = threads.getTotalStartedThreadCount();
            for (var i = 0; i < 300; i++) {
                socket.getOutputStream().write(request);
                var answer = new StringBuilder();
                while (answer.indexOf("\"}") < 0)
                    answer.append((char) socket.getInputStream().read());
                assertThat(answer).startsWith("HTTP/1.1 200");
            }
            assertThat(threads.getTotalStartedThreadCount() - before).isLessThan(50);
        }
    }

    @Test
    void http_1_0_works_without_a_host() {
        assertThat(EDGE.raw("GET " + wallet + " HTTP/1.0\r\n\r\n")).contains(" 200 ", "{\"balance\":\"0\"}");
    }

    @Test
    void a_port_that_is_taken_is_said_so() {
        var port = EDGE.edge.address().getPort();
        var system = ActorSystem.create(
                "taken", ConfigFactory.parseString("pekko.loglevel = OFF").withFallback(ConfigFactory.load()));
        var settings = HttpSettings.from(ConfigFactory.load()).withPort(port);

        assertThatThrownBy(() -> HttpEdge.start(
                                system,
                                List.of(WalletEntity.TYPE),
                                EDGE.entities,
                                new WalletHistory(EDGE.entities),
                                settings)
                        .join())
                .rootCause()
                .satisfies(root -> assertThat(root).isNotNull());
        assertThatThrownBy(() -> HttpEdge.start(
                                system,
                                List.of(WalletEntity.TYPE),
                                EDGE.entities,
                                new WalletHistory(EDGE.entities),
                                settings)
                        .join())
                .cause()
                .hasMessageContainingAll("127.0.0.1:" + port, "parvi.http.port", "in use");
        system.terminate();
    }
}
