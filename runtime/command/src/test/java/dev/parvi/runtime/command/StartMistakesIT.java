package dev.parvi.runtime.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parvi.runtime.ChildJvm;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people get wrong ends in one sentence on standard error and in the documented exit code. */
class StartMistakesIT {
    private static final Duration ATMOST = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void a_client_port_in_use_is_named() throws Exception {
        try (var taken = taken()) {
            assertMistake(
                    3,
                    "Port " + taken.getLocalPort() + " on 127.0.0.1 is taken",
                    "run",
                    "--management-port",
                    "0",
                    "--port",
                    port(taken));
        }
    }

    @Test
    void a_management_port_in_use_is_named() throws Exception {
        try (var taken = taken()) {
            assertMistake(3, "parvi.node.management.port", "run", "--port", "0", "--management-port", port(taken));
        }
    }

    @Test
    void a_cluster_port_in_use_is_named() throws Exception {
        try (var taken = taken()) {
            assertMistake(
                    3,
                    "parvi.node.port",
                    "run",
                    "--port",
                    "0",
                    "--management-port",
                    "0",
                    "--set",
                    "parvi.node.port=" + port(taken));
        }
    }

    @Test
    void the_cluster_command_looks_at_its_ports_before_it_starts_anything() throws Exception {
        try (var taken = taken()) {
            assertMistake(
                    3,
                    "Port " + taken.getLocalPort(),
                    "cluster",
                    "--nodes",
                    "1",
                    "--management-port",
                    "0",
                    "--port",
                    port(taken));
        }
    }

    @Test
    void a_mistyped_key_is_answered_with_the_nearest() throws Exception {
        assertMistake(2, "did you mean parvi.http.port?", "run", "--set", "parvi.http.prot=1");
    }

    @Test
    void a_wrong_value_names_its_key() throws Exception {
        assertMistake(2, "parvi.node.log", "run", "--log", "loud");
        assertMistake(2, "parvi.persistence.readers", "run", "--set", "parvi.persistence.readers=0");
        assertMistake(2, "parvi.http.depth-max", "run", "--set", "parvi.http.depth-max=1000");
        assertMistake(2, "shards", "run", "--set", "parvi.sharding.shards=none");
    }

    @Test
    void a_dangerous_setting_is_refused_with_its_reason() throws Exception {
        assertMistake(
                2,
                "pekko.cluster.min-nr-of-members must stay 1: ",
                "run",
                "--set",
                "pekko.cluster.min-nr-of-members=3");
    }

    @Test
    void a_data_folder_that_cannot_be_made_is_named() throws Exception {
        var file = Files.writeString(folder.resolve("file"), "");
        assertMistake(
                3,
                "The data folder",
                "run",
                "--port",
                "0",
                "--management-port",
                "0",
                "--data",
                file.resolve("x").toString());
    }

    @Test
    void an_unknown_store_is_named() throws Exception {
        assertMistake(3, "oracle:", "run", "--port", "0", "--management-port", "0", "--store", "oracle:x");
    }

    @Test
    void a_store_of_another_cluster_is_refused_until_it_is_taken_over() throws Exception {
        var store = List.of("--store", "sqlite:" + folder.resolve("shared.db"));
        assertThat(exitCode(store, "first", "run", "--port", "0", "--management-port", "0", "--stop-when-ready"))
                .isZero();
        assertMistake(
                3,
                "The store belongs to the cluster \"first\"",
                "run",
                "--port",
                "0",
                "--management-port",
                "0",
                "--set",
                "parvi.node.cluster=second",
                store.get(0),
                store.get(1));
        assertThat(exitCode(store, "second", "store", "take-over")).isZero();
        assertThat(exitCode(store, "second", "run", "--port", "0", "--management-port", "0", "--stop-when-ready"))
                .isZero();
    }

    private int exitCode(List<String> store, String cluster, String... arguments) throws InterruptedException {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(store);
        all.addAll(List.of("--set", "parvi.node.cluster=" + cluster));
        all.addAll(List.of("--data", folder.resolve("data-" + cluster).toString()));
        try (var child = ChildJvm.start(folder, Parvi.class, all.toArray(String[]::new))) {
            return child.awaitExit(ATMOST);
        }
    }

    @Test
    void a_folder_of_entities_that_is_not_there_is_named() throws Exception {
        assertMistake(
                2,
                "The folder of entities",
                "run",
                "--entities",
                folder.resolve("none").toString());
    }

    @Test
    void a_node_that_stops_while_a_cluster_starts_is_quoted() throws Exception {
        assertMistake(
                3,
                "Node 1 stopped while starting: ",
                "cluster",
                "--nodes",
                "1",
                "--port",
                "0",
                "--management-port",
                "0",
                "--store",
                "oracle:x");
    }

    private void assertMistake(int code, String words, String... arguments) throws InterruptedException {
        var all = new ArrayList<>(List.of(arguments));
        if (!all.contains("--data"))
            all.addAll(List.of("--data", folder.resolve("data").toString()));
        try (var child = ChildJvm.start(folder, Parvi.class, all.toArray(String[]::new))) {
            assertThat(child.awaitExit(ATMOST)).as(child.out() + child.err()).isEqualTo(code);
            assertThat(child.err().lines())
                    .singleElement()
                    .asString()
                    .startsWith("parvi: ")
                    .contains(words);
        }
    }

    private static ServerSocket taken() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
    }

    private static String port(ServerSocket socket) {
        return Integer.toString(socket.getLocalPort());
    }
}
