package dev.parvi.http.admission;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The places of requests at work, and a short queue in front of them. A refusal costs nearly as much as an answer, and a client that is
 * refused at once sends the next request at once: a short wait is what slows it down. Who came last is served first, so that under
 * a load that does not end most are served early and the rest are refused in time, instead of all being served late.
 */
final class Places {
    private final int requestsMax;
    private final int queueMax;
    private final long queueNanos;
    private final AdaptiveLimit limit;
    private final Executor executor;
    private final ArrayDeque<Waiting> queue = new ArrayDeque<>();
    private int requests;
    private int atWork;

    Places(AdmissionSettings settings, AdaptiveLimit limit, Executor executor) {
        this.requestsMax = settings.requestsMax() + settings.queueMax();
        this.queueMax = settings.queueMax();
        this.queueNanos = settings.queueWait().toNanos();
        this.limit = limit;
        this.executor = executor;
    }

    /** Gives the request a place now, in the thread of the caller, or later in another; false if there is no room for it at all. */
    boolean enter(boolean isTimed, long nowNanos, Duration patience, Consumer<Permit> onPlace, Runnable onRefused) {
        synchronized (this) {
            if (!hasRoom()) return false;
            requests++;
            if (atWork >= limit.get()) {
                var endNanos = nowNanos + Math.min(queueNanos, patience.toNanos());
                queue.addLast(new Waiting(isTimed, endNanos, onPlace, onRefused));
                return true;
            }
            atWork++;
        }
        onPlace.accept(new Permit(this, isTimed, nowNanos));
        return true;
    }

    synchronized boolean hasRoom() {
        return requests < requestsMax && (atWork < limit.get() || queue.size() < queueMax);
    }

    /** Refuses whoever has waited long enough. */
    void sweep(long nowNanos) {
        var over = new ArrayList<Waiting>();
        synchronized (this) {
            for (var waiting : queue) if (nowNanos - waiting.endNanos >= 0) over.add(waiting);
            queue.removeAll(over);
            requests -= over.size();
        }
        over.forEach(waiting -> executor.execute(waiting.onRefused));
    }

    /** A request is at work no longer, but goes on waiting for its entity. */
    void leaveWork() {
        List<Waiting> next;
        synchronized (this) {
            atWork--;
            next = takeNext();
        }
        begin(next);
    }

    /** A request at work is answered. */
    void endWork(boolean isTimed, long startedNanos) {
        var now = System.nanoTime();
        List<Waiting> next;
        synchronized (this) {
            if (isTimed) limit.sample(now, now - startedNanos, atWork);
            atWork--;
            requests--;
            next = takeNext();
        }
        begin(next);
    }

    /** A request that was no longer at work is answered. */
    synchronized void end() {
        requests--;
    }

    private List<Waiting> takeNext() {
        if (queue.isEmpty()) return List.of();
        var next = new ArrayList<Waiting>(1);
        while (atWork < limit.get() && !queue.isEmpty()) {
            next.add(queue.removeLast());
            atWork++;
        }
        return next;
    }

    /** In another thread, or each answer would begin the next request on top of its own stack. */
    private void begin(List<Waiting> next) {
        for (var waiting : next)
            executor.execute(() -> waiting.onPlace.accept(new Permit(this, waiting.isTimed, System.nanoTime())));
    }

    synchronized int requests() {
        return requests;
    }

    synchronized int atWork() {
        return atWork;
    }

    synchronized int queued() {
        return queue.size();
    }

    private record Waiting(boolean isTimed, long endNanos, Consumer<Permit> onPlace, Runnable onRefused) {}
}
