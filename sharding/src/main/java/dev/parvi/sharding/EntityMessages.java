package dev.parvi.sharding;

import dev.parvi.entity.EntityCommand;
import org.apache.pekko.cluster.sharding.ShardRegion;
import org.jspecify.annotations.Nullable;

/** Tells Pekko which entity and which shard a message is for. */
final class EntityMessages implements ShardRegion.MessageExtractor {
    private final String[] shards;

    EntityMessages(int shards) {
        this.shards = new String[shards];
        for (var shard = 0; shard < shards; shard++) this.shards[shard] = Integer.toString(shard);
    }

    @Override
    public @Nullable String entityId(Object message) {
        if (message instanceof EntityCommand command) return command.id();
        if (message instanceof HeadWatch watch) return watch.id();
        return message instanceof UnreadableCommand command ? command.id() : null;
    }

    @Override
    public Object entityMessage(Object message) {
        return message;
    }

    @Override
    public @Nullable String shardId(Object message) {
        var id = message instanceof ShardRegion.StartEntity start ? start.entityId() : entityId(message);
        return id == null ? null : shard(id);
    }

    /** Spreads ids that differ in their last character only; must never change, since all releases of a cluster must agree. */
    String shard(String id) {
        var hash = id.hashCode() * 0x9E3779B9;
        return shards[Math.floorMod(hash ^ (hash >>> 16), shards.length)];
    }
}
