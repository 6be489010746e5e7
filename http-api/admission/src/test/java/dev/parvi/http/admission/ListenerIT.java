package dev.parvi.http.admission;

import static dev.parvi.http.admission.TestListener.get;
import static dev.parvi.http.admission.TestListener.isEnded;
import static dev.parvi.http.admission.TestListener.send;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What slow clients may do, and who leaves when there is no room. Real sockets, real time. */
class ListenerIT {
    private static final String OK = "HTTP/1.1 200 OK";
    private static final ConnectionSettings WIDE = TestListener.settings();

    private static ConnectionSettings withHeadTimeout(int millis) {
        return new ConnectionSettings(
                WIDE.connectionsMax(),
                0,
                1,
                Duration.ofMillis(millis),
                WIDE.idleTimeout(),
                WIDE.answerTimeout(),
                WIDE.answerRateMin(),
                WIDE.answersBytesMax());
    }

    private static ConnectionSettings withMax(int max, int perSource) {
        return new ConnectionSettings(
                max,
                perSource,
                1,
                WIDE.headTimeout(),
                WIDE.idleTimeout(),
                WIDE.answerTimeout(),
                WIDE.answerRateMin(),
                WIDE.answersBytesMax());
    }

    private static ConnectionSettings withAnswerTimeout(int millis, int rate) {
        return new ConnectionSettings(
                WIDE.connectionsMax(),
                0,
                1,
                WIDE.headTimeout(),
                WIDE.idleTimeout(),
                Duration.ofMillis(millis),
                rate,
                WIDE.answersBytesMax());
    }

    private static double secondsSince(long startedNanos) {
        return (System.nanoTime() - startedNanos) / 1e9;
    }

    @Test
    void a_head_that_comes_byte_by_byte_is_cut_when_its_time_is_over() throws Exception {
        try (var listener = new TestListener(withHeadTimeout(1_000))) {
            var started = System.nanoTime();
            try (var slow = listener.connect()) {
                slow.setSoTimeout(100);
                send(slow, "GET / HTTP/1.1\r\n");
                while (!isEnded(slow) && secondsSince(started) < 20) send(slow, "X");
            }

            assertThat(secondsSince(started)).isBetween(0.9, 15.0);
            assertThat(listener.cuts(Reason.SLOW_HEAD)).isOne();
        }
    }

    @Test
    void who_says_nothing_at_all_is_cut_as_well() throws Exception {
        try (var listener = new TestListener(withHeadTimeout(500))) {
            var started = System.nanoTime();
            try (var silent = listener.connect()) {
                assertThat(isEnded(silent)).isTrue();
            }
            assertThat(secondsSince(started)).isBetween(0.4, 15.0);
        }
    }

    @Test
    void between_two_requests_there_is_more_time_but_not_within_the_second() throws Exception {
        try (var listener = new TestListener(withHeadTimeout(2_000));
                var client = listener.connect()) {
            assertThat(get(client, "/")).isEqualTo(OK);
            Thread.sleep(4_000);
            assertThat(get(client, "/")).isEqualTo(OK);

            send(client, "GET / HT");

            assertThat(isEnded(client)).isTrue();
        }
    }

    @Test
    void a_connection_without_traffic_ends_after_its_time() throws Exception {
        var settings = new ConnectionSettings(
                10,
                0,
                1,
                Duration.ofSeconds(2),
                Duration.ofSeconds(2),
                WIDE.answerTimeout(),
                WIDE.answerRateMin(),
                WIDE.answersBytesMax());
        try (var listener = new TestListener(settings);
                var client = listener.connect()) {
            var started = System.nanoTime();
            assertThat(get(client, "/")).isEqualTo(OK);

            assertThat(isEnded(client)).isTrue();
            assertThat(secondsSince(started)).isBetween(1.9, 15.0);
            assertThat(listener.cuts(Reason.IDLE)).isOne();
        }
    }

