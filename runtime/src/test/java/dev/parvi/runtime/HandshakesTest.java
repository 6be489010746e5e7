package dev.parvi.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parvi.runtime.Handshakes.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class HandshakesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Handshakes handshakes = new Handshakes(null, PATIENCE);

    @Test
    void the_kernel_accepts_for_a_process_that_does_nothing() throws IOException {
        try (var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            assertThat(handshakes.with(List.of(addressOf(server)))).containsEntry(addressOf(server), Answer.ACCEPTED);
        }
    }

    @Test
    void a_port_without_a_process_refuses_and_others_are_told_from_it() throws IOException {
        var closed = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        closed.close();
        try (var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            assertThat(handshakes.with(List.of(addressOf(closed), addressOf(server))))
                    .containsEntry(addressOf(closed), Answer.REFUSED)
                    .containsEntry(addressOf(server), Answer.ACCEPTED);
        }
    }

    @Test
    void a_host_without_an_address_gives_no_answer() throws IOException {
        var nobody = InetSocketAddress.createUnresolved("nobody.invalid", 1);

        assertThat(handshakes.with(List.of(nobody))).containsEntry(nobody, Answer.NONE);
    }

    @Test
    void connections_come_from_the_address_that_is_wanted() throws IOException {
        var from = new InetSocketAddress("127.0.0.1", 0);
        try (var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            assertThat(new Handshakes(from, PATIENCE).with(List.of(addressOf(server))))
                    .containsEntry(addressOf(server), Answer.ACCEPTED);
            try (var accepted = server.accept()) {
                assertThat(accepted.getInetAddress()).isEqualTo(from.getAddress());
                assertThat(accepted.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    private static InetSocketAddress addressOf(ServerSocket server) {
        return new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
    }
}
