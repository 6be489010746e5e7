package dev.parvi.http.admission;

import java.util.concurrent.atomic.AtomicInteger;

/** The place of one request. Whoever has it must give it back. */
public final class Permit {
    private static final int WORKS = 0;
    private static final int WAITS = 1;
    private static final int ENDED = 2;

    private final Places places;
    private final boolean isTimed;
    private final long startedNanos;
    private final AtomicInteger phase = new AtomicInteger(WORKS);

    Permit(Places places, boolean isTimed, long startedNanos) {
        this.places = places;
        this.isTimed = isTimed;
        this.startedNanos = startedNanos;
    }

    /**
     * The request waits for an entity that moves or whose node is gone. It says nothing about the load and makes none, so it leaves
     * its place among those at work to another, and counts among all requests only.
     */
    public void waits() {
        if (phase.compareAndSet(WORKS, WAITS)) places.leaveWork();
    }

    /** The request is answered. Calling it again changes nothing. */
    public void end() {
        var before = phase.getAndSet(ENDED);
        if (before == WORKS) places.endWork(isTimed, startedNanos);
        if (before == WAITS) places.end();
    }
}
