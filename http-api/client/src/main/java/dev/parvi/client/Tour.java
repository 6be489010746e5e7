package dev.parvi.client;

import java.time.Duration;

/** The way of one call round the nodes: each is asked again no sooner than it may be. Not for several threads at once. */
final class Tour {
    private final Nodes nodes;
    private final long[] pauseEnds;
    private final boolean[] pauses;
    private int current;

    Tour(Nodes nodes) {
        this.nodes = nodes;
        this.pauseEnds = new long[nodes.size()];
        this.pauses = new boolean[nodes.size()];
        this.current = nodes.preferred();
    }

    /** Which node to ask next. */
    int current() {
        return current;
    }

    /** How long to wait before that. */
    Duration pause(long nowNanos) {
        var left = pauses[current] ? pauseEnds[current] - nowNanos : 0;
        return Duration.ofNanos(Math.max(0, left));
    }

    /** Leaves the node alone for this time, and goes on to the one that may be asked first. */
    void leave(Duration pause, long nowNanos) {
        pauses[current] = true;
        pauseEnds[current] = nowNanos + pause.toNanos();
        var left = current;
        for (var step = 1; step < nodes.size(); step++) {
            var other = (left + step) % nodes.size();
            if (isBefore(other, current)) current = other;
        }
    }

    private boolean isBefore(int node, int other) {
        if (!pauses[node]) return pauses[other];
        return pauses[other] && pauseEnds[node] - pauseEnds[other] < 0;
    }
}
