package dev.parvi.sharding;

import dev.parvi.entity.Rejection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The entities of this node that could not be rebuilt, with the reason, for a while: replaying them again at once would only burn time. */
final class Quarantine {
    /** What callers are told. The reason may name files and servers: it is for the log. */
    static final Rejection TOLD = Rejection.of(
            Rejection.Code.QUARANTINED, "the entity cannot be rebuilt from its events; the log of its node says why");

    /** Beyond this many, the reasons of new ones are not kept and each command tries its own replay. */
    private static final int ENTITIES_MAX = 10_000;

    private final Map<String, Case> cases = new ConcurrentHashMap<>();
    private final Duration retryAfter;

    Quarantine(Duration retryAfter) {
        this.retryAfter = retryAfter;
    }

    void put(String persistenceId, String reason) {
        if (cases.size() >= ENTITIES_MAX) cases.values().removeIf(Case::isOver);
        if (cases.size() < ENTITIES_MAX)
            cases.put(persistenceId, new Case(reason, System.nanoTime() + retryAfter.toNanos()));
    }

    /** Why the entity is in quarantine, or null if it is not. */
    @Nullable
    String reason(String persistenceId) {
        var entry = cases.get(persistenceId);
        if (entry == null) return null;
        if (!entry.isOver()) return entry.reason();
        cases.remove(persistenceId, entry);
        return null;
    }

    int size() {
        return cases.size();
    }

    private record Case(String reason, long untilNanos) {
        boolean isOver() {
            return System.nanoTime() - untilNanos >= 0;
        }
    }
}
