package dev.parvi.persistence.cassandra;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The tails of entities that were written lately: each saves a read before an append. May be out of date, never relied on. */
final class Tails {
    private static final int ENTITIES_MAX = 65_536;

    private final Map<String, Tail> tails = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Tail> eldest) {
            return size() > ENTITIES_MAX;
        }
    };

    /** The end of the history as the ring knows it now; remembered, since who asks will want to write or read next. */
    CompletableFuture<Tail> fresh(String entity, Partitions partitions) {
        return partitions.last(entity).thenApply(tail -> {
            remember(entity, tail);
            return tail;
        });
    }

    /**
     * A tail that tells where every event up to this revision lies. One that is remembered does if it goes that far: what is stored
     * stays where it is, and whoever asks has learnt of the revision from the ring.
     */
    CompletableFuture<Tail> reaching(String entity, long revision, Partitions partitions) {
        var known = find(entity);
        return known != null && revision <= known.head()
                ? CompletableFuture.completedFuture(known)
                : fresh(entity, partitions);
    }

    synchronized @Nullable Tail find(String entity) {
        return tails.get(entity);
    }

    /** Unless more is known already: histories only grow, and answers can overtake each other. */
    synchronized void remember(String entity, Tail tail) {
        tails.merge(entity, tail, (known, found) -> found.head() >= known.head() ? found : known);
    }

    synchronized void forget(String entity) {
        tails.remove(entity);
    }
}
