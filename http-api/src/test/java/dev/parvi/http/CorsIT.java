package dev.parvi.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a browser asks and is told before it shows answers to a page of another origin. */
class CorsIT {
    private static final String SHOP = "https://shop.example.org";
    private static final TestEdge EDGE = new TestEdge("parvi.http { cors.allowed-origins = [\"" + SHOP
            + "\", \"http://localhost:3000\"], cors.max-age = 90s, streams.heartbeat = 100ms }");
    private static final TestEdge CLOSED = TestEdge.start();

    @BeforeEach
    void forget() {
        EDGE.entities.forgetAttempts();
    }

    @AfterAll
    static void stop() {
        EDGE.close();
        CLOSED.close();
    }

    private static HttpResponse<String> preflight(TestEdge edge, String path, String origin) {
        return edge.options(
                path,
                "Origin",
                origin,
                "Access-Control-Request-Method",
                "POST",
                "Access-Control-Request-Headers",
                "content-type,idempotency-key,if-match,request-timeout,traceparent");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /wallet/a/deposit     | POST, OPTIONS
            /wallet/a/show        | GET, HEAD, POST, OPTIONS
            /wallet/a             | GET, HEAD, DELETE, OPTIONS
            /wallet/a/events      | GET, HEAD, OPTIONS
            /wallet/a/commands/k1 | GET, HEAD, OPTIONS
            /wallet               | GET, HEAD, OPTIONS
            /openapi.json         | GET, HEAD, OPTIONS
            """)
    void a_page_of_a_listed_origin_may_send_what_the_path_takes(String path, String methods) {
        var answer = preflight(EDGE, path, SHOP);

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.headers().map())
                .containsEntry("access-control-allow-origin", List.of(SHOP))
                .containsEntry("access-control-allow-methods", List.of(methods))
                .containsEntry("allow", List.of(methods))
                .containsEntry("access-control-max-age", List.of("90"))
                .containsEntry("vary", List.of("Origin"))
                .doesNotContainKey("access-control-allow-credentials");
        assertThat(answer.headers().firstValue("access-control-allow-headers").orElseThrow())
                .containsIgnoringCase("Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID,"
                        + " Request-Timeout, traceparent");
        assertThat(EDGE.entities.attempts()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example.org",
                "https://shop.example.org.evil.org",
                "https://evilshop.example.org",
                "http://shop.example.org",
                "https://shop.example.org:8443",
                "https://SHOP.example.org",
                "null",
                "*"
            })
    void an_origin_that_is_not_listed_is_told_nothing(String origin) {
        for (var answer : List.of(
                preflight(EDGE, "/wallet/a/deposit", origin),
                EDGE.get("/wallet/a", "Origin", origin),
                EDGE.get("/purse/a", "Origin", origin),
                EDGE.post("/wallet/a/deposit", "{}", "Origin", origin))) {
            assertThat(answer.headers().map().keySet()).noneMatch(name -> name.startsWith("access-control-"));
            assertThat(answer.headers().allValues("vary")).contains("Origin");
        }
    }

    @Test
    void answers_and_problems_are_shown_with_the_headers_that_a_client_needs() {
        for (var answer : List.of(
                EDGE.get("/wallet/a", "Origin", SHOP),
                EDGE.post("/wallet/a/deposit", "{}", "Origin", SHOP),
                EDGE.post("/wallet/a/deposit", "{", "Origin", SHOP),
                EDGE.post("/wallet/a/deposit", "{}", "Origin", SHOP, "If-Match", "\"9000\""),
                EDGE.post("/wallet/a/deposit", " ".repeat(2 << 20), "Origin", SHOP),
                EDGE.post("/wallet/a/break", "{}", "Origin", SHOP),
                EDGE.get("/wallet/a/deposit", "Origin", SHOP),
                EDGE.get("/wallet/broken/commands/k1", "Origin", SHOP),
                EDGE.get("/purse/a", "Origin", SHOP),
                EDGE.get("/openapi.json", "Origin", SHOP))) {
            assertThat(answer.headers().map())
                    .containsEntry("access-control-allow-origin", List.of(SHOP))
                    .containsEntry(
                            "access-control-expose-headers",
                            List.of("Allow, ETag, Idempotency-Key, Idempotency-Replayed, Retry-After"));
            assertThat(answer.headers().allValues("vary")).contains("Origin");
        }
    }

    @Test
    void a_cache_is_told_that_answers_differ_by_origin_even_where_none_is_sent() {
        assertThat(EDGE.get("/wallet/a").headers().allValues("vary")).contains("Origin");
    }

    @Test
    void a_second_origin_in_one_request_is_none() {
        var answer = EDGE.raw("GET /wallet/a HTTP/1.1\r\nHost: h\r\nConnection: close\r\nOrigin: " + SHOP
                + "\r\nOrigin: https://evil.example.org\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 200").doesNotContain("Access-Control");
    }

    @Test
    void a_stream_can_be_followed_from_another_origin() throws IOException {
        try (var socket = EDGE.connect()) {
            socket.getOutputStream()
                    .write(("GET /wallet/a/events HTTP/1.1\r\nHost: h\r\nAccept: text/event-stream\r\nOrigin: " + SHOP
                                    + "\r\nAccept-Encoding: gzip\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            var lines = new String(socket.getInputStream().readNBytes(700), StandardCharsets.UTF_8);

            assertThat(lines)
                    .contains("Access-Control-Allow-Origin: " + SHOP, "Vary: Origin", "text/event-stream", "id: 1")
                    .doesNotContain("Content-Encoding");
        }
    }

    /** A body without a type, or a form, is sent by browsers without asking before. */
    @ParameterizedTest
    @CsvSource({"cross-site, https://evil.example.org", "same-site, http://localhost:9080", "cross-site, null"})
    void a_page_of_a_strange_origin_cannot_send_commands_unseen(String site, String origin) {
        for (var edge : List.of(EDGE, CLOSED)) {
            edge.entities.forgetAttempts();
            var form = new String[] {
                "Sec-Fetch-Site", site, "Origin", origin, "Content-Type", "application/x-www-form-urlencoded"
            };
            var answer = edge.post("/wallet/a/deposit", "{\"amount\": 1}", form);

            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(answer.body())
                    .contains("\"code\":\"origin-not-allowed\"", "\"field\":\"Origin\"", "allowed-origins");
            assertThat(edge.post("/wallet/a/get", "", form).statusCode()).isEqualTo(403);
            assertThat(edge.entities.attempts()).isEmpty();
            assertThat(edge.get("/wallet/a", form).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void pages_of_the_node_itself_and_of_listed_origins_can_send_commands_and_so_can_programs() {
        assertThat(CLOSED.post(
                                "/wallet/a/deposit",
                                "{}",
                                "Sec-Fetch-Site",
                                "same-origin",
                                "Origin",
                                "http://any.example")
                        .statusCode())
                .isEqualTo(200);
        assertThat(CLOSED.post("/wallet/a/deposit", "{}", "Sec-Fetch-Site", "none")
                        .statusCode())
                .isEqualTo(200);
        assertThat(CLOSED.post("/wallet/a/deposit", "{}", "Origin", "http://any.example")
                        .statusCode())
                .isEqualTo(200);
        assertThat(EDGE.post("/wallet/a/deposit", "{}", "Sec-Fetch-Site", "cross-site", "Origin", SHOP)
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void every_origin_may_be_let_in_and_then_answers_are_the_same_for_all() {
        try (var open = new TestEdge("parvi.http.cors.allowed-origins = [\"*\"]")) {
            for (var answer : List.of(
                    preflight(open, "/wallet/a/deposit", SHOP),
                    open.get("/wallet/a", "Origin", "https://any.example"),
                    open.post("/wallet/a/deposit", "{}", "Origin", SHOP, "Sec-Fetch-Site", "cross-site"),
                    open.get("/wallet/a"))) {
                assertThat(answer.headers().firstValue("access-control-allow-origin"))
                        .contains("*");
                assertThat(answer.headers().allValues("vary")).doesNotContain("Origin");
            }
        }
    }

    @Test
    void nothing_is_said_unless_somebody_has_listed_origins() {
        for (var answer : Stream.of(
                        preflight(CLOSED, "/wallet/a/deposit", SHOP), CLOSED.get("/wallet/a", "Origin", SHOP))
                .toList()) {
            assertThat(answer.headers().map().keySet()).noneMatch(name -> name.startsWith("access-control-"));
            assertThat(answer.headers().allValues("vary")).doesNotContain("Origin");
        }
    }
}
