package dev.parvi.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parvi.entity.EntityType;
import dev.parvi.http.MemoryClient.Fate;
import dev.parvi.http.proto.Balance;
import dev.parvi.http.proto.GuardedRequest;
import dev.parvi.http.proto.WalletEvent;
import dev.parvi.http.proto.WalletProto;
import dev.parvi.http.proto.WalletState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code /{type}/{id}/events?snapshot=true}: what an entity is, and what happens to it from there. */
// Who reads a stream that is silent cannot be interrupted.
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SnapshotIT {
    private static final EntityType<?, ?> GUARDED = EntityType.of(
            "guarded",
            WalletProto.getDescriptor().findServiceByName("Guarded"),
            WalletState.getDefaultInstance(),
            WalletEvent.getDefaultInstance(),
            List.of(new EntityType.Method(
                    0, "Get", "get", true, GuardedRequest.getDefaultInstance(), Balance.getDefaultInstance())));
    private static final EntityType<?, ?> MUTE = EntityType.of(
            "mute",
            WalletEntity.TYPE.service(),
            WalletState.getDefaultInstance(),
            WalletEvent.getDefaultInstance(),
            List.of());
    private static final TestEdge EDGE = new TestEdge(TestEdge.QUICK, List.of(WalletEntity.TYPE, GUARDED, MUTE));
    private static final String[] AS_STREAM = {"Accept", "text/event-stream"};
    private static int ids;

    private String path = "";

    @BeforeEach
    void another_wallet() {
        path = "/wallet/" + WalletHistory.REAL + ids++;
        EDGE.entities.forgetAttempts();
    }

    @AfterAll
    static void stop() {
        EDGE.close();
    }

    @Test
    void a_stream_begins_with_what_the_entity_is_and_goes_on_behind_that() throws IOException {
        deposit(3);
        deposit(4);
        var balance = EDGE.get(path).body();

        try (var lines = read(EDGE, path)) {
            var sent = lines.filter(line -> !line.startsWith("retry: ") && !line.equals(":"))
                    .iterator();
            assertThat(List.of(sent.next(), sent.next(), sent.next(), sent.next(), sent.next()))
                    .containsExactly(
                            "",
                            "event: snapshot",
                            "id: 2",
                            "data: {\"revision\":\"2\",\"snapshot\":" + balance + "}",
                            "");
            deposit(5);
            assertThat(sent.next()).isEqualTo("id: 3");
            assertThat(sent.next()).startsWith("data: {\"revision\":\"3\"").contains("\"amount\":\"5\"");
        }
        assertThat(balance).isEqualTo("{\"balance\":\"7\"}");
    }

    @Test
    void what_a_stream_begins_with_is_as_the_document_says() throws IOException {
        deposit(3);
        try (var lines = read(EDGE, path)) {
            var snapshot = lines.filter(line -> line.startsWith("data: ")).findFirst();
            assertThat(snapshot)
                    .hasValueSatisfying(line -> assertThat(EDGE.contract.errors(
                                    "/components/schemas/wallet.History.Snapshot", line.substring("data: ".length())))
                            .isEmpty());
        }
    }

    @Test
    void who_connects_again_has_a_snapshot_already() throws IOException {
        for (var n = 0; n < 4; n++) deposit(1);

        assertThat(ids(path, 2, "Last-Event-ID", "2")).containsExactly("id: 3", "id: 4");
        assertThat(ids(path, 4, "Last-Event-ID", "0")).containsExactly("id: 1", "id: 2", "id: 3", "id: 4");
        assertThat(EDGE.entities.attempts())
                .allMatch(command -> command.method().name().equals("Deposit"));
    }

    @Test
    void an_entity_to_which_nothing_has_happened_is_at_revision_0() throws IOException {
        try (var lines = read(EDGE, path)) {
            var sent = lines.filter(line -> line.matches("(id|data|event):.*")).iterator();
            assertThat(sent.next()).isEqualTo("event: snapshot");
            assertThat(sent.next()).isEqualTo("id: 0");
            assertThat(sent.next()).isEqualTo("data: {\"revision\":\"0\",\"snapshot\":{\"balance\":\"0\"}}");
            deposit(1);
            assertThat(sent.next()).isEqualTo("id: 1");
        }
    }

    @Test
    void a_deletion_before_is_a_410_and_a_deletion_later_an_event() throws IOException {
        deposit(1);
        try (var lines = read(EDGE, path)) {
            var sent = lines.filter(line -> line.startsWith("data: ")).iterator();
            assertThat(sent.next()).contains("\"snapshot\"");
            EDGE.delete(path);
            assertThat(sent.next()).contains("\"revision\":\"2\"", "\"deleted\":true");
        }
        requireProblem(410, "deleted", path);
    }

    @Test
    void what_the_query_says_no_to_is_no_stream() {
        requireProblem(404, "not-found", "/wallet/" + WalletEntity.SHY + "a");
    }

    @Test
    void a_move_of_the_entity_is_waited_for() throws IOException {
        EDGE.entities.nextFates(Fate.NOT_SERVED, Fate.SILENT, Fate.NOT_SERVED);
        assertThat(ids(path, 1)).containsExactly("id: 0");
        assertThat(EDGE.entities.attempts()).hasSize(4);
    }

    @Test
    void an_entity_that_nobody_serves_is_a_503_before_anything_is_sent() {
        EDGE.entities.from(Fate.SILENT);
        var answer = EDGE.get(path + "/events?snapshot=true", "Accept", "text/event-stream", "Request-Timeout", "0.4");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("retry-after")).isPresent();
        assertThat(answer.body()).contains("\"code\":\"not-serving\"");
    }

    @Test
    void a_node_without_room_for_a_stream_asks_no_entity() throws IOException {
        try (var edge = new TestEdge("parvi.http.streams.streams-max = 1");
                var first = read(edge, path)) {
            assertThat(first).isNotNull();
            await().untilAsserted(() -> {
                edge.entities.forgetAttempts();
                var second = edge.get(path + "/events?snapshot=true", AS_STREAM);
                assertThat(second.statusCode()).isEqualTo(503);
                assertThat(second.headers().firstValue("retry-after")).isPresent();
                assertThat(edge.entities.attempts()).isEmpty();
            });
        }
    }

    @Test
    void a_node_that_leaves_while_it_asks_the_entity_begins_no_stream() {
        var edge = TestEdge.start();
        edge.entities.nextFates(Fate.LATE);
        var answer = CompletableFuture.supplyAsync(() -> edge.get(path + "/events?snapshot=true", AS_STREAM));
        await().until(() -> !edge.entities.attempts().isEmpty());
        edge.close();
        assertThat(answer.join().statusCode()).isEqualTo(503);
        assertThat(answer.join().headers().firstValue("retry-after")).isPresent();
    }

    @Test
    void a_stream_that_has_begun_has_given_its_place_back() throws IOException {
        try (var edge = new TestEdge("parvi.http { requests-max = 1, requests-min = 1, queue-max = 0 }");
                var first = read(edge, path);
                var second = read(edge, path)) {
            assertThat(List.of(first, second)).hasSize(2);
            assertThat(edge.edge.figures()).containsEntry("requests", 0L).containsEntry("overloaded", 0L);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /wallet/a/events?snapshot=true&after=0 | leave out the parameter after
            /wallet/a/events?snapshot=yes          | must be true or false
            /wallet/a/events?snapshot              | must be true or false
            /wallet/events?snapshot=true           | is no parameter
            /guarded/a/events?snapshot=true        | asks the query Get, which does not take an empty request: reader
            /mute/a/events?snapshot=true           | mute has no query named Get
            """)
    void what_cannot_begin_so_is_told_why(String path, String why) {
        EDGE.entities.forgetAttempts();
        var answer = EDGE.get(path, AS_STREAM);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"code\":\"invalid-parameter\"", "\"field\":\"snapshot\"", why);
        assertThat(EDGE.entities.attempts()).isEmpty();
    }

    @Test
    void a_page_has_no_snapshot_and_says_where_there_is_one() {
        var page = EDGE.get("/wallet/a/events?snapshot=true");
        assertThat(page.statusCode()).isEqualTo(400);
        assertThat(page.body()).contains("\"field\":\"snapshot\"", "is for streams", "GET /{type}/{id}");
        assertThat(EDGE.get("/wallet/a/events?snapshot=false").statusCode()).isEqualTo(200);
    }

    private void deposit(int amount) {
        assertThat(EDGE.post(path + "/deposit", "{\"amount\":" + amount + "}").statusCode())
                .isEqualTo(200);
    }

    private static void requireProblem(int status, String code, String path) {
        var answer = EDGE.get(path + "/events?snapshot=true", AS_STREAM);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
        assertThat(answer.body()).contains("\"code\":\"" + code + "\"");
        assertThat(EDGE.get(path).statusCode()).isEqualTo(status);
    }

    private static List<String> ids(String path, int count, String... headers) throws IOException {
        try (var lines = read(EDGE, path, headers)) {
            return lines.filter(line -> line.startsWith("id: ")).limit(count).toList();
        }
    }

    static Stream<String> read(TestEdge edge, String path, String... headers) throws IOException {
        var request =
                HttpRequest.newBuilder(edge.uri(path + "/events?snapshot=true")).headers(AS_STREAM);
        if (headers.length > 0) request.headers(headers);
        try {
            var stream = edge.http.send(request.build(), HttpResponse.BodyHandlers.ofLines());
            assertThat(stream.statusCode()).isEqualTo(200);
            assertThat(stream.headers().firstValue("content-type")).hasValue("text/event-stream");
            return stream.body();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException(interrupted));
        }
    }
}
