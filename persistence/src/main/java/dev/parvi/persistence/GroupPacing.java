package dev.parvi.persistence;

/**
 * How many writes are worth waiting for before a commit. Grows while others queue up behind a commit, and shrinks when they stop
 * coming, as TCP sizes its window: many callers share a sync, and a single caller never waits for company.
 */
final class GroupPacing {
    private final int max;
    private int target = 1;

    GroupPacing(int max) {
        this.max = max;
    }

    int target() {
        return target;
    }

    /** Learns from one commit: how many it held, whether arrivals had dried up, and how many came in while it ran. */
    void committed(int gathered, boolean driedUp, int waiting) {
        if (driedUp) target = Math.max(1, Math.max(gathered, target * 3 / 4));
        else if (waiting > target / 8) target = Math.min(max, target + 1 + target / 8);
    }
}
