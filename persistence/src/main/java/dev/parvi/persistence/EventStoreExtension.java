package dev.parvi.persistence;

import dev.parvi.entity.CommandPipeline;
import dev.parvi.entity.EntityCommand;
import dev.parvi.entity.NotServing;
import dev.parvi.persistence.EventStore.StoredEvent;
import dev.parvi.protobuf.OutcomeRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Extension;

/**
 * The one event store of an actor system: opened from its configuration when it is first asked for, closed when the last actor has
 * stopped. Asking throws {@link UnusableStore} if the store cannot be opened, so ask early.
 */
public final class EventStoreExtension implements Extension {
    private static final Id ID = new Id();

    /** As many events as the hottest entity stores within the time that an edge retries. */
    private static final int SCAN_MAX = 500_000;

    private final PersistenceSettings settings;
    private final EventStore store;

    private EventStoreExtension(ExtendedActorSystem system) {
        settings = PersistenceSettings.from(system.settings().config());
        store = EventStore.open(system.settings().config());
        system.registerOnTermination(store::close);
    }

    /** The extension of this system; the same at every call. */
    public static EventStoreExtension of(ActorSystem system) {
        return ID.get(system);
    }

    public EventStore store() {
        return store;
    }

    /**
     * Outcomes by their keys, found in the journal. What is stored is found as soon as its append is answered. Whatever keeps the
     * store from an answer is a {@link NotServing}.
     */
    public CommandPipeline.Archive outcomes() {
        return (persistenceId, key) -> {
            var answer = new CompletableFuture<Optional<OutcomeRecord>>();
            var found = key.startsWith(EntityCommand.MADE_KEY_PREFIX)
                    ? scan(persistenceId, key)
                    : store.find(persistenceId, key).thenApply(events -> firstOutcome(events, key));
            var unused = found.whenComplete((outcome, failure) -> {
                if (failure == null) answer.complete(outcome);
                else answer.completeExceptionally(toNotServing(ScalaFutures.unwrap(failure)));
            });
            return answer;
        };
    }

    /** Keys that were made for their caller are not indexed, since only their maker retries, and soon: reads the latest events. */
    private CompletableFuture<Optional<OutcomeRecord>> scan(String entity, String key) {
        return store.head(entity).thenCompose(head -> {
            var from = Math.max(1, head - SCAN_MAX + 1);
            var found = new ArrayList<OutcomeRecord>(1);
            return store.replay(
                            entity,
                            from,
                            head,
                            SCAN_MAX,
                            event -> RecordCodec.outcome(event, key).ifPresent(found::add))
                    .thenApply(done -> {
                        if (found.isEmpty() && from > 1)
                            throw new NotServing("this key is not among the latest " + SCAN_MAX + " events");
                        return found.stream().findFirst();
                    });
        });
    }

    public PersistenceSettings settings() {
        return settings;
    }

    private static Optional<OutcomeRecord> firstOutcome(List<StoredEvent> events, String key) {
        return events.stream()
                .flatMap(event -> RecordCodec.outcome(event, key).stream())
                .findFirst();
    }

    private static NotServing toNotServing(Throwable failure) {
        return failure instanceof NotServing already
                ? already
                : new NotServing("an earlier outcome could not be looked up: " + failure.getMessage(), failure);
    }

    private static final class Id extends AbstractExtensionId<EventStoreExtension> {
        @Override
        public EventStoreExtension createExtension(ExtendedActorSystem system) {
            return new EventStoreExtension(system);
        }
    }
}
