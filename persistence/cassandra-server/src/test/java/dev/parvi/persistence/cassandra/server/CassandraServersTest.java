package dev.parvi.persistence.cassandra.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parvi.persistence.cassandra.server.CassandraOptions.CommitLogSync;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CassandraServersTest {
    private static final RingLayout RING = new RingLayout(3, 9042, 7000);

    @TempDir
    private Path folder;

    @Test
    void the_yaml_of_a_ring_names_the_address_the_token_and_every_seed() {
        assertThat(CassandraYaml.of(2, RING, CassandraOptions.standard()))
                .contains("listen_address: 127.0.0.2\n", "rpc_address: 127.0.0.2\n")
                .contains("native_transport_port: 9042\n", "storage_port: 7000\n")
                .contains("initial_token: '-3074457345618258603'\n", "auto_bootstrap: false\n")
                .contains("paxos_variant: v2\n", "authenticator: AllowAllAuthenticator\n")
                .contains("- seeds: \"127.0.0.1:7000,127.0.0.2:7000,127.0.0.3:7000\"\n");
    }

    @ParameterizedTest
    @CsvSource({
        "PERIODIC, commitlog_sync_period: 10s",
        "BATCH, commitlog_sync: batch",
        "GROUP, commitlog_sync_group_window: 10ms"
    })
    void the_commit_log_is_synced_as_asked(CommitLogSync sync, String line) {
        assertThat(CassandraYaml.of(1, RING, CassandraOptions.standard().withCommitLogSync(sync))
                        .lines())
                .contains("commitlog_sync: " + sync.name().toLowerCase(Locale.ROOT), line);
    }

    @Test
    void a_setting_of_the_caller_replaces_ours() {
        var options = CassandraOptions.standard().withPasswords().with("paxos_variant", "v1");
        assertThat(CassandraYaml.of(1, RING, options).lines())
                .contains("paxos_variant: v1", "authenticator: PasswordAuthenticator")
                .doesNotContain("paxos_variant: v2");
    }

    @Test
    void tokens_cut_the_ring_into_equal_parts() {
        var part = CassandraYaml.token(2, 3).subtract(CassandraYaml.token(1, 3));
        assertThat(CassandraYaml.token(1, 3)).isEqualTo(BigInteger.valueOf(Long.MIN_VALUE));
        assertThat(CassandraYaml.token(3, 3).subtract(CassandraYaml.token(2, 3)))
                .isEqualTo(part);
        assertThat(CassandraYaml.token(3, 3)).isLessThan(BigInteger.valueOf(Long.MAX_VALUE));
    }

    @Test
    void the_command_has_the_heap_the_opens_and_the_folder_of_the_node() {
        var command = JavaCommand.of(
                Path.of("jdk"),
                "jars",
                Path.of("node-1"),
                CassandraOptions.standard().withHeapMegabytes(256));
        assertThat(command)
                .startsWith(Path.of("jdk", "bin", "java").toString())
                .contains("-Xmx256m", "java.base/sun.nio.ch=ALL-UNNAMED", "-Dcassandra.storagedir=node-1")
                .endsWith("-cp", "jars", CassandraNode.class.getName());
    }

    @Test
    void the_running_jdk_is_taken_if_it_is_a_17() throws IOException {
        var running = jdk("here", "17.0.15");
        assertThat(Jdk17.find(running, Optional.of(jdk("named", "17.0.1").toString())))
                .contains(running);
    }

    @Test
    void else_the_named_one_else_one_beside_the_running_one() throws IOException {
        var running = jdk("homes/25", "25.0.1");
        assertThat(Jdk17.find(running, Optional.empty())).isEmpty();
        var beside = jdk("homes/17", "17.0.2");
        var named = jdk("elsewhere", "17.0.1");
        assertThat(Jdk17.find(running, Optional.empty())).contains(beside);
        assertThat(Jdk17.find(running, Optional.of(named.toString()))).contains(named);
        assertThat(Jdk17.find(running, Optional.of(running.toString()))).contains(beside);
    }

    @Test
    void a_folder_keeps_its_ports_and_its_number_of_nodes() {
        var first = RingLayout.in(folder, 1, 0);
        assertThat(RingLayout.in(folder, 1, 0)).isEqualTo(first);
        assertThat(first.nativePort()).isNotEqualTo(first.storagePort());
        assertThatThrownBy(() -> RingLayout.in(folder, 3, 0))
                .isInstanceOf(CassandraFailure.class)
                .hasMessageContaining("is of a ring of 1, not of 3");
    }

    @Test
    void a_port_in_use_is_refused_before_anything_starts() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> RingLayout.in(folder, 1, taken.getLocalPort()))
                    .isInstanceOf(CassandraFailure.class)
                    .hasMessageContaining("Port " + taken.getLocalPort() + " on 127.0.0.1 is not to be had");
            assertThat(folder).isEmptyDirectory();
        }
    }

    @Test
    void a_ring_has_one_node_or_three() {
        assertThatThrownBy(() -> CassandraServers.start(2, folder, line -> {}))
                .isInstanceOf(CassandraFailure.class)
                .hasMessage("A ring has 1 or 3 nodes, not 2.");
    }

    private Path jdk(String name, String version) throws IOException {
        var home = folder.resolve(name);
        var java = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.writeString(java, "");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        return home;
    }
}
