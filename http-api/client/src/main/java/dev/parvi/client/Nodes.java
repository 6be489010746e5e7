package dev.parvi.client;

import java.net.URI;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** The nodes of one client. All calls go to one of them until it fails: its connections are open. */
final class Nodes {
    private final List<String> bases;
    private final AtomicInteger preferred;

    Nodes(List<URI> nodes) {
        this.bases = nodes.stream()
                .map(node -> node.toString().replaceFirst("/+$", ""))
                .toList();
        this.preferred = new AtomicInteger(ThreadLocalRandom.current().nextInt(nodes.size()));
    }

    int size() {
        return bases.size();
    }

    int preferred() {
        return preferred.get();
    }

    /** Calls that come go to the one after it. */
    void avoid(int node) {
        preferred.compareAndSet(node, (node + 1) % size());
    }

    URI resolve(int node, String path) {
        return URI.create(bases.get(node) + path);
    }
}
