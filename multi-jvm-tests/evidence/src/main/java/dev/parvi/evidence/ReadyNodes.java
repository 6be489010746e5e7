package dev.parvi.evidence;

import dev.parvi.testkit.TestNode;
import dev.parvi.testkit.cluster.TestCluster;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** The nodes that say that they are ready, asked again and again, as a load balancer does. */
final class ReadyNodes implements Supplier<List<TestNode>>, AutoCloseable {
    private static final Duration INTERVAL = Duration.ofMillis(200);

    private final TestCluster cluster;
    private final Thread thread = new Thread(this::look, "ready-nodes");
    private volatile List<TestNode> ready;

    ReadyNodes(TestCluster cluster) {
        this.cluster = cluster;
        this.ready = cluster.nodes();
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public List<TestNode> get() {
        return ready;
    }

    private void look() {
        try {
            while (!thread.isInterrupted()) {
                ready = cluster.nodes().stream().filter(ReadyNodes::isReady).toList();
                Thread.sleep(INTERVAL.toMillis());
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isReady(TestNode node) {
        try {
            return TestNode.send("GET", node.managementUrl() + "/ready", "").statusCode() == 200;
        } catch (IOException noAnswer) {
            return false;
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
