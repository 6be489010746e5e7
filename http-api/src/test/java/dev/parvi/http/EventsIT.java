package dev.parvi.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code /{type}/{id}/events} and {@code /{type}/events}, as a client sees them. */
final class EventsIT {
    private static final TestEdge EDGE = new TestEdge("parvi.http.streams.heartbeat = 1s");
    private static final String[] AS_STREAM = {"Accept", "text/event-stream"};

    @AfterAll
    static void stop() {
        EDGE.close();
    }

    @Test
    void a_history_is_a_page_of_json_that_says_how_to_go_on() {
        var page = EDGE.get("/wallet/a/events?after=3&limit=1");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(page.body())
                .isEqualTo("{\"events\":[{\"revision\":\"4\",\"time\":\"1970-01-01T00:00:00Z\",\"method\":\"Deposit\","
                        + "\"event\":{\"deposited\":{\"amount\":\"4\"}}}],\"next\":\"4\"}");
        assertThat(EDGE.get("/wallet/events").body()).contains("\"id\":\"a\"", "\"next\":\"behind\"");
        assertThat(EDGE.get("/wallet/events?cursor=now").body()).isEqualTo("{\"events\":[],\"next\":\"end\"}");
    }

    @Test
    void events_of_each_kind_are_as_the_document_says_without_what_is_private() {
        var page = EDGE.get("/wallet/varied/events?limit=3").body();
        assertThat(page)
                .contains("\"kept\":{", "\"revision\":\"2\",\"time\":\"1970-01-01T00:00:00Z\",\"hidden\":true}")
                .contains("\"deposited\":{\"amount\":\"3\"}")
                .contains(
                        "\"packed\":{\"@type\":\"type.googleapis.com/parvi.http.test.Deposited\",\"amount\":\"9\",\"card\":\"\"}")
                .doesNotContain("4929", "police");
    }

    @Test
    void what_a_stream_sends_is_as_the_document_says() throws IOException {
        var stream = open("/wallet/varied/events");
        try (var lines = stream.body()) {
            var sent = lines.filter(line -> line.startsWith("data: "))
                    .limit(WalletHistory.EVENTS)
                    .map(line -> line.substring("data: ".length()));
            assertThat(sent)
                    .hasSize((int) WalletHistory.EVENTS)
                    .allSatisfy(
                            event -> assertThat(EDGE.contract.errors("/components/schemas/wallet.History.Event", event))
                                    .isEmpty());
        }
    }

    @Test
    void a_stream_begins_behind_the_last_event_that_was_seen_and_goes_on() throws IOException {
        var stream = open("/wallet/a/events", "Last-Event-ID", "3");
        assertThat(stream.statusCode()).isEqualTo(200);
        assertThat(stream.headers().firstValue("content-type")).hasValue("text/event-stream");
        assertThat(stream.headers().firstValue("cache-control")).hasValue("no-cache");
        try (var lines = stream.body()) {
            assertThat(lines.filter(line -> line.startsWith("id:") || line.equals(":"))
                            .limit(4))
                    .containsExactly("id: 4", "id: 5", ":", ":");
        }
    }

    @Test
    void a_node_has_room_for_so_many_streams_and_says_so_to_others() throws IOException {
        try (var edge = new TestEdge("parvi.http.streams.streams-max = 2");
                var first = read(edge, "/wallet/a/events");
                var second = read(edge, "/wallet/events")) {
            assertThat(List.of(first, second)).hasSize(2);
            await().untilAsserted(() -> {
                var third = edge.get("/wallet/c/events", AS_STREAM);
                assertThat(third.statusCode()).isEqualTo(503);
                assertThat(third.headers().firstValue("retry-after")).isPresent();
            });
            assertThat(edge.get("/wallet/c/events").statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            application/json, text/event-stream, application/problem+json | application/json
            text/event-stream;q=0.5, application/json;q=0.5               | application/json
            text/event-stream;q=0                                         | application/json
            */*                                                           | application/json
            Text/Event-Stream                                             | text/event-stream
            application/json;q=0.5, text/event-stream                     | text/event-stream
            text/event-stream, */*                                        | text/event-stream
            """)
    void who_takes_a_page_as_gladly_as_a_stream_gets_the_page(String accept, String mediaType) throws IOException {
        var answer =
                send(EDGE, HttpRequest.newBuilder(EDGE.uri("/wallet/a/events")).header("Accept", accept));
        try (var lines = answer.body()) {
            assertThat(answer.headers().firstValue("content-type")).hasValue(mediaType);
            assertThat(lines.limit(1)).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/wallet/a/events?after=x, 400, after",
        "/wallet/a/events?limit=0, 400, limit",
        "/wallet/a/events?from=1, 400, from",
        "/wallet/events?cursor=nonsense, 400, cursor",
        "/wallet/broken/events, 503, ''",
        "/wallet/a%2Fb/events, 400, id",
        "/purse/a/events, 404, ''"
    })
    void what_is_wrong_is_named(String path, int status, String field) {
        var answer = EDGE.get(path);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains("\"status\":" + status).contains(field.isEmpty() ? "" : "\"" + field + "\"");
    }

    @Test
    void a_stream_that_cannot_begin_is_a_problem_like_any() {
        assertThat(EDGE.get("/wallet/events?cursor=nonsense", AS_STREAM).statusCode())
                .isEqualTo(400);
        assertThat(EDGE.get("/wallet/a/events", "Accept", "text/event-stream", "Last-Event-ID", "x")
                        .body())
                .contains("Last-Event-ID");
        assertThat(EDGE.post("/wallet/a/events", "{}").statusCode()).isEqualTo(405);
        assertThat(EDGE.post("/wallet/events", "{}").statusCode()).isEqualTo(405);
    }

    @Test
    void an_entity_may_be_called_events() {
        assertThat(EDGE.get("/wallet/events/get").statusCode()).isEqualTo(200);
        assertThat(EDGE.get("/wallet/events/events?after=4").body()).contains("\"revision\":\"5\"");
    }

    @Test
    void a_drain_ends_the_streams() throws IOException {
        var edge = TestEdge.start();
        var request = HttpRequest.newBuilder(edge.uri("/wallet/a/events")).headers(AS_STREAM);
        HttpResponse<Stream<String>> stream = send(edge, request);
        var lines = stream.body().iterator();
        while (!lines.next().equals("id: 5")) assertThat(lines).hasNext();
        var leaving = CompletableFuture.runAsync(edge::close);
        var rest = new ArrayList<String>();
        lines.forEachRemaining(rest::add);
        assertThat(rest).endsWith("retry: 200", "");
        leaving.join();
    }

    private static HttpResponse<Stream<String>> open(String path, String... headers) throws IOException {
        var request = HttpRequest.newBuilder(EDGE.uri(path)).headers(AS_STREAM);
        return send(EDGE, headers.length == 0 ? request : request.headers(headers));
    }

    private static Stream<String> read(TestEdge edge, String path) throws IOException {
        var stream = send(edge, HttpRequest.newBuilder(edge.uri(path)).headers(AS_STREAM));
        assertThat(stream.statusCode()).isEqualTo(200);
        return stream.body();
    }

    private static HttpResponse<Stream<String>> send(TestEdge edge, HttpRequest.Builder request) throws IOException {
        try {
            return edge.http.send(request.build(), HttpResponse.BodyHandlers.ofLines());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
