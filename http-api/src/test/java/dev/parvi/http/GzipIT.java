package dev.parvi.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Long answers are short on the wire for who takes them so, and say the same. */
class GzipIT {
    private static final TestEdge EDGE = TestEdge.start();
    private static final String LONG = "x".repeat(5_000);

    @AfterAll
    static void stop() {
        EDGE.close();
    }

    private static HttpResponse<byte[]> get(String path, String... headers) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(EDGE.uri(path));
        if (headers.length > 0) request.headers(headers);
        return EDGE.http.send(request.build(), BodyHandlers.ofByteArray());
    }

    private static String unzipped(HttpResponse<byte[]> answer) {
        assertThat(answer.headers().firstValue("Content-Encoding")).contains("gzip");
        try (var input = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
            return new String(input.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Test
    void a_long_reply_is_compressed_and_its_revision_still_fits_if_match() throws IOException, InterruptedException {
        EDGE.post("/wallet/long/keep", "{\"aString\":\"" + LONG + "\"}");
        var path = "/wallet/long/show?aString=" + LONG;
        var plain = EDGE.get(path);
        var zipped = get(path, "Accept-Encoding", "gzip, deflate, br");

        assertThat(unzipped(zipped)).isEqualTo(plain.body()).contains(LONG);
        assertThat(zipped.body()).hasSizeLessThan(plain.body().length() / 5);
        assertThat(zipped.headers().allValues("Vary")).contains("Accept-Encoding");
        assertThat(plain.headers().allValues("Vary")).contains("Accept-Encoding");
        assertThat(zipped.headers().firstValue("ETag"))
                .contains("\"1\"")
                .isEqualTo(plain.headers().firstValue("ETag"));
        assertThat(EDGE.post("/wallet/long/deposit", "{}", "If-Match", "\"1\"").statusCode())
                .isEqualTo(200);
        assertThat(get(path, "Accept-Encoding", "gzip", "If-None-Match", "\"2\"")
                        .statusCode())
                .isEqualTo(304);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/openapi.json", "/docs/swagger-ui-bundle.js", "/docs/swagger-ui.css"})
    void documents_and_scripts_are_compressed(String path) throws IOException, InterruptedException {
        var plain = get(path);

        assertThat(unzipped(get(path, "Accept-Encoding", "gzip")))
                .isEqualTo(new String(plain.body(), StandardCharsets.UTF_8));
    }

    @Test
    void what_counts_as_long_can_be_set() throws IOException, InterruptedException {
        try (var edge = new TestEdge("parvi.http.gzip-bytes-min = 100")) {
            var request = HttpRequest.newBuilder(edge.uri("/wallet/a/events")).header("Accept-Encoding", "gzip");
            assertThat(unzipped(edge.http.send(request.build(), BodyHandlers.ofByteArray())))
                    .isEqualTo(EDGE.get("/wallet/a/events").body());
        }
    }

    @Test
    void a_long_problem_is_compressed() throws IOException, InterruptedException {
        var answer = get("/wallet/a/show?" + "y".repeat(30) + "=1", "Accept-Encoding", "gzip");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(unzipped(answer)).contains("\"code\":\"invalid-parameter\"", "unknown parameter");
    }

    @Test
    void short_answers_pictures_and_binary_replies_stay_as_they_are() throws IOException, InterruptedException {
        var binary = get("/wallet/a/show?aString=" + LONG, "Accept", "application/protobuf", "Accept-Encoding", "gzip");
        assertThat(binary.headers().firstValue("Content-Encoding")).isEmpty();
        assertThat(binary.body()).hasSizeGreaterThan(LONG.length());
        for (var path : List.of("/wallet/a", "/docs/favicon.png")) {
            var answer = get(path, "Accept-Encoding", "gzip");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Encoding")).as(path).isEmpty();
        }
    }

    @Test
    void head_tells_what_get_would_send() throws IOException, InterruptedException {
        var get = get("/openapi.json", "Accept-Encoding", "gzip");
        var head = EDGE.http.send(
                HttpRequest.newBuilder(EDGE.uri("/openapi.json"))
                        .method("HEAD", BodyPublishers.noBody())
                        .header("Accept-Encoding", "gzip")
                        .build(),
                BodyHandlers.ofByteArray());

        assertThat(head.body()).isEmpty();
        for (var name : List.of("Content-Length", "Content-Encoding", "ETag", "Vary"))
            assertThat(head.headers().allValues(name)).isEqualTo(get.headers().allValues(name));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
            gzip                          | true
            GZIP                          | true
            x-gzip                        | true
            *                             | true
            br, gzip;q=0.001              | true
            br;q=1.0, gzip;q=0.8, *;q=0.1 | true
            identity;q=0.5, gzip;q=0.5    | true
            identity;q=0, *               | true
            gzip; q=0                     | false
            gzip;q=0.0, *                 | false
            *;q=0                         | false
            identity, gzip;q=0.9          | false
            identity                      | false
            br, deflate                   | false
            gzipped                       | false
            ''                            | false
            """)
    void gzip_is_sent_only_to_who_takes_it(String accepted, boolean isTaken) throws IOException, InterruptedException {
        assertThat(Gzip.isAccepted(accepted)).isEqualTo(isTaken);
        var answer = accepted.isEmpty() ? get("/openapi.json") : get("/openapi.json", "Accept-Encoding", accepted);
        assertThat(answer.headers().firstValue("Content-Encoding").isPresent()).isEqualTo(isTaken);
    }

    @Test
    void a_compressed_body_is_not_unpacked() throws IOException, InterruptedException {
        var bomb = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bomb)) {
            for (var i = 0; i < 64; i++) gzip.write(new byte[1 << 20]);
        }
        assertThat(bomb.size()).isLessThan(1 << 20);
        var answer = EDGE.send(HttpRequest.newBuilder(EDGE.uri("/wallet/bomb/deposit"))
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofByteArray(bomb.toByteArray())));

        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(answer.body()).contains("\"field\":\"Content-Encoding\"");
    }
}
