package dev.parvi.testkit.drill;

import dev.parvi.testkit.cluster.TestCluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/** Where clients send to: as a load balancer does, they leave out for a while a node that has just failed them, unless all have. */
final class Nodes {
    private static final Duration AVOID = Duration.ofSeconds(10);

    private final TestCluster cluster;
    private final List<String> names;
    private final Map<String, Long> avoidedUntil = new ConcurrentHashMap<>();

    Nodes(TestCluster cluster, int count) {
        this.cluster = cluster;
        this.names = Script.names(count);
    }

    /** The name of a node. */
    String choose(Random random) {
        var now = System.nanoTime();
        var good = names.stream()
                .filter(name -> now - avoidedUntil.getOrDefault(name, now) >= 0
                        && cluster.node(name).isAlive())
                .toList();
        var candidates = good.isEmpty() ? names : good;
        return candidates.get(random.nextInt(candidates.size()));
    }

    String url(String name) {
        return cluster.node(name).url();
    }

    void avoid(String name) {
        avoidedUntil.put(name, System.nanoTime() + AVOID.toNanos());
    }

    /** Nobody is left out any more, until the next failure. */
    void forgive() {
        avoidedUntil.clear();
    }
}
