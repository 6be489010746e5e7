package dev.parvi.persistence.cassandra.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parvi.persistence.cassandra.server.CassandraOptions.CommitLogSync;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CassandraServersIT {
    private static final int SUPPORTED = 0x06;

    @TempDir
    private Path folder;

    @Test
    void one_server_answers_and_can_be_frozen_killed_and_started_again() throws IOException {
        var told = new ArrayList<String>();
        try (var ring = CassandraServers.start(1, folder, told::add)) {
            var node = ring.nodes().get(0);
            assertThat(told).hasSize(2);
            assertThat(node.address()).isEqualTo(ring.contactPoint());
            assertThat(answerTo(node.address())).isEqualTo(SUPPORTED);

            node.freeze();
            assertThatThrownBy(() -> answerTo(node.address())).isInstanceOf(SocketTimeoutException.class);
            node.thaw();
            assertThat(answerTo(node.address())).isEqualTo(SUPPORTED);

            var first = node.pid();
            node.kill();
            assertThat(node.isAlive()).isFalse();
            node.restart();
            assertThat(node.pid()).isNotEqualTo(first);
            assertThat(answerTo(node.address())).isEqualTo(SUPPORTED);
            assertThat(node.logged()).contains("Startup complete");
        }
    }

    @Test
    void three_servers_are_one_ring_and_a_killed_one_comes_back() throws IOException {
        var options = CassandraOptions.standard().withHeapMegabytes(256).withCommitLogSync(CommitLogSync.BATCH);
        try (var ring = CassandraServers.start(3, folder, options, line -> {})) {
            for (var node : ring.nodes()) assertThat(answerTo(node.address())).isEqualTo(SUPPORTED);

            var second = ring.nodes().get(1);
            second.kill();
            second.restart();
            assertThat(answerTo(second.address())).isEqualTo(SUPPORTED);
        }
    }

    /** Asks by hand, with an OPTIONS frame of protocol 4; returns the code of the answer. */
    static int answerTo(InetSocketAddress address) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(address, 2_000);
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(new byte[] {4, 0, 0, 0, 5, 0, 0, 0, 0});
            var head = new DataInputStream(socket.getInputStream()).readNBytes(9);
            return head.length == 9 ? head[4] : -1;
        }
    }
}
