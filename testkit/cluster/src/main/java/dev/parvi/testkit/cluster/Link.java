package dev.parvi.testkit.cluster;

/** The way of what one node sends to another. */
record Link(String from, String to) {
    Link {
        if (from.equals(to)) throw new IllegalArgumentException("node " + from + " needs no network to reach itself");
    }
}
