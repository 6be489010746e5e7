package dev.parvi.testkit.cluster;

import dev.parvi.testkit.TestNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.opentest4j.TestAbortedException;

/**
 * Nodes on one store, each in a JVM of its own, that form a cluster, and what is done to them. {@link ClusterTest} gives one to a
 * test. Faults are made by one thread; all else may be asked by many.
 */
public final class TestCluster implements AutoCloseable {
    /** One letter names each. */
    static final int NODES_MAX = 26;

    private static final int LINES_SHOWN = 200;

    private final Path folder;
    private final LoopbackNetwork network = LoopbackNetwork.create();
    private final CpuQuota cpu = CpuQuota.create();
    private final TimeLine timeLine = new TimeLine();
    private volatile Map<String, TestNode> nodes = Map.of();

    private TestCluster(Path folder) {
        this.folder = folder;
    }

    /**
     * Starts nodes, all at once, and returns when they are ready.
     *
     * <p>If one is not, the failure holds what all have logged.
     *
     * @param folder where the nodes have their data and logs
     * @param nodes how many, 1 to {@value #NODES_MAX}
     * @param arguments more of {@code parvi run} for each, such as {@code --store} and a URL
     */
    public static TestCluster start(Path folder, int nodes, List<String> arguments) {
        if (nodes < 1 || nodes > NODES_MAX)
            throw new IllegalArgumentException("a cluster has 1 to " + NODES_MAX + " nodes, not " + nodes);
        var cluster = new TestCluster(folder);
        try {
            cluster.startAll(nodes, arguments);
        } catch (RuntimeException failure) {
            cluster.explain(failure);
            cluster.close();
            throw failure;
        }
        return cluster;
    }

    private void startAll(int count, List<String> arguments) {
        var started = new TreeMap<String, TestNode>();
        for (var n = 0; n < count; n++) {
            var name = String.valueOf((char) ('A' + n));
            started.put(name, TestNode.start(folder, arguments(name, arguments)));
            nodes = new TreeMap<>(started);
        }
        started.values().forEach(TestNode::awaitReady);
        note("ready: " + String.join(", ", nodes.keySet()));
    }

    private String[] arguments(String name, List<String> more) {
        var arguments = new ArrayList<>(more);
        arguments.addAll(List.of("--set", "parvi.node.name=" + name));
        var host = network.hostOf(name);
        arguments.addAll(List.of("--set", "parvi.node.host=" + host));
        arguments.addAll(List.of("--set", "pekko.remote.artery.advanced.tcp.outbound-client-hostname=" + host));
        return arguments.toArray(String[]::new);
    }

    /** The node of this name, as it runs or ran last. */
    public TestNode node(String name) {
        var node = nodes.get(name);
        if (node != null) return node;
        throw new IllegalArgumentException(
                "there is no node " + name + "; there is " + String.join(", ", nodes.keySet()));
    }

    /** All nodes in the order of their names, whatever has become of them. */
    public List<TestNode> nodes() {
        return List.copyOf(nodes.values());
    }

    /** Where clients of some node send to that runs, or seems to. */
    public String url() {
        var alive = nodes.values().stream().filter(TestNode::isAlive).toList();
        if (alive.isEmpty()) throw new IllegalStateException("no node of the cluster runs");
        return alive.get(ThreadLocalRandom.current().nextInt(alive.size())).url();
    }

    /**
     * Makes something happen, and notes it. Throws what JUnit takes for a skipped test if this machine cannot do it, and an
     * {@link IllegalArgumentException} if there is no such node.
     */
    public void apply(Fault fault) {
        var missing = fault.needs().missing();
        if (!missing.isEmpty())
            throw new TestAbortedException("skipped, not passed: \"" + fault + "\" needs " + missing);
        note(fault.toString());
        fault.happenTo(this);
    }

    /** Adds a line to the time line. */
    public void note(String what) {
        timeLine.note(what);
    }

    /** What was noted and what the nodes have logged until now, merged: the last {@code linesMax} lines. */
    public String timeLine(int linesMax) {
        return timeLine.read(nodes, linesMax);
    }

    /** Adds what happened to the failure of a test, so that it is seen wherever the failure is. */
    void explain(Throwable failure) {
        failure.addSuppressed(new WhatHappened(this + ", data and logs in " + folder + ", " + timeLine(LINES_SHOWN)));
    }

    /** Ends all nodes at once, and whatever was done to the network and to their CPU. */
    @Override
    public void close() {
        network.close();
        nodes.values().forEach(TestNode::close);
        cpu.close();
    }

    void restart(List<String> names) {
        names.forEach(this::node);
        for (var name : names) {
            var restarted = new TreeMap<>(nodes);
            restarted.put(name, node(name).restart());
            nodes = restarted;
        }
        for (var name : names) node(name).awaitReady();
    }

    void cut(Collection<Link> links) {
        links.forEach(this::requireNodes);
        network.cut(links);
    }

    void lose(Link link, double share) {
        requireNodes(link);
        network.lose(link, share);
    }

    void flap(Collection<Link> links, int times, Duration period) {
        links.forEach(this::requireNodes);
        for (var n = 0; n < times && !Thread.currentThread().isInterrupted(); n++) {
            network.cut(links);
            pause(period.dividedBy(2));
            network.mend(links);
            pause(period.dividedBy(2));
        }
    }

    void heal() {
        network.heal();
    }

    void starve(String name, double share) {
        cpu.limit(name, node(name).pid(), share);
    }

    void feed(String name) {
        node(name);
        cpu.lift(name);
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void requireNodes(Link link) {
        node(link.from());
        node(link.to());
    }

    @Override
    public String toString() {
        return "cluster of " + String.join(", ", nodes.keySet());
    }

    /** The time line, in the clothes of an exception. */
    private static final class WhatHappened extends RuntimeException {
        private static final long serialVersionUID = 1;

        WhatHappened(String text) {
            super(text, null, false, false);
        }

        @Override
        public String toString() {
            return String.valueOf(getMessage());
        }
    }
}
