package dev.parvi.http.admission;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Decides which requests a node takes on: at most as many at once as can be answered in time, a few more that wait for a moment, and
 * the rest is told when to come again.
 */
public final class Admission {
    /** What a request does, as far as its time tells something about the load. */
    public enum Work {
        /** Its time says how busy the node is. */
        TIMED,
        /** It takes as long as it takes, such as a long page of the store. */
        UNTIMED
    }

    /** Up to here a body needs no room among the long ones, so that those cannot shut out the short. */
    static final int SHORT_BODY_BYTES = 16 << 10;

    private static final int RETRY_SECONDS_MAX = 3;

    private final AdmissionSettings settings;
    private final Counters counters = new Counters();
    private final AdaptiveLimit limit;
    private final Places places;
    private final AtomicLong bodyBytes = new AtomicLong();
    private final Rates<String> entities;
    private final Rates<Source> callers;

    /** What waits for a place begins on {@code executor}. */
    public Admission(AdmissionSettings settings, Executor executor) {
        this.settings = settings;
        this.limit = new AdaptiveLimit(settings, System.nanoTime());
        this.places = new Places(settings, limit, executor);
        this.entities = new Rates<>(settings.entityRateMax(), settings.ratesMax());
        this.callers = new Rates<>(settings.sourceRateMax(), settings.ratesMax());
    }

    /**
     * Counts a request of this caller. Callers are told apart by their address for as long as nobody signs in. Throws
     * {@link NotAdmitted} if the caller asks too often.
     */
    public void requireRate(Client client) {
        if (callers.isOff()) return;
        requireNoWait(
                callers.take(client.source(), System.nanoTime()),
                Reason.CALLER_RATE,
                "you send more than " + Rates.words(settings.sourceRateMax()) + " requests a second; slow down");
    }

    /** Counts a command for this entity. Throws {@link NotAdmitted} if it is sent too many. */
    public void requireRate(String entity) {
        if (entities.isOff()) return;
        requireNoWait(
                entities.take(entity, System.nanoTime()),
                Reason.ENTITY_RATE,
                "this entity takes " + Rates.words(settings.entityRateMax()) + " commands a second; slow down");
    }

    private void requireNoWait(long waitNanos, Reason reason, String message) {
        if (waitNanos == 0) return;
        counters.count(reason);
        throw new NotAdmitted(true, message, (int) Math.min(Integer.MAX_VALUE, waitNanos / 1_000_000_000 + 1));
    }

    /** Throws {@link NotAdmitted} if there is no room now, not even in the queue: to be asked before a body is read. */
    public void requireRoom() {
        if (!places.hasRoom()) throw overloaded();
    }

    /**
     * Takes a request on. {@code onPlace} is called once with its place: at once, or within the wait of the queue and the patience of
     * the client. Otherwise {@code onRefused} is.
     */
    public void enter(Work work, Duration patience, Consumer<Permit> onPlace, Consumer<NotAdmitted> onRefused) {
        var isTimed = work == Work.TIMED;
        if (!places.enter(isTimed, System.nanoTime(), patience, onPlace, () -> onRefused.accept(overloaded())))
            onRefused.accept(overloaded());
    }

    /** To be called every few milliseconds: refuses whoever has waited long enough. */
    public void sweep(long nowNanos) {
        places.sweep(nowNanos);
    }

    /**
     * A body in memory has grown from one length to another. Throws {@link NotAdmitted} if all long bodies together would be too much.
     * What was let in must be given back with {@link #shrinkBody}.
     */
    public void growBody(long from, long to) {
        var more = charged(to) - charged(from);
        if (more == 0 || bodyBytes.addAndGet(more) <= settings.bodiesBytesMax()) return;
        bodyBytes.addAndGet(-more);
        counters.count(Reason.BODIES);
        throw new NotAdmitted(false, "this node has too many long bodies in hand", retryAfter());
    }

    /** A body of this length is no longer in memory. */
    public void shrinkBody(long length) {
        bodyBytes.addAndGet(-charged(length));
    }

    private static long charged(long length) {
        return Math.max(0, length - SHORT_BODY_BYTES);
    }

    /** How many requests are under way, at work and in the queue, how many may be at work, and how many were refused by reason. */
    public Map<String, Long> figures() {
        var figures = counters.toMap();
        figures.put("requests", (long) places.requests());
        figures.put("requests-at-work", (long) places.atWork());
        figures.put("requests-queued", (long) places.queued());
        figures.put("requests-limit", (long) limit.get());
        return figures;
    }

    private NotAdmitted overloaded() {
        counters.count(Reason.OVERLOADED);
        return new NotAdmitted(false, "this node has too much to do", retryAfter());
    }

    /** Not the same for all, or they would come back together. */
    private static int retryAfter() {
        return ThreadLocalRandom.current().nextInt(1, RETRY_SECONDS_MAX + 1);
    }
}
