package dev.parvi.runtime.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parvi.runtime.ChildJvm;
import dev.parvi.runtime.StartFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevCassandraCommandIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration START_MAX = Duration.ofSeconds(180);
    private static final Pattern NODE = Pattern.compile("node 1  pid (\\d+)  (127\\.0\\.0\\.1:\\d+)");

    @TempDir
    Path folder;

    @Test
    void a_node_runs_until_the_command_is_stopped_or_killed() throws InterruptedException {
        try (var command = start("--port", "0")) {
            var pid = awaitServing(command);
            command.terminate();
            assertThat(command.awaitExit(SOON)).isZero();
            assertThat(isAlive(pid)).isFalse();
        }
        try (var command = start("--port", "0")) {
            var pid = awaitServing(command);
            command.killHard();
            await().atMost(SOON).until(() -> !isAlive(pid));
        }
    }

    @Test
    void a_port_in_use_ends_in_one_sentence() throws InterruptedException, IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var command = start("--port", String.valueOf(taken.getLocalPort()))) {
            assertThat(command.awaitExit(SOON)).isEqualTo(StartFailure.Exit.MACHINE.code());
            assertThat(command.err())
                    .startsWith("parvi: Port " + taken.getLocalPort() + " on 127.0.0.1 is not to be had")
                    .hasLineCount(1);
        }
    }

    private ChildJvm start(String... options) {
        var arguments = new ArrayList<>(List.of("dev", "cassandra", "--data", data()));
        arguments.addAll(List.of(options));
        return ChildJvm.start(folder, Parvi.class, arguments.toArray(String[]::new));
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    /** Returns the process of Cassandra. */
    private static long awaitServing(ChildJvm command) {
        await().atMost(START_MAX).until(() -> {
            command.requireAlive();
            return command.outLines().stream().anyMatch(line -> line.startsWith("parvi run --store cassandra://"));
        });
        return command.outLines().stream()
                .map(NODE::matcher)
                .filter(Matcher::matches)
                .mapToLong(line -> Long.parseLong(line.group(1)))
                .findFirst()
                .orElseThrow();
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }
}
