package dev.parvi.persistence;

import dev.parvi.entity.CommandPipeline;
import dev.parvi.entity.NotServing;
import dev.parvi.persistence.EventStore.StoredEvent;
import dev.parvi.protobuf.OutcomeRecord;
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

    private final PersistenceSettings settings;
    private final EventStore store;

    private EventStoreExtension(ExtendedActorSystem system) {
        settings = PersistenceSettings.from(system.settings().config());
        store = EventStore.open(settings);
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
            var unused = store.find(persistenceId, key)
                    .thenApply(events -> firstOutcome(events, key))
                    .whenComplete((outcome, failure) -> {
                        if (failure == null) answer.complete(outcome);
                        else answer.completeExceptionally(toNotServing(ScalaFutures.unwrap(failure)));
                    });
            return answer;
        };
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
