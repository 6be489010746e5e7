package dev.parvi.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.parvi.testkit.TestNode;
import dev.parvi.testkit.cluster.ClusterTest;
import dev.parvi.testkit.cluster.Fault;
import dev.parvi.testkit.cluster.TestCluster;
import dev.parvi.testkit.cluster.TestStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;

/** The kit for clusters in tests, with real nodes. */
final class ClusterKitIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    @ClusterTest(nodes = 3)
    void nodes_are_killed_terminated_and_started_again(TestCluster cluster) throws IOException {
        assertThat(deposit(cluster, "A", "k1")).isEqualTo("1");
        cluster.apply(Fault.kill("A"));
        assertThat(cluster.node("A").isAlive()).isFalse();
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(deposit(cluster, "B", "k2")).isEqualTo("2"));
        cluster.apply(Fault.restart("A"));
        assertThat(deposit(cluster, "A", "k3")).isEqualTo("3");
        cluster.apply(Fault.terminate("C"));
        assertThat(cluster.node("C").isAlive()).isFalse();
        cluster.note("all is said");

        var told = cluster.timeLine(10_000);
        assertThat(told).containsSubsequence("ready: A, B, C", "kill A", "restart A", "terminate C", "all is said");
        assertThat(told).containsPattern("(?m)^\\S+  A    INFO ").containsPattern("(?m)^\\S+  C    INFO ");
        assertThat(told.lines().skip(1).filter(line -> line.matches("\\d\\d:.*")))
                .isSorted();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> cluster.apply(Fault.kill("D")))
                .withMessage("there is no node D; there is A, B, C");
    }

    @Test
    @ClusterTest(nodes = 3)
    void of_a_partition_the_majority_goes_on(TestCluster cluster) throws IOException {
        cluster.apply(Fault.partition("A | B C"));
        await().atMost(PATIENCE).until(() -> !cluster.node("A").isAlive());
        // The same key each time, so it counts once.
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(deposit(cluster, "C", "k1")).isEqualTo("1"));
        for (var n = 2; n <= 20; n++)
            assertThat(deposit(cluster, n % 2 == 0 ? "B" : "C", "k" + n)).isEqualTo("" + n);
        cluster.apply(Fault.heal());
        cluster.apply(Fault.restart("A"));
        assertThat(deposit(cluster, "A", "k21")).isEqualTo("21");
    }

    /** Each command is sent again with its key until it is answered: an effect too many or too few would move the revisions. */
    @Test
    @ClusterTest(nodes = 3)
    void a_link_may_flap(TestCluster cluster) throws IOException {
        var told = CompletableFuture.supplyAsync(() -> IntStream.rangeClosed(1, 30)
                .mapToObj(n -> depositAtLast(cluster, "k" + n))
                .toList());
        cluster.apply(Fault.flap("A", "B", 2, Duration.ofSeconds(20)));
        assertThat(told.join())
                .isEqualTo(
                        IntStream.rangeClosed(1, 30).mapToObj(String::valueOf).toList());
        assertThat(cluster.timeLine(10_000)).containsSubsequence("flap A - B 2 x 20000 ms", "as UNREACHABLE");
    }

    @Test
    @ClusterTest(nodes = 3)
    void a_node_may_starve(TestCluster cluster) throws IOException {
        assertThat(deposit(cluster, "A", "k1")).isEqualTo("1");
        cluster.apply(Fault.starve("A", 0.1));
        for (var n = 2; n <= 20; n++)
            assertThat(depositAtLast(cluster, "k" + n)).isEqualTo("" + n);
        await().atMost(PATIENCE).until(() -> heldBack(cluster.node("A")) > 0);
        cluster.apply(Fault.feed("A"));
        assertThat(depositAtLast(cluster, "k21")).isEqualTo("21");
        cluster.apply(Fault.restart("A"));
        assertThat(deposit(cluster, "A", "k22")).isEqualTo("22");
    }

    /** How often the kernel has made this process wait for the next period. */
    private static long heldBack(TestNode node) throws IOException {
        var group = Pattern.compile("(?m)^\\d+:(cpu)?[^:]*:(/parvi-.*)$")
                .matcher(Files.readString(Path.of("/proc", "" + node.pid(), "cgroup")));
        assertThat(group.find()).as("the node is in a group of its own").isTrue();
        var folder = Path.of("/sys/fs/cgroup", group.group(1) == null ? "" : "cpu", group.group(2));
        return Files.readAllLines(folder.resolve("cpu.stat")).stream()
                .filter(line -> line.startsWith("nr_throttled "))
                .mapToLong(line -> Long.parseLong(line.split(" ")[1]))
                .sum();
    }

    private static String depositAtLast(TestCluster cluster, String key) {
        return await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> deposit(cluster, "C", key), revision -> !revision.isEmpty());
    }

    @Test
    @ClusterTest(nodes = 2, store = TestStore.CASSANDRA)
    void nodes_may_share_a_cassandra(TestCluster cluster) throws IOException {
        assertThat(deposit(cluster, "A", "k1")).isEqualTo("1");
        cluster.apply(Fault.kill("A"));
        cluster.apply(Fault.kill("B"));
        cluster.apply(Fault.restart("B"));
        assertThat(deposit(cluster, "B", "k2")).isEqualTo("2");
    }

    @Test
    void a_failure_shows_the_time_line_and_keeps_the_logs() throws IOException {
        var failure = failureOf(Failing.class);
        assertThat(failure).hasMessage("on purpose");
        var told = Throwables.getStackTrace(failure);
        assertThat(told).containsSubsequence("cluster of A, data and logs in ", "ready: A", "freeze A");
        assertThat(Failing.pid).isNotIn(runningPids());
        removeKept(told);
    }

    @Test
    void a_cluster_that_does_not_start_says_what_its_nodes_said() throws IOException {
        var told = Throwables.getStackTrace(failureOf(Misconfigured.class));
        assertThat(told)
                .contains("the node ended")
                .containsSubsequence("cluster of A, data and logs in ", "parvi.sharding.shards");
        removeKept(told);
    }

    private static Throwable failureOf(Class<?> test) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(test))
                .execute()
                .testEvents()
                .failed()
                .map(event -> event.getRequiredPayload(TestExecutionResult.class))
                .map(result -> result.getThrowable().orElseThrow())
                .findFirst()
                .orElseThrow();
    }

    private static void removeKept(String told) throws IOException {
        var folder = Pattern.compile("logs in (\\S+),").matcher(told);
        assertThat(folder.find()).isTrue();
        var kept = Path.of(folder.group(1));
        assertThat(kept).isNotEmptyDirectory();
        try (var files = Files.walk(kept)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }

    /** A test that is killed cannot stop anything any more. */
    @Test
    void nodes_end_with_the_process_of_their_test(@TempDir Path folder) throws IOException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var test = new ProcessBuilder(
                        java, "-cp", System.getProperty("java.class.path"), Starter.class.getName(), folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var lines = new BufferedReader(new InputStreamReader(test.getInputStream(), StandardCharsets.UTF_8))) {
            var node = Long.parseLong(lines.readLine());
            assertThat(runningPids()).contains(node);
            test.destroyForcibly();
            await().atMost(PATIENCE).until(() -> !runningPids().contains(node));
        }
    }

    private static List<Long> runningPids() {
        return ProcessHandle.allProcesses()
                .filter(ProcessHandle::isAlive)
                .map(ProcessHandle::pid)
                .toList();
    }

    private static String deposit(TestCluster cluster, String node, String key) throws IOException {
        var answer = TestNode.send(
                "POST", cluster.node(node).url() + "/account/alice/deposit", "{\"amount\":1}", "Idempotency-Key", key);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return String.valueOf(Driver.revision(answer));
    }

    /** Fails while its node cannot be asked to end. */
    static final class Failing {
        private static volatile long pid;

        @Test
        @ClusterTest(nodes = 1)
        void fails_with_a_frozen_node(TestCluster cluster) {
            pid = cluster.node("A").pid();
            cluster.apply(Fault.freeze("A"));
            throw new AssertionError("on purpose");
        }
    }

    /** Its node ends before it is ready. */
    static final class Misconfigured {
        @Test
        @ClusterTest(nodes = 1, settings = "parvi.sharding.shards=0")
        void has_no_cluster(TestCluster cluster) {
            throw new AssertionError("there is a " + cluster);
        }
    }

    /** A process that starts a node, says its id, and waits to be killed. */
    static final class Starter {
        public static void main(String[] folder) throws InterruptedException {
            var cluster = TestCluster.start(Path.of(folder[0]), 1, List.of());
            System.out.println(cluster.node("A").pid());
            Thread.sleep(PATIENCE.toMillis());
            cluster.close();
        }
    }
}
