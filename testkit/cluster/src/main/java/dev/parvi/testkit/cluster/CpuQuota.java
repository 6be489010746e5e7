package dev.parvi.testkit.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How much of a CPU the nodes of one cluster get: a control group of Linux for each that is starved. Of version 1, a node moves within the
 * hierarchy of the CPU only; of version 2 there is one hierarchy, so it leaves what else its group had for it.
 */
final class CpuQuota implements AutoCloseable {
    private static final Path MOUNTED = Path.of("/sys/fs/cgroup");
    private static final Pattern GROUP = Pattern.compile("parvi-(\\d+)-\\d+-\\w+");
    private static final AtomicInteger CLUSTERS = new AtomicInteger();
    private static final long PERIOD_MICROS = 100_000;
    private static final int REMOVALS_MAX = 100;
    private static final long PAUSE_NANOS = 20_000_000;

    private final Path hierarchy;
    private final boolean isVersion1;
    private final String prefix;
    private final Map<String, Path> groups = new ConcurrentHashMap<>();

    private CpuQuota(Path mounted) {
        this.isVersion1 = Files.exists(mounted.resolve("cpu/cpu.cfs_quota_us"));
        this.hierarchy = isVersion1 ? mounted.resolve("cpu") : mounted;
        this.prefix = "parvi-" + ProcessHandle.current().pid() + '-' + CLUSTERS.incrementAndGet() + '-';
    }

    static CpuQuota create() {
        return in(MOUNTED);
    }

    static CpuQuota in(Path mounted) {
        return new CpuQuota(mounted);
    }

    /** What this machine would need for it; empty if it has all. */
    String missing() {
        if (!isVersion1 && !words("cgroup.controllers").contains("cpu")) return "Linux with control groups of the CPU";
        if (!Files.isWritable(hierarchy)) return "root, to make control groups";
        return isVersion1 || isHandedDown() ? "" : "the CPU controller for control groups below the first";
    }

    /** The process gets this share of one CPU from now on, with all its threads; it is that of the node for now. */
    void limit(String node, long pid, double share) {
        if (groups.isEmpty()) begin();
        var group = groups.computeIfAbsent(node, name -> made(hierarchy.resolve(prefix + name)));
        setQuota(group, String.valueOf(Math.round(share * PERIOD_MICROS)));
        write(group.resolve("cgroup.procs"), String.valueOf(pid));
    }

    /** The node gets what is there. */
    void lift(String node) {
        var group = groups.get(node);
        if (group != null) setQuota(group, isVersion1 ? "-1" : "max");
    }

    /** Nobody is starved any more. Groups go when the nodes in them have ended, so end those before. */
    @Override
    public void close() {
        groups.values().forEach(group -> remove(group, REMOVALS_MAX));
        groups.clear();
    }

    private void begin() {
        removeLeftovers();
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }

    /** What a test left behind whose process was killed while a node was starved. */
    private void removeLeftovers() {
        try (Stream<Path> all = Files.list(hierarchy)) {
            for (var group : all.toList()) {
                var name = GROUP.matcher(group.getFileName().toString());
                if (name.matches()
                        && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty()) remove(group, 1);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("the control groups cannot be listed", failure);
        }
    }

    /** Of a process that stays, a frozen one, the group stays too, without a limit. */
    private void remove(Path group, int attempts) {
        for (var attempt = 0; attempt < attempts && Files.exists(group); attempt++) {
            try {
                setQuota(group, isVersion1 ? "-1" : "max");
                Files.deleteIfExists(group);
            } catch (IOException | UncheckedIOException busy) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private void setQuota(Path group, String micros) {
        if (isVersion1) {
            write(group.resolve("cpu.cfs_period_us"), String.valueOf(PERIOD_MICROS));
            write(group.resolve("cpu.cfs_quota_us"), micros);
        } else {
            write(group.resolve("cpu.max"), micros + ' ' + PERIOD_MICROS);
        }
    }

    /** Whether groups below the first may have limits of the CPU, if need be from now on. */
    private boolean isHandedDown() {
        try {
            if (!words("cgroup.subtree_control").contains("cpu"))
                Files.writeString(hierarchy.resolve("cgroup.subtree_control"), "+cpu");
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    private List<String> words(String file) {
        try {
            return List.of(Files.readString(hierarchy.resolve(file)).strip().split("\\s+"));
        } catch (IOException notThere) {
            return List.of();
        }
    }

    private static Path made(Path group) {
        try {
            return Files.createDirectory(group);
        } catch (IOException failure) {
            throw new UncheckedIOException("the control group " + group.getFileName() + " cannot be made", failure);
        }
    }

    private static void write(Path file, String value) {
        try {
            Files.writeString(file, value);
        } catch (IOException failure) {
            throw new UncheckedIOException(String.format(Locale.ROOT, "%s is not taken for %s", value, file), failure);
        }
    }
}
