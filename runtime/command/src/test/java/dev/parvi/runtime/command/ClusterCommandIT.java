package dev.parvi.runtime.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parvi.runtime.ChildJvm;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterCommandIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration START_MAX = Duration.ofSeconds(120);
    private static final Pattern LINE = Pattern.compile(
            "node (\\d+)  pid (\\d+)  (http://127\\.0\\.0\\.1:\\d+)  management (http://127\\.0\\.0\\.1:\\d+)");

    @TempDir
    Path folder;

    @Test
    void three_nodes_serve_as_one_and_survive_the_kill_of_any() throws InterruptedException {
        try (var cluster = start()) {
            var lines = awaitLines(cluster);
            var nodes = lines.stream().map(ClusterCommandIT::node).toList();
            // A node is ready once it is up itself; what the others are reaches it by gossip.
            nodes.forEach(node -> await().atMost(SOON).until(() -> node.members() == 3));
            for (int i = 0; i < 12; i++)
                assertThat(nodes.get(i % 3).add("c" + i, i + 1)).contains("\"" + (i + 1) + "\"");

            kill(pid(lines.get(0)));
            for (int i = 0; i < 12; i++) {
                var survivor = nodes.get(1 + i % 2);
                var path = "/counter/c" + i;
                var value = "\"" + (i + 1) + "\"";
                var answer = await().atMost(SOON)
                        .ignoreExceptionsInstanceOf(UncheckedIOException.class)
                        .until(() -> survivor.ask(path), got -> got.statusCode() == 200);
                assertThat(answer.body()).contains(value);
            }
            await().atMost(SOON).until(() -> cluster.outLines().size() == 4);
            assertThat(cluster.outLines().get(3)).startsWith("node 1  pid").contains("ended with 137");

            cluster.terminate();
            assertThat(cluster.awaitExit(SOON)).isZero();
            lines.forEach(line -> assertThat(ProcessHandle.of(pid(line)).filter(ProcessHandle::isAlive))
                    .isEmpty());
        }
    }

    @Test
    void nodes_stop_when_the_command_that_started_them_is_killed() throws InterruptedException {
        try (var cluster = start()) {
            var lines = awaitLines(cluster);
            cluster.killHard();
            await().atMost(SOON)
                    .until(() -> lines.stream()
                            .noneMatch(line -> ProcessHandle.of(pid(line))
                                    .filter(ProcessHandle::isAlive)
                                    .isPresent()));
        }
    }

    private ChildJvm start() {
        return ChildJvm.start(
                folder,
                Parvi.class,
                "cluster",
                "--nodes",
                "3",
                "--port",
                "0",
                "--management-port",
                "0",
                "--data",
                folder.resolve("data").toString(),
                "--set",
                "parvi.node.overlay=test");
    }

    private static List<String> awaitLines(ChildJvm cluster) {
        await().atMost(START_MAX)
                .failFast(cluster::requireAlive)
                .until(() -> cluster.outLines().size() == 3);
        var lines = cluster.outLines();
        for (int i = 0; i < 3; i++) assertThat(lines.get(i)).matches(LINE).startsWith("node " + (i + 1) + " ");
        return lines;
    }

    private static RunningNode node(String line) {
        var parts = LINE.matcher(line);
        assertThat(parts.matches()).isTrue();
        return new RunningNode(parts.group(3), parts.group(4));
    }

    private static long pid(String line) {
        return Long.parseLong(line.split("  ")[1].substring("pid ".length()));
    }

    private static void kill(long pid) {
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    }
}
