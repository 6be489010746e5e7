package dev.parvi.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Random bytes in every place: the answer is never a 5xx, and an answer there is. */
class HostileInputIT {
    private static final TestEdge EDGE = TestEdge.start();
    private static final String CLOSE = "Host: h\r\nConnection: close\r\n";

    @BeforeContainer
    static void reachable() {
        assertThat(EDGE.get("/wallet/a").statusCode()).isEqualTo(200);
    }

    @AfterContainer
    static void stop() {
        EDGE.close();
    }

    private static void requireNoFailure(String answer) {
        assertThat(answer).startsWith("HTTP/1.1 ").doesNotStartWith("HTTP/1.1 5");
    }

    private static String post(String method, String headers, String body) {
        return "POST /wallet/a/" + method + " HTTP/1.1\r\n" + CLOSE + headers + "Content-Length: " + body.length()
                + "\r\n\r\n" + body;
    }

    @Property(tries = 300)
    void any_bytes_as_json(@ForAll byte[] body) {
        requireNoFailure(EDGE.raw(post("keep", "", new String(body, StandardCharsets.ISO_8859_1))));
    }

    @Property(tries = 500)
    void nearly_json(@ForAll @From("nearlyJson") String body) {
        requireNoFailure(EDGE.raw(post("keep", "", body)));
    }

    @Property(tries = 300)
    void any_bytes_as_protobuf(@ForAll byte[] body) {
        requireNoFailure(EDGE.raw(
                post("keep", "Content-Type: application/protobuf\r\n", new String(body, StandardCharsets.ISO_8859_1))));
    }

    @Property(tries = 500)
    void any_path(@ForAll @From("paths") String path) {
        requireNoFailure(EDGE.raw("GET " + path + " HTTP/1.1\r\n" + CLOSE + "\r\n"));
    }

    @Property(tries = 300)
    void any_query(@ForAll @From("queries") String query) {
        requireNoFailure(EDGE.raw("GET /wallet/a/show?" + query + " HTTP/1.1\r\n" + CLOSE + "\r\n"));
    }

    @Property(tries = 300)
    void any_header_value(@ForAll @From("headers") String name, @ForAll @From("latin") String value) {
        requireNoFailure(EDGE.raw(post("deposit", name + ": " + value + "\r\n", "{}")));
    }

    @Property(tries = 300)
    void any_bytes_at_all(@ForAll byte[] bytes) {
        var answer = EDGE.raw((new String(bytes, StandardCharsets.ISO_8859_1) + "\r\n\r\n"));
        assertThat(answer).doesNotStartWith("HTTP/1.1 5");
    }

    @Provide
    Arbitrary<String> nearlyJson() {
        return Arbitraries.of(
                        "{",
                        "}",
                        "[",
                        "]",
                        ":",
                        ",",
                        "\"",
                        "\"anInt64\"",
                        "\"nested\"",
                        "\"tree\"",
                        "\"packed\"",
                        "\"byNumber\"",
                        "\"items\"",
                        "\"anyJson\"",
                        "\"at\"",
                        "\"@type\"",
                        "\"left\"",
                        "\"right\"",
                        "1",
                        "-0",
                        "1e9",
                        "1e999999999",
                        "null",
                        "true",
                        "\\u0000",
                        "\\ud800",
                        "\u00ff",
                        " ",
                        "NaN",
                        "\"type.googleapis.com/google.protobuf.Duration\"",
                        "\"2026-01-01T00:00:00Z\"")
                .list()
                .ofMaxSize(14)
                .map(parts -> "{" + String.join("", parts));
    }

    @Provide
    Arbitrary<String> paths() {
        return Arbitraries.of(
                        "/",
                        "wallet",
                        "a",
                        "deposit",
                        "get",
                        "show",
                        ".",
                        "..",
                        "%2e",
                        "%2f",
                        "%00",
                        "%",
                        "%ff",
                        "%C3%A9",
                        "?",
                        "&",
                        "=",
                        "#",
                        "\\",
                        ":",
                        "//",
                        "\u00e9",
                        "http://h",
                        "*",
                        "@",
                        ";",
                        "events",
                        "commands")
                .list()
                .ofMinSize(1)
                .ofMaxSize(9)
                .map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<String> queries() {
        return Arbitraries.of(
                        "anInt32",
                        "aDouble",
                        "at",
                        "lasting",
                        "mask",
                        "tree",
                        "nested",
                        ".",
                        "=",
                        "&",
                        "1",
                        "-",
                        "%22",
                        "%",
                        "%e2%82",
                        "+",
                        "words",
                        "colour",
                        "wrappedBool",
                        "left",
                        "right",
                        "name",
                        "byName",
                        "\"")
                .list()
                .ofMaxSize(9)
                .map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<String> headers() {
        return Arbitraries.of(
                "If-Match",
                "If-None-Match",
                "Idempotency-Key",
                "Request-Timeout",
                "traceparent",
                "Accept",
                "Content-Type",
                "Content-Encoding",
                "Expect",
                "X-Other",
                "Raw-Request-URI");
    }

    @Provide
    Arbitrary<String> latin() {
        return Arbitraries.strings().withCharRange('\u0020', '\u00ff').ofMaxLength(40);
    }
}
