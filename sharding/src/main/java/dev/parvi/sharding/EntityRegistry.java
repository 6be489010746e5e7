package dev.parvi.sharding;

import dev.parvi.entity.EntityType;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Extension;
import org.jspecify.annotations.Nullable;

/** The entity types that a node runs, for the serializer, which Pekko makes. */
final class EntityRegistry implements Extension {
    static final Id ID = new Id();

    private final Map<String, EntityType<?, ?>> types = new ConcurrentHashMap<>();

    void add(EntityType<?, ?> type) {
        types.put(type.name(), type);
    }

    @Nullable
    EntityType<?, ?> find(String name) {
        return types.get(name);
    }

    /** Pekko's handle of the one registry of each actor system. */
    static final class Id extends AbstractExtensionId<EntityRegistry> {
        @Override
        public EntityRegistry createExtension(ExtendedActorSystem system) {
            return new EntityRegistry();
        }
    }
}
