package dev.parvi.testkit.cluster;

import dev.parvi.testkit.TestNode;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Something that goes wrong in a cluster, or right again, as a value: {@link TestCluster#apply} makes it happen. Two faults with
 * one notation are equal.
 *
 * <p>Faults of the network are between nodes. Clients and the store reach every node all the time.
 */
public final class Fault {
    /** What a machine must let the test do. */
    public enum Needs {
        /** Nothing but the right to signal one's own processes. */
        PROCESSES,
        /** Root on Linux, with {@code iptables}. */
        NETWORK,
        /** Root on Linux, with control groups of the CPU, of version 1 or 2. */
        CPU;

        /** What this machine would need for it, such as {@code root and iptables}; empty if it has all. */
        public String missing() {
            return switch (this) {
                case PROCESSES -> "";
                case NETWORK -> LoopbackNetwork.missing();
                case CPU -> CpuQuota.create().missing();
            };
        }
    }

    private static final int FLAPS_MAX = 1_000;
    private static final Duration PERIOD_MIN = Duration.ofMillis(20);
    private static final Duration FLAPPING_MAX = Duration.ofMinutes(10);
    private static final double STARVED_MIN = 0.01;

    private final String notation;
    private final Needs needs;
    private final Consumer<TestCluster> deed;

    private Fault(String notation, Needs needs, Consumer<TestCluster> deed) {
        this.notation = notation;
        this.needs = needs;
        this.deed = deed;
    }

    /** {@code kill -9}: the process ends between two instructions. */
    public static Fault kill(String node) {
        return ofNode("kill", node, TestNode::kill);
    }

    /** The process stops where it is, with its connections open, until it is thawed. */
    public static Fault freeze(String node) {
        return ofNode("freeze", node, TestNode::freeze);
    }

    /** A frozen process goes on as if nothing had happened. */
    public static Fault thaw(String node) {
        return ofNode("thaw", node, TestNode::thaw);
    }

    /** The node is told to stop: it drains and leaves. Takes until its process has ended. */
    public static Fault terminate(String node) {
        return ofNode("terminate", node, TestNode::terminate);
    }

    /** Nodes start on their ports again, all at once; those that run are killed before. Takes until they are ready. */
    public static Fault restart(String... nodes) {
        if (nodes.length == 0) throw new IllegalArgumentException("a restart names at least one node");
        var names = List.of(nodes);
        return new Fault("restart " + String.join(" ", names), Needs.PROCESSES, cluster -> cluster.restart(names));
    }

    /**
     * The node gets a share of one CPU, until it is {@link #feed fed} or its process ends.
     *
     * @param share from 0.01 to 1
     */
    public static Fault starve(String node, double share) {
        if (!(share >= STARVED_MIN && share <= 1))
            throw new IllegalArgumentException(
                    "a starved node has from " + STARVED_MIN + " to 1 of a CPU, not " + share);
        return new Fault(
                String.format(Locale.ROOT, "starve %s %s", node, share),
                Needs.CPU,
                cluster -> cluster.starve(node, share));
    }

    /** A starved node gets what CPU there is. */
    public static Fault feed(String node) {
        return new Fault("feed " + node, Needs.CPU, cluster -> cluster.feed(node));
    }

    /**
     * Nodes of different sides get nothing from each other, until the network is {@link #heal healed}.
     *
     * @param sides names with spaces between them, sides with a bar between them, such as {@code "A B | C"}
     */
    public static Fault partition(String sides) {
        var split = Arrays.stream(sides.split("\\|", -1)).map(Fault::names).toList();
        if (split.size() < 2 || split.stream().anyMatch(List::isEmpty))
            throw new IllegalArgumentException(
                    "a partition has two sides or more, such as \"A B | C\", not \"" + sides + '"');
        if (split.stream().flatMap(List::stream).distinct().count()
                != split.stream().mapToLong(List::size).sum())
            throw new IllegalArgumentException("a node is on two sides of \"" + sides + '"');
        var links = new LinkedHashSet<Link>();
        for (var side : split)
            for (var other : split)
                if (side != other) side.forEach(from -> other.forEach(to -> links.add(new Link(from, to))));
        return ofNetwork(
                "partition "
                        + String.join(
                                " | ",
                                split.stream()
                                        .map(side -> String.join(" ", side))
                                        .toList()),
                links);
    }

    /** What one node sends does not reach the other; the way back is open. */
    public static Fault cut(String from, String to) {
        return ofNetwork("cut " + from + " -> " + to, Set.of(new Link(from, to)));
    }

    /** Two nodes get nothing from each other, and a third gets all from both: they do not see the same cluster. */
    public static Fault bridge(String one, String between, String other) {
        return ofNetwork(
                "bridge " + one + " - " + between + " - " + other, Set.of(new Link(one, other), new Link(other, one)));
    }

    /**
     * A share of the packets from one node to another gets lost; TCP sends them again.
     *
     * @param share above 0, up to 1
     */
    public static Fault lose(String from, String to, double share) {
        if (!(share > 0 && share <= 1))
            throw new IllegalArgumentException("the share that gets lost is above 0 and up to 1, not " + share);
        var link = new Link(from, to);
        return new Fault(
                String.format(Locale.ROOT, "lose %s -> %s %s", from, to, share),
                Needs.NETWORK,
                cluster -> cluster.lose(link, share));
    }

    /**
     * Two nodes get nothing from each other in the first half of each period, and everything in the second. Takes until the last period
     * is over; other cuts stay as they are.
     *
     * @param times how many periods, 1 to {@value #FLAPS_MAX}
     * @param period from 20 milliseconds; all together at most ten minutes
     */
    public static Fault flap(String one, String other, int times, Duration period) {
        if (times < 1 || times > FLAPS_MAX)
            throw new IllegalArgumentException("a link flaps 1 to " + FLAPS_MAX + " times, not " + times);
        if (period.compareTo(PERIOD_MIN) < 0 || period.multipliedBy(times).compareTo(FLAPPING_MAX) > 0)
            throw new IllegalArgumentException("a link flaps every " + PERIOD_MIN.toMillis() + " ms or slower, and for "
                    + FLAPPING_MAX.toMinutes() + " minutes at most, not " + times + " times " + period);
        var links = List.of(new Link(one, other), new Link(other, one));
        return new Fault(
                "flap " + one + " - " + other + ' ' + times + " x " + period.toMillis() + " ms",
                Needs.NETWORK,
                cluster -> cluster.flap(links, times, period));
    }

    /** All cuts and losses end. */
    public static Fault heal() {
        return new Fault("heal", Needs.NETWORK, TestCluster::heal);
    }

    private static Fault ofNode(String verb, String node, Consumer<TestNode> deed) {
        return new Fault(verb + ' ' + node, Needs.PROCESSES, cluster -> deed.accept(cluster.node(node)));
    }

    private static Fault ofNetwork(String notation, Set<Link> links) {
        return new Fault(notation, Needs.NETWORK, cluster -> cluster.cut(links));
    }

    private static List<String> names(String side) {
        return Arrays.stream(side.split("[ ,]+"))
                .filter(name -> !name.isEmpty())
                .toList();
    }

    /** What the machine must let the test do. Where it does not, the test is skipped. */
    public Needs needs() {
        return needs;
    }

    void happenTo(TestCluster cluster) {
        deed.accept(cluster);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Fault fault && fault.notation.equals(notation);
    }

    @Override
    public int hashCode() {
        return notation.hashCode();
    }

    /** The notation, such as {@code partition A B | C}. */
    @Override
    public String toString() {
        return notation;
    }
}
