package dev.parvi.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connects from one address to another, through the kernel. */
final class LoopbackNetworkIT {
    private static final int CONNECT_MILLIS = 1_500;
    private static final Link A_TO_B = new Link("A", "B");
    private static final Link B_TO_A = new Link("B", "A");

    private final LoopbackNetwork network = LoopbackNetwork.create();

    @BeforeEach
    void needs_root() {
        assumeTrue(LoopbackNetwork.missing().isEmpty(), "skipped, not passed: needs " + LoopbackNetwork.missing());
    }

    @AfterEach
    void close() {
        network.close();
    }

    @Test
    void what_is_cut_does_not_get_through_until_it_is_healed() throws IOException {
        assertThat(connects("A", "B")).isTrue();
        network.cut(List.of(A_TO_B));
        assertThat(connects("A", "B")).isFalse();
        assertThat(connects("A", "C")).isTrue();
        assertThat(connects("C", "B")).isTrue();
        network.heal();
        assertThat(connects("A", "B")).isTrue();
    }

    /** TCP needs both ways, so a cut of one way is seen by what arrives. */
    @Test
    void a_cut_of_one_way_lets_the_other_way_through() throws IOException {
        try (var server = new ServerSocket()) {
            server.bind(new InetSocketAddress(network.hostOf("B"), 0));
            try (var client = new Socket()) {
                client.bind(new InetSocketAddress(network.hostOf("A"), 0));
                client.connect(server.getLocalSocketAddress(), CONNECT_MILLIS);
                try (var accepted = server.accept()) {
                    network.cut(List.of(A_TO_B));
                    accepted.getOutputStream().write(1);
                    client.setSoTimeout(CONNECT_MILLIS);
                    assertThat(client.getInputStream().read()).isEqualTo(1);
                    client.getOutputStream().write(2);
                    accepted.setSoTimeout(CONNECT_MILLIS);
                    assertThat(isSilent(accepted)).isTrue();
                }
            }
        }
    }

    @Test
    void all_packets_of_a_way_may_get_lost() throws IOException {
        network.lose(B_TO_A, 1);
        assertThat(connects("A", "B")).isFalse();
        assertThat(connects("A", "C")).isTrue();
    }

    @Test
    void what_is_mended_gets_through_and_nothing_else() throws IOException {
        network.cut(List.of(A_TO_B, B_TO_A));
        network.cut(List.of(A_TO_B, new Link("A", "C")));
        network.mend(List.of(A_TO_B, B_TO_A));
        assertThat(connects("A", "B")).as("it was cut twice").isFalse();
        network.mend(List.of(A_TO_B));
        assertThat(connects("A", "B")).isTrue();
        assertThat(connects("A", "C")).isFalse();
    }

    @Test
    void two_clusters_have_networks_of_their_own() throws IOException {
        try (var other = LoopbackNetwork.create()) {
            assertThat(other.hostOf("A")).isNotEqualTo(network.hostOf("A"));
            network.cut(List.of(A_TO_B));
            other.cut(List.of(B_TO_A));
            other.close();
            assertThat(connects("A", "B")).isFalse();
        }
    }

    @Test
    void nothing_is_left_of_a_process_that_was_killed_within_a_cut() throws IOException, InterruptedException {
        var dead = new ProcessBuilder("true").start();
        assertThat(dead.waitFor(10, TimeUnit.SECONDS)).isTrue();
        var chain = "PARVI-" + dead.pid() + "-1";
        iptables("-N", chain);
        iptables("-I", "INPUT", "-i", "lo", "-j", chain);
        network.cut(List.of(A_TO_B));
        assertThat(iptables("-S"))
                .doesNotContain(chain)
                .contains("PARVI-" + ProcessHandle.current().pid());
        network.close();
        assertThat(iptables("-S"))
                .doesNotContain("PARVI-" + ProcessHandle.current().pid());
    }

    private static boolean isSilent(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException silent) {
            return true;
        }
    }

    private boolean connects(String from, String to) throws IOException {
        try (var server = new ServerSocket();
                var client = new Socket()) {
            server.bind(new InetSocketAddress(network.hostOf(to), 0));
            client.bind(new InetSocketAddress(network.hostOf(from), 0));
            client.connect(server.getLocalSocketAddress(), CONNECT_MILLIS);
            return true;
        } catch (SocketTimeoutException silence) {
            return false;
        }
    }

    private static String iptables(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("iptables", "-w"));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