    @Test
    void an_answer_that_nobody_reads_is_taken_back() throws Exception {
        try (var listener = new TestListener(withAnswerTimeout(500, 1 << 30));
                var deaf = listener.connect()) {
            send(deaf, "GET /big?30000000 HTTP/1.1\r\nHost: h\r\n\r\n");

            Awaitility.await()
                    .atMost(20, TimeUnit.SECONDS)
                    .until(() -> listener.cuts(Reason.SLOW_ANSWER) == 1 && listener.listener.size() == 0);
            assertThat(readAll(deaf)).isLessThan(30_000_000);
        }
    }

    @Test
    void an_answer_that_is_read_slowly_but_steadily_is_read_to_its_end() throws Exception {
        try (var listener = new TestListener(withAnswerTimeout(500, 2_000_000));
                var slow = listener.connect()) {
            send(slow, "GET /big?20000000 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
            Thread.sleep(3_000);

            assertThat(readAll(slow)).isGreaterThan(20_000_000);
            assertThat(listener.cuts(Reason.SLOW_ANSWER)).isZero();
        }
    }

    @Test
    void answers_that_nobody_reads_weigh_no_more_than_they_may() throws Exception {
        var settings = new ConnectionSettings(
                100, 0, 1, WIDE.headTimeout(), WIDE.idleTimeout(), Duration.ofSeconds(60), 1 << 30, 40_000_000);
        try (var listener = new TestListener(settings)) {
            var deaf = new ArrayList<Socket>();
            for (var n = 0; n < 6; n++) {
                deaf.add(listener.connect());
                send(deaf.get(n), "GET /big?12000000 HTTP/1.1\r\nHost: h\r\n\r\n".repeat(3));
                Thread.sleep(100);
            }

            Awaitility.await()
                    .atMost(15, TimeUnit.SECONDS)
                    .until(() -> listener.cuts(Reason.SLOW_ANSWER) == 4 && listener.listener.size() == 2);
            assertThat(isEnded(deaf.get(5))).isFalse();
            close(deaf);
        }
    }

    @Test
    void a_stream_may_rest_for_longer_than_an_answer() throws Exception {
        try (var listener = new TestListener(withAnswerTimeout(300, 1 << 30));
                var resting = listener.connect()) {
            send(resting, "GET /stream HTTP/1.1\r\nHost: h\r\n\r\n");
            Thread.sleep(4_000);

            assertThat(listener.cuts(Reason.SLOW_ANSWER)).isZero();
            assertThat(listener.listener.size()).isOne();
        }
    }

    @Test
    void whoever_has_been_silent_longest_makes_room_for_a_newcomer() throws Exception {
        try (var listener = new TestListener(withMax(50, 0));
                var kept = listener.connect()) {
            assertThat(get(kept, "/")).isEqualTo(OK);
            var silent = new ArrayList<Socket>();
            for (var n = 0; n < 49; n++) {
                silent.add(listener.connect());
                send(silent.get(n), "GET / HT");
            }
            Awaitility.await().until(() -> listener.listener.size() == 50);

            for (var n = 0; n < 10; n++)
                try (var newcomer = listener.connect()) {
                    assertThat(get(newcomer, "/")).isEqualTo(OK);
                }

            assertThat(isEnded(silent.get(0))).isTrue();
            assertThat(get(kept, "/")).isEqualTo(OK);
            assertThat(listener.listener.size()).isLessThanOrEqualTo(50);
            assertThat(listener.cuts(Reason.SHED)).isBetween(1L, 10L);
            close(silent);
        }
    }

    @Test
    void who_waits_for_the_node_is_never_cut_for_a_newcomer() throws Exception {
        try (var listener = new TestListener(withMax(5, 0))) {
            var waiting = new ArrayList<Socket>();
            for (var n = 0; n < 5; n++) {
                waiting.add(listener.connect());
                send(waiting.get(n), "GET /wait HTTP/1.1\r\nHost: h\r\n\r\n");
            }
            Awaitility.await().until(() -> listener.waiting() == 5);

            try (var newcomer = listener.connect()) {
                assertThat(isEnded(newcomer)).isTrue();
            }
            assertThat(listener.cuts(Reason.CONNECTIONS_MAX)).isOne();
            listener.answerAll();
            for (var socket : waiting)
                assertThat(socket.getInputStream().read()).isEqualTo('H');
            close(waiting);
        }
    }

    @Test
    void one_address_cannot_take_the_places_of_others() throws Exception {
        try (var listener = new TestListener(withMax(50, 3))) {
            var greedy = new ArrayList<Socket>();
            for (var n = 0; n < 3; n++) greedy.add(listener.connectFrom("127.0.0.2"));
            Awaitility.await().until(() -> listener.listener.size() == 3);

            try (var fourth = listener.connectFrom("127.0.0.2");
                    var other = listener.connectFrom("127.0.0.3")) {
                assertThat(isEnded(fourth)).isTrue();
                assertThat(get(other, "/")).isEqualTo(OK);
            }
            assertThat(listener.cuts(Reason.CONNECTIONS_PER_SOURCE_MAX)).isOne();

            close(greedy);
            Awaitility.await().until(() -> listener.listener.size() == 0);
            try (var again = listener.connectFrom("127.0.0.2")) {
                assertThat(get(again, "/")).isEqualTo(OK);
            }
        }
    }

    @Test
    void who_is_still_sending_can_read_an_early_answer() throws Exception {
        try (var listener = new TestListener(WIDE);
                var sending = listener.connect()) {
            send(sending, "POST /deaf HTTP/1.1\r\nHost: h\r\nContent-Length: 4000000\r\n\r\n");
            for (var n = 0; n < 40; n++) {
                sending.getOutputStream().write(new byte[100_000]);
                Thread.sleep(5);
            }

            var answer = new String(sending.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(answer).startsWith("HTTP/1.1 413");
        }
    }

    @Test
    void who_never_stops_sending_is_cut() throws Exception {
        try (var listener = new TestListener(WIDE);
                var sending = listener.connect()) {
            var started = System.nanoTime();
            send(sending, "POST /deaf HTTP/1.1\r\nHost: h\r\nContent-Length: 4000000000\r\n\r\n");

            assertThat(sendUntilCut(sending, started)).isTrue();
            assertThat(secondsSince(started)).isBetween(4.0, 25.0);
        }
    }

    private static boolean sendUntilCut(Socket socket, long startedNanos) throws InterruptedException {
        try {
            while (secondsSince(startedNanos) < 30) {
                socket.getOutputStream().write(new byte[1_000]);
                Thread.sleep(10);
            }
            return false;
        } catch (IOException cut) {
            return true;
        }
    }

    @Test
    void who_hangs_up_leaves_nothing_behind() throws Exception {
        try (var listener = new TestListener(WIDE)) {
            for (var n = 0; n < 20; n++)
                try (var client = listener.connect()) {
                    if (n % 2 == 0) get(client, "/");
                    if (n % 5 == 0) send(client, "GET /big?5000000 HTTP/1.1\r\nHost: h\r\n\r\n");
                }

            Awaitility.await().until(() -> listener.listener.size() == 0);
        }
    }

    @Test
    void a_node_that_leaves_waits_for_its_answers_and_for_nobody_else() throws Exception {
        try (var listener = new TestListener(WIDE);
                var idle = listener.connect();
                var busy = listener.connect()) {
            get(idle, "/");
            send(busy, "GET /wait HTTP/1.1\r\nHost: h\r\n\r\n");
            Awaitility.await().until(() -> listener.waiting() == 1);

            listener.listener.unbind().orTimeout(20, TimeUnit.SECONDS).join();
            var gone = listener.listener.terminate(Duration.ofSeconds(40));
            assertThat(isEnded(idle)).isTrue();
            assertThat(gone).isNotDone();
            listener.answerAll();

            assertThat(busy.getInputStream().read()).isEqualTo('H');
            gone.orTimeout(20, TimeUnit.SECONDS).join();
        }
    }

    private static long readAll(Socket socket) {
        var total = 0L;
        var buffer = new byte[64 << 10];
        try {
            for (int read; (read = socket.getInputStream().read(buffer)) >= 0; ) total += read;
        } catch (IOException reset) {
            return total;
        }
        return total;
    }

    private static void close(List<Socket> sockets) throws IOException {
        for (var socket : sockets) socket.close();
    }
}
