package dev.parvi.evidence;

import dev.parvi.testkit.TestNode;
import dev.parvi.testkit.cluster.Fault;
import dev.parvi.testkit.cluster.TestCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Three nodes that fail one after the other, and are whole again before the next does. */
final class Swarm implements AutoCloseable {
    private static final List<String> NAMES = List.of("A", "B", "C");
    private static final int KEYS = 40;
    /** A node with fewer entities than this has not had its share yet. */
    private static final int SHARE_MIN = KEYS / NAMES.size() / 2;

    private static final Pattern LIVE = Pattern.compile("\"live\":(\\d+)");
    private static final Duration CALM = Duration.ofSeconds(3);
    private static final Duration SETTLED_MAX = Duration.ofSeconds(60);

    private static final Pattern ADDRESS = Pattern.compile("\"address\":\"([^\"]+)\"");

    private final TestCluster cluster;

    private Swarm(TestCluster cluster) {
        this.cluster = cluster;
    }

    static Swarm start(Path folder, List<String> arguments) {
        var swarm = new Swarm(TestCluster.start(folder, NAMES.size(), arguments));
        swarm.settle();
        return swarm;
    }

    /** Lets a node fail while clients write through the others, looks on for a while, and mends everything. */
    Waits suffer(Failure failure, Duration lookOn) {
        var victim = byAge().get(failure.victimByAge());
        var others = NAMES.stream()
                .filter(name -> !name.equals(victim))
                .map(cluster::node)
                .toList();
        try (var load = SteadyLoad.start(KEYS, () -> others)) {
            spread();
            var fault = System.nanoTime();
            failure.of(victim).forEach(cluster::apply);
            pause(lookOn.minusNanos(System.nanoTime() - fault));
            return Waits.since(fault, load.answers());
        } finally {
            replace(victim);
        }
    }

    /** Stops and starts all nodes in turn, while clients write through those that say that they are ready. */
    Waits roll() {
        try (var ready = new ReadyNodes(cluster);
                var load = SteadyLoad.start(KEYS, ready)) {
            spread();
            var begin = System.nanoTime();
            for (var name : byAge()) {
                cluster.apply(Fault.terminate(name));
                replace(name);
            }
            return Waits.since(begin, load.answers());
        }
    }

    private void replace(String name) {
        cluster.apply(Fault.kill(name));
        if (Fault.heal().needs().missing().isEmpty()) cluster.apply(Fault.heal());
        cluster.apply(Fault.restart(name));
        settle();
    }

    /** Waits until all see all. */
    private void settle() {
        await("the cluster did not become whole again", Swarm::seesAll);
    }

    /** Waits until entities that are awake have moved to where they belong, and a little longer. */
    private void spread() {
        await("a node has got too few entities", Swarm::hasItsShare);
        pause(CALM);
    }

    private void await(String failure, Predicate<TestNode> condition) {
        var until = System.nanoTime() + SETTLED_MAX.toNanos();
        while (!cluster.nodes().stream().allMatch(condition)) {
            if (System.nanoTime() > until) throw new IllegalStateException(failure);
            pause(Duration.ofMillis(100));
        }
    }

    private static boolean hasItsShare(TestNode node) {
        var live = LIVE.matcher(status(node));
        return live.find() && Integer.parseInt(live.group(1)) >= SHARE_MIN;
    }

    private static boolean seesAll(TestNode node) {
        return status(node).split("\"state\":\"Up\"", -1).length - 1 == NAMES.size();
    }

    /** The names of the nodes, the oldest first: so does each list them, behind its own address. */
    private List<String> byAge() {
        var nameOf = new HashMap<String, String>();
        for (var name : NAMES) nameOf.put(addresses(cluster.node(name)).get(0), name);
        return addresses(cluster.node("A")).stream().skip(1).map(nameOf::get).toList();
    }

    private static List<String> addresses(TestNode node) {
        return ADDRESS.matcher(status(node))
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private static String status(TestNode node) {
        try {
            return TestNode.send("GET", node.managementUrl() + "/status", "").body();
        } catch (IOException noAnswer) {
            return "";
        }
    }

    private static void pause(Duration time) {
        if (time.isNegative()) return;
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        cluster.close();
    }
}
