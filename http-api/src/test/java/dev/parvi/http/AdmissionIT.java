package dev.parvi.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parvi.http.MemoryClient.Fate;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What a node refuses because it has too much to do, or because somebody asks too often. */
class AdmissionIT {
    private static final String DEPOSIT = "{\"amount\": 1}";
    private static final String POST = "POST /wallet/a/deposit HTTP/1.1\r\nHost: h\r\nContent-Length: ";

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    private static String read(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Commands that are under way and will not be answered for a long time. */
    private static List<Socket> busy(TestEdge edge, int count) throws IOException {
        edge.entities.from(Fate.SILENT);
        var sockets = new ArrayList<Socket>();
        for (var n = 0; n < count; n++) {
            sockets.add(edge.connect());
            send(sockets.get(n), POST + DEPOSIT.length() + "\r\n\r\n" + DEPOSIT);
        }
        Awaitility.await().until(() -> edge.entities.attempts().size() == count);
        return sockets;
    }

    private static void requireOverloaded(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("\"code\":\"overloaded\"", "\"retryable\":true");
        assertThat(answer.headers().firstValue("Retry-After"))
                .hasValueSatisfying(seconds -> assertThat(seconds).matches("[123]"));
    }

    @Test
    void what_is_too_much_is_refused_at_once_whether_it_commands_or_asks() throws IOException {
        try (var edge = new TestEdge(
                "parvi.http { requests-max = 3, requests-min = 3, queue-max = 0, attempt-timeout = 30s }")) {
            var busy = busy(edge, 3);

            requireOverloaded(edge.post("/wallet/b/deposit", DEPOSIT));
            requireOverloaded(edge.get("/wallet/b"));
            requireOverloaded(edge.get("/wallet/b/events"));
            requireOverloaded(edge.get("/wallet/b/events?snapshot=true", "Accept", "text/event-stream"));
            requireOverloaded(edge.get("/wallet"));
            assertThat(edge.entities.attempts()).hasSize(3);
            assertThat(edge.get("/openapi.json").statusCode()).isEqualTo(200);
            assertThat(edge.edge.figures()).containsEntry("overloaded", 5L).containsEntry("requests", 3L);
            for (var socket : busy) socket.close();
        }
    }

    @Test
    void it_is_refused_before_its_body_is_there() throws IOException {
        try (var edge = new TestEdge(
                        "parvi.http { requests-max = 1, requests-min = 1, queue-max = 0, attempt-timeout = 30s }");
                var late = edge.connect()) {
            var busy = busy(edge, 1);
            send(late, POST + "500000\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n");

            assertThat(read(late)).startsWith("HTTP/1.1 503").contains("overloaded", "Retry-After: ");
            for (var socket : busy) socket.close();
        }
    }

    @Test
    void places_come_free_when_answers_are_given_whatever_they_are() {
        try (var edge = new TestEdge("parvi.http { requests-max = 1, requests-min = 1, queue-max = 0 }")) {
            for (var n = 0; n < 20; n++) {
                assertThat(edge.post("/wallet/a/deposit", DEPOSIT).statusCode()).isEqualTo(200);
                assertThat(edge.get("/wallet/a").statusCode()).isEqualTo(200);
                assertThat(edge.post("/wallet/a/deposit", "{\"amount\": []}").statusCode())
                        .isEqualTo(400);
                assertThat(edge.get("/wallet/a/events?limit=x").statusCode()).isEqualTo(400);
                assertThat(edge.get("/wallet/a/events").statusCode()).isEqualTo(200);
            }
            assertThat(edge.edge.figures()).containsEntry("requests", 0L).containsEntry("overloaded", 0L);
        }
    }

    @Test
    void who_waits_for_an_entity_that_moves_leaves_its_place_to_others() throws IOException {
        try (var edge = new TestEdge(
                "parvi.http { requests-max = 1, requests-min = 1, queue-max = 1, backoff-min = 2s, backoff-max = 2s }")) {
            edge.entities.nextFates(Fate.NOT_SERVED);
            try (var waiting = edge.connect()) {
                send(waiting, POST + DEPOSIT.length() + "\r\nConnection: close\r\n\r\n" + DEPOSIT);
                Awaitility.await()
                        .until(() -> edge.edge.figures().getOrDefault("requests", 0L) == 1
                                && edge.edge.figures().getOrDefault("requests-at-work", 1L) == 0);

                assertThat(edge.get("/wallet/b").statusCode()).isEqualTo(200);
                assertThat(read(waiting)).startsWith("HTTP/1.1 200");
            }
        }
    }

    @Test
    void who_finds_no_place_waits_for_a_moment() throws Exception {
        try (var edge = new TestEdge("parvi.http { requests-max = 1, requests-min = 1, queue-wait = 2s }")) {
            edge.entities.nextFates(Fate.LATE);
            try (var first = edge.connect()) {
                send(first, POST + DEPOSIT.length() + "\r\nConnection: close\r\n\r\n" + DEPOSIT);
                Awaitility.await().until(() -> edge.entities.attempts().size() == 1);

                assertThat(edge.get("/wallet/a").statusCode()).isEqualTo(200);
                assertThat(edge.entities.attempts()).hasSize(2);
                assertThat(read(first)).startsWith("HTTP/1.1 200");
            }
        }
    }

    @Test
    void and_no_longer() throws IOException {
        try (var edge = new TestEdge(
                "parvi.http { requests-max = 1, requests-min = 1, queue-wait = 300ms, attempt-timeout = 30s }")) {
            var busy = busy(edge, 1);
            var started = System.nanoTime();

            requireOverloaded(edge.post("/wallet/b/deposit", DEPOSIT));
            assertThat((System.nanoTime() - started) / 1e9).isBetween(0.25, 8.0);
            assertThat(edge.entities.attempts()).hasSize(1);
            for (var socket : busy) socket.close();
        }
    }

    @Test
    void one_entity_takes_so_many_commands_a_second_and_others_are_not_touched() {
        try (var edge = new TestEdge("parvi.http.rates.entity-max = 0.01")) {
            assertThat(edge.post("/wallet/a/deposit", DEPOSIT).statusCode()).isEqualTo(200);

            var second = edge.post("/wallet/a/deposit", DEPOSIT);
            assertThat(second.statusCode()).isEqualTo(429);
            assertThat(second.body())
                    .contains("\"code\":\"too-many-requests\"", "0.01 commands a second", "\"retryable\":true");
            assertThat(second.headers().firstValue("Retry-After"))
                    .hasValueSatisfying(
                            seconds -> assertThat(Integer.parseInt(seconds)).isBetween(40, 101));
            assertThat(edge.get("/wallet/a").statusCode()).isEqualTo(200);
            assertThat(edge.post("/wallet/b/deposit", DEPOSIT).statusCode()).isEqualTo(200);
            assertThat(edge.edge.figures()).containsEntry("entity-rate", 1L);
        }
    }

    @Test
    void one_caller_may_send_so_many_requests_a_second() {
        try (var edge = new TestEdge("parvi.http.rates.source-max = 2")) {
            var statuses = new ArrayList<Integer>();
            for (var n = 0; n < 30; n++) statuses.add(edge.get("/wallet/" + n).statusCode());

            assertThat(statuses).startsWith(200, 200).contains(429);
            assertThat(edge.edge.figures().get("caller-rate")).isPositive();
        }
    }

    @Test
    void long_bodies_that_do_not_end_leave_room_for_short_ones() throws IOException {
        try (var edge = new TestEdge("parvi.http.bodies-bytes-max = 100KiB")) {
            var slow = new ArrayList<Socket>();
            for (var n = 0; n < 4; n++) {
                slow.add(edge.connect());
                send(slow.get(n), POST + "500000\r\nConnection: close\r\n\r\n" + " ".repeat(60_000));
            }

            Awaitility.await().until(() -> edge.edge.figures().getOrDefault("bodies", 0L) >= 2);
            assertThat(edge.post("/wallet/a/deposit", DEPOSIT).statusCode()).isEqualTo(200);
            assertThat(edge.post("/wallet/a/deposit", DEPOSIT + " ".repeat(200_000))
                            .statusCode())
                    .isEqualTo(503);
            for (var socket : slow) socket.close();

            Awaitility.await()
                    .untilAsserted(() -> assertThat(edge.post("/wallet/a/deposit", DEPOSIT + " ".repeat(80_000))
                                    .statusCode())
                            .isEqualTo(200));
        }
    }

    @Test
    void who_sends_a_hundred_times_too_much_and_then_reads_is_told_so() throws IOException {
        try (var edge = TestEdge.start();
                var sending = edge.connect()) {
            send(sending, POST + 100_000_000 + "\r\n\r\n");
            var chunk = new byte[1_000_000];
            for (var n = 0; n < 100; n++) sending.getOutputStream().write(chunk);

            assertThat(read(sending)).startsWith("HTTP/1.1 413").contains("body-too-large", "Connection: close");
        }
    }

    @Test
    void nobody_is_told_what_serves_here() {
        try (var edge = TestEdge.start()) {
            assertThat(edge.get("/wallet/a").headers().firstValue("Server")).isEmpty();
            assertThat(edge.raw("nonsense\r\n\r\n")).startsWith("HTTP/1.1 400").doesNotContain("Server:");
        }
    }
}
