package dev.parvi.persistence;

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

    public PersistenceSettings settings() {
        return settings;
    }

    private static final class Id extends AbstractExtensionId<EventStoreExtension> {
        @Override
        public EventStoreExtension createExtension(ExtendedActorSystem system) {
            return new EventStoreExtension(system);
        }
    }
}
