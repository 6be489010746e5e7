package dev.parvi.http.streams;

import com.google.protobuf.Message;
import dev.parvi.entity.EntityType;
import dev.parvi.entity.NotServing;
import dev.parvi.entity.Rejection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The port to what entities have done, straight from the journal: what the HTTP edge shows histories, streams, feeds, outcomes and lists
 * through. What the store cannot answer now fails with {@link NotServing}.
 */
public interface EntityHistory {
    /** Events of an entity beyond a revision, at most {@code max}, in order and without a gap. Those that were deleted are left out. */
    CompletableFuture<List<PastEvent>> read(EntityType<?, ?> type, String id, long beyond, int max);

    /**
     * Completes with the revision of the entity's last event once that is beyond this one. May complete earlier, with what is known,
     * and does so when the time is up.
     */
    CompletableFuture<Long> awaitHead(EntityType<?, ?> type, String id, long beyond, Duration atMost);

    /**
     * Events of all entities of a type: each at least once, those of an entity in order.
     *
     * @param cursor empty for the beginning, {@link #changesEnd} for what comes, then {@link Changes#next}. One that cannot be gone on
     *     from is a {@link Rejection} of the field {@code cursor}
     */
    CompletableFuture<Changes> changes(EntityType<?, ?> type, String cursor, int max);

    /** The cursor behind which everything lies that comes from now on. */
    CompletableFuture<String> changesEnd();

    /**
     * What the command with this key came to; empty if nothing is stored with it, or no longer. Every command that was acknowledged
     * and has stored events is seen, for as long as the last of them is stored.
     */
    CompletableFuture<Optional<PastCommand>> outcome(EntityType<?, ?> type, String id, String key);

    /**
     * Some entities of a type that have events or a snapshot and are not deleted, in an order of the store's own. Who was there when the walk began is in
     * it, once; who came later may be.
     *
     * @param prefix of the ids that are wanted; empty for all
     * @param cursor empty to begin, then {@link Listed#next}. One that cannot be gone on from is a {@link Rejection} of the field
     *     {@code cursor}
     */
    CompletableFuture<Listed> entities(EntityType<?, ?> type, String prefix, String cursor, int max);

    /**
     * One event.
     *
     * @param time when its command was accepted, told by a wall clock
     * @param method the rpc that caused it
     * @param event null if this release cannot read it; a {@link dev.parvi.protobuf.Tombstone} if it deleted the entity
     */
    record PastEvent(
            String id,
            long revision,
            Instant time,
            String method,
            @Nullable Message event) {}

    /**
     * Some events of a type.
     *
     * @param next goes on behind them
     * @param isLast nothing more is waiting
     */
    record Changes(List<PastEvent> events, String next, boolean isLast) {
        public Changes {
            events = List.copyOf(events);
        }
    }

    /**
     * A command that was carried out and has stored events.
     *
     * @param revision of its last event
     * @param time when it was accepted, told by a wall clock
     * @param reply null if this release cannot read it
     */
    record PastCommand(
            long revision,
            Instant time,
            String method,
            @Nullable Message reply) {}

    /**
     * Some entities of a walk; perhaps none, although more follow.
     *
     * @param next goes on behind them; empty at the end
     */
    record Listed(List<EntityHead> entities, String next) {
        public Listed {
            entities = List.copyOf(entities);
        }
    }

    /** An entity, and its revision when the walk passed. */
    record EntityHead(String id, long revision) {}
}
