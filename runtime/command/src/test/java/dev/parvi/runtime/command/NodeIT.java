package dev.parvi.runtime.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.typesafe.config.ConfigFactory;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.EventStore.Snapshot;
import dev.parvi.runtime.ChildJvm;
import dev.parvi.runtime.MemberDirectory;
import dev.parvi.runtime.StartFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes as processes: what they keep, how they meet, how they leave. */
class NodeIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    private static final Pattern ENTITY = Pattern.compile("\\{\"id\":\"([^\"]+)\",\"revision\":\"(\\d+)\"}");
    private static final Pattern NEXT = Pattern.compile("\"next\":\"([^\"]+)\"");

    @TempDir
    Path folder;

    @Test
    void what_was_acknowledged_is_there_after_kill_and_restart() throws InterruptedException {
        try (var first = RunningNode.start(folder)) {
            var node = RunningNode.awaitReady(folder, first);
            assertThat(node.add("a", 2)).contains("\"2\"");
            assertThat(node.add("a", 3)).contains("\"5\"");
            first.killHard();
        }
        try (var second = RunningNode.start(folder)) {
            assertThat(RunningNode.awaitReady(folder, second).get("a")).contains("\"5\"");
        }
    }

    @Test
    void what_became_of_acknowledged_commands_and_who_is_there_is_told_by_a_node_that_never_saw_them()
            throws InterruptedException {
        try (var first = RunningNode.start(folder)) {
            var node = RunningNode.awaitReady(folder, first);
            for (var n = 1; n <= 5; n++)
                assertThat(node.add("a", n, "key/" + n).statusCode()).isEqualTo(200);
            for (var n = 0; n < 4; n++) node.add("b" + n, 1);
            node.add("deleted", 1, "gone");
            node.add("kept-as-snapshot", 1);
            first.killHard();
        }
        delete("counter/deleted", "counter/kept-as-snapshot");
        try (var second = RunningNode.start(folder)) {
            var node = RunningNode.awaitReady(folder, second);
            assertThat(node.ask("/counter/deleted/commands/gone").statusCode()).isEqualTo(404);
            var outcome = node.ask("/counter/a/commands/key%2F3");
            assertThat(outcome.statusCode()).as(outcome.body()).isEqualTo(200);
            assertThat(outcome.headers().firstValue("etag")).hasValue("\"3\"");
            assertThat(outcome.body())
                    .contains("\"outcome\":\"completed\",\"revision\":\"3\",\"method\":\"Add\"")
                    .endsWith("\"reply\":{\"count\":\"6\"}}");
            assertThat(node.ask("/counter/a/commands/key%2F6").statusCode()).isEqualTo(404);
            assertThat(node.ask("/counter/b0/commands/key%2F3").statusCode()).isEqualTo(404);
            assertThat(walk(node, "limit=2"))
                    .containsExactlyInAnyOrder(
                            "a at 5", "b0 at 1", "b1 at 1", "b2 at 1", "b3 at 1", "kept-as-snapshot at 1");
            assertThat(walk(node, "prefix=b&limit=3")).hasSize(4).noneMatch(entity -> entity.startsWith("a"));
            for (var path : List.of("/counter?cursor=nonsense", "/counter/events?cursor=nonsense")) {
                var lost = node.ask(path);
                assertThat(lost.statusCode()).as(lost.body()).isEqualTo(400);
                assertThat(lost.body())
                        .contains("\"field\":\"cursor\"")
                        .as("where the store lies")
                        .doesNotContain(folder.toString());
            }
        }
    }

    /** Deletes the events of two entities; of the second one, a snapshot stays. */
    private void delete(String whole, String snapped) {
        var config = ConfigFactory.parseMap(
                        Map.of("parvi.persistence.store", "sqlite:" + folder.resolve("data/parvi.db")))
                .withFallback(ConfigFactory.load());
        try (var store = EventStore.open(config)) {
            var snapshot = new Snapshot(snapped, 1, "", Instant.now(), ByteString.EMPTY);
            store.save(snapshot, 1).join();
            store.deleteTo(whole, 1).join();
            store.deleteTo(snapped, 1).join();
        }
    }

    private static List<String> walk(RunningNode node, String query) {
        var found = new ArrayList<String>();
        var cursor = "";
        do {
            var page = node.ask("/counter?" + query + cursor);
            assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
            var entities = ENTITY.matcher(page.body());
            while (entities.find()) found.add(entities.group(1) + " at " + entities.group(2));
            var next = NEXT.matcher(page.body());
            cursor = next.find() ? "&cursor=" + URLEncoder.encode(next.group(1), StandardCharsets.UTF_8) : "";
        } while (!cursor.isEmpty());
        return found;
    }

    @Test
    void a_terminated_node_drains_and_ends_with_0() throws InterruptedException {
        try (var child = RunningNode.start(folder)) {
            RunningNode.awaitReady(folder, child);
            child.terminate();
            child.terminate();
            assertThat(child.awaitExit(SOON)).isZero();
            assertThat(child.err()).isEmpty();
            assertThat(MemberDirectory.in(folder.resolve("data")).takeCrashed()).isEmpty();
        }
    }

    @Test
    void the_management_port_tells_and_takes_only_what_it_knows() throws InterruptedException {
        try (var child = RunningNode.start(folder, "--set", "parvi.node.name=n7")) {
            var node = RunningNode.awaitReady(folder, child);
            assertThat(node.status())
                    .contains("\"node\":\"n7\"", "\"types\":[\"counter\"]", "\"state\":\"Up\"", "\"appends\":");
            assertThat(node.management("GET", "/alive").statusCode()).isEqualTo(200);
            assertThat(node.management("GET", "/nowhere").statusCode()).isEqualTo(404);
            assertThat(node.management("GET", "/nowhere").headers().firstValue("content-type"))
                    .hasValue("application/problem+json");
            assertThat(node.management("DELETE", "/status").statusCode()).isEqualTo(405);
            assertThat(node.management("POST", "/drain").statusCode()).isEqualTo(202);
            assertThat(child.awaitExit(SOON)).isZero();
        }
    }

    @RepeatedTest(3)
    void three_nodes_started_at_once_on_one_folder_form_one_cluster() {
        var children = new ArrayList<ChildJvm>();
        try {
            for (int i = 0; i < 3; i++) children.add(RunningNode.start(folder));
            var nodes = children.stream()
                    .map(child -> RunningNode.awaitReady(folder, child))
                    .toList();
            await().atMost(SOON)
                    .ignoreExceptionsInstanceOf(UncheckedIOException.class)
                    .untilAsserted(() -> {
                        children.forEach(ChildJvm::requireAlive);
                        assertThat(nodes)
                                .allSatisfy(node -> assertThat(node.members())
                                        .as(node.status())
                                        .isEqualTo(3));
                    });
        } finally {
            children.forEach(ChildJvm::close);
        }
    }

    @Test
    void nodes_that_are_told_of_each_other_form_one_cluster() throws Exception {
        var ports = freePorts();
        var first = ports.get(0);
        var second = ports.get(1);
        var contactPoints =
                "parvi.node.formation.contact-points=[\"127.0.0.1:" + first + "\", \"127.0.0.1:" + second + "\"]";
        try (var a = startWith(first, contactPoints);
                var b = startWith(second, contactPoints)) {
            var node = RunningNode.awaitReady(folder, a);
            RunningNode.awaitReady(folder, b);
            await().atMost(SOON).until(() -> node.members() == 2);
        }
    }

    @Test
    void a_node_with_other_cluster_settings_is_not_let_in_and_says_so() throws InterruptedException {
        try (var child = RunningNode.start(folder)) {
            RunningNode.awaitReady(folder, child);
            try (var other = RunningNode.start(
                    folder,
                    "--set",
                    "pekko.cluster.split-brain-resolver.active-strategy=static-quorum",
                    "--set",
                    "pekko.cluster.split-brain-resolver.static-quorum.quorum-size=2")) {
                assertThat(other.awaitExit(SOON)).isEqualTo(StartFailure.Exit.JOIN.code());
                assertThat(other.err().lines()).singleElement().asString().contains("other settings");
            }
        }
    }

    @Test
    void a_frozen_node_is_removed_and_ends_with_5_when_it_thaws() throws Exception {
        try (var a = RunningNode.start(folder);
                var b = RunningNode.start(folder);
                var frozen = RunningNode.start(folder)) {
            var node = RunningNode.awaitReady(folder, a);
            RunningNode.awaitReady(folder, b);
            RunningNode.awaitReady(folder, frozen);
            awaitMembers(node, 3);
            frozen.signal("STOP");
            awaitMembers(node, 2);
            frozen.signal("CONT");
            assertThat(frozen.awaitExit(SOON)).isEqualTo(StartFailure.Exit.REMOVED.code());
            assertThat(frozen.err().lines()).singleElement().asString().contains("goes on without this node");
        }
    }

    private static void awaitMembers(RunningNode node, long members) {
        await().atMost(SOON)
                .ignoreExceptionsInstanceOf(UncheckedIOException.class)
                .until(() -> node.members() == members);
    }

    /** Pekko may hang when it ends, for instance with a connection into a cut. */
    @Test
    void a_node_ends_although_its_actors_do_not() throws IOException, InterruptedException {
        try (var jvm = RunningNode.start(folder, "--set", "pekko.extensions.0=" + NeverEnding.class.getName())) {
            RunningNode.awaitReady(folder, jvm);
            jvm.signal("TERM");
            assertThat(jvm.awaitExit(SOON)).isEqualTo(StartFailure.Exit.OK.code());
        }
    }

    private ChildJvm startWith(String managementPort, String setting) {
        return ChildJvm.start(
                folder,
                Parvi.class,
                "run",
                "--port",
                "0",
                "--management-port",
                managementPort,
                "--data",
                folder.resolve("data").toString(),
                "--set",
                setting);
    }

    /** Both are held until both are known, or they could be one. */
    private static List<String> freePorts() throws IOException {
        try (var one = new ServerSocket(0);
                var other = new ServerSocket(0)) {
            return List.of(Integer.toString(one.getLocalPort()), Integer.toString(other.getLocalPort()));
        }
    }
}
