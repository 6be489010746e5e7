package dev.parvi.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that never rests, in a control group of the kernel. */
final class CpuQuotaIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern THROTTLED = Pattern.compile("nr_throttled (\\d+)");
    private static final String MINE = "parvi-" + ProcessHandle.current().pid() + '-';

    private final CpuQuota quota = CpuQuota.create();
    private Process restless;

    @BeforeEach
    void starts_a_process_that_never_rests() throws IOException {
        assumeTrue(quota.missing().isEmpty(), "skipped, not passed: needs " + quota.missing());
        restless = new ProcessBuilder("sh", "-c", "while :; do :; done").start();
    }

    @AfterEach
    void close() throws InterruptedException {
        if (restless != null) restless.destroyForcibly().waitFor();
        quota.close();
    }

    @Test
    void a_starved_process_is_held_back_by_the_kernel_until_it_is_fed() throws IOException {
        quota.limit("A", restless.pid(), 0.05);
        var group = groups(MINE).get(0);
        await().atMost(PATIENCE).until(() -> throttled(group) > 3);
        assertThat(Files.readString(Path.of("/proc", "" + restless.pid(), "cgroup")))
                .contains(group.getFileName().toString());
        quota.lift("A");
        assertThat(limit(group)).isIn("-1", "max");
        quota.limit("A", restless.pid(), 0.1);
        assertThat(limit(group)).isEqualTo("10000");
    }

    @Test
    void nothing_is_left_when_the_nodes_have_ended() throws IOException, InterruptedException {
        quota.limit("A", restless.pid(), 0.5);
        quota.lift("nobody");
        assertThat(groups(MINE)).hasSize(1);
        restless.destroyForcibly().waitFor();
        quota.close();
        assertThat(groups(MINE)).isEmpty();
    }

    @Test
    void nothing_is_left_of_a_process_that_was_killed_while_a_node_starved() throws IOException, InterruptedException {
        var dead = new ProcessBuilder("true").start();
        assertThat(dead.waitFor(10, TimeUnit.SECONDS)).isTrue();
        var left = "parvi-" + dead.pid() + "-1-A";
        Files.createDirectory(hierarchy().resolve(left));
        assertThat(groups(left)).hasSize(1);
        quota.limit("A", restless.pid(), 0.5);
        assertThat(groups(left)).isEmpty();
        assertThat(groups(MINE)).hasSize(1);
    }

    /** What cannot be had on the same machine: a folder stands for the other version. */
    @Test
    void control_groups_of_version_2_are_written_to_as_the_kernel_reads_them(@TempDir Path mounted) throws IOException {
        var second = CpuQuota.in(mounted);
        assertThat(second.missing()).isEqualTo("Linux with control groups of the CPU");
        Files.writeString(mounted.resolve("cgroup.controllers"), "cpuset cpu io memory\n");
        Files.writeString(mounted.resolve("cgroup.subtree_control"), "memory\n");
        assertThat(second.missing()).isEmpty();
        assertThat(mounted.resolve("cgroup.subtree_control")).hasContent("+cpu");
        second.limit("A", 4711, 0.2);
        var group = group(mounted);
        assertThat(group.resolve("cpu.max")).hasContent("20000 100000");
        assertThat(group.resolve("cgroup.procs")).hasContent("4711");
        second.lift("A");
        assertThat(group.resolve("cpu.max")).hasContent("max 100000");
    }

    private static Path group(Path mounted) throws IOException {
        try (var all = Files.list(mounted)) {
            return all.filter(Files::isDirectory).findFirst().orElseThrow();
        }
    }

    private static Path hierarchy() {
        var first = Path.of("/sys/fs/cgroup/cpu");
        return Files.exists(first) ? first : Path.of("/sys/fs/cgroup");
    }

    private static List<Path> groups(String prefix) throws IOException {
        try (var all = Files.list(hierarchy())) {
            return all.filter(group -> group.getFileName().toString().startsWith(prefix))
                    .toList();
        }
    }

    private static long throttled(Path group) throws IOException {
        var count = THROTTLED.matcher(Files.readString(group.resolve("cpu.stat")));
        return count.find() ? Long.parseLong(count.group(1)) : 0;
    }

    private static String limit(Path group) throws IOException {
        var first = group.resolve("cpu.cfs_quota_us");
        return Files.readString(Files.exists(first) ? first : group.resolve("cpu.max"))
                .split("\\s")[0];
    }
}
