package dev.parvi.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parvi.http.MemoryClient.Fate;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Stopping: nothing new, everything begun, and no connection left open. */
class DrainIT {
    private static final String DEPOSIT =
            "POST /wallet/a/deposit HTTP/1.1\r\nHost: h\r\nContent-Length: 13\r\n\r\n{\"amount\": 1}";

    @Test
    void a_request_in_flight_is_answered_and_its_connection_closed() throws IOException {
        try (var edge = TestEdge.start();
                var busy = edge.connect()) {
            edge.entities.nextFates(Fate.LATE);
            send(busy, DEPOSIT);
            Awaitility.await().until(() -> !edge.entities.attempts().isEmpty());

            var drained = edge.edge.drain(Duration.ofSeconds(5));
            var answer = read(busy);
            drained.orTimeout(15, TimeUnit.SECONDS).join();

            assertThat(answer).startsWith("HTTP/1.1 200").contains("{\"balance\":\"1\"}", "Connection: close");
            assertThatThrownBy(edge::connect).isInstanceOf(IOException.class);
        }
    }

    @Test
    void a_busy_connection_is_told_to_leave_before_it_is_cut() throws IOException {
        try (var edge = TestEdge.start();
                var busy = edge.connect()) {
            send(busy, "GET /wallet/a HTTP/1.1\r\nHost: h\r\n\r\n");
            assertThat(busy.getInputStream().read()).isEqualTo('H');
            var second = "GET /wallet/a HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

            var drained = edge.edge.drain(Duration.ofSeconds(5));
            busy.getOutputStream().write(second);

            assertThat(read(busy)).endsWith("{\"balance\":\"0\"}").containsOnlyOnce("Connection: close");
            drained.orTimeout(15, TimeUnit.SECONDS).join();
        }
    }

    @Test
    void an_idle_connection_does_not_hold_it_up() throws IOException {
        try (var edge = TestEdge.start();
                var idle = edge.connect()) {
            send(idle, "GET /wallet/a HTTP/1.1\r\nHost: h\r\n\r\n");
            assertThat(idle.getInputStream().read()).isEqualTo('H');

            edge.edge
                    .drain(Duration.ofSeconds(20))
                    .orTimeout(15, TimeUnit.SECONDS)
                    .join();
        }
    }

    @Test
    void what_is_not_answered_in_time_is_of_unknown_outcome() throws IOException {
        try (var edge = TestEdge.start();
                var stuck = edge.connect()) {
            edge.entities.from(Fate.SILENT);
            send(stuck, DEPOSIT);
            Awaitility.await().until(() -> !edge.entities.attempts().isEmpty());

            edge.edge.drain(Duration.ofMillis(300));

            assertThat(read(stuck)).startsWith("HTTP/1.1 504").contains("outcome-unknown", "Connection: close");
        }
    }

    private static void send(Socket socket, String request) throws IOException {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    private static String read(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
