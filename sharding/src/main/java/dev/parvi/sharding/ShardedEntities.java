package dev.parvi.sharding;

import com.google.protobuf.Message;
import dev.parvi.entity.CommandOutcome;
import dev.parvi.entity.CommandPipeline;
import dev.parvi.entity.Entity;
import dev.parvi.entity.EntityClient;
import dev.parvi.entity.EntityCommand;
import dev.parvi.entity.EntityType;
import dev.parvi.entity.NotServing;
import dev.parvi.entity.OutcomeUnknown;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.cluster.sharding.ClusterSharding;
import org.apache.pekko.cluster.sharding.ClusterShardingSettings;
import org.apache.pekko.pattern.Patterns;
import org.jspecify.annotations.Nullable;
import scala.concurrent.ExecutionContext;
import scala.util.Try;

/**
 * The entities of the cluster, seen from one node. Each ask is one attempt: it ends within {@code attempt-timeout} or at the
 * command's deadline, whichever is first, and is not repeated here. It ends earlier where Pekko says that the message was not delivered,
 * and when a node is removed, with whom it may be gone. An attempt that timed out may have been stored.
 */
public final class ShardedEntities implements EntityClient {
    private final ShardingSettings settings;
    private final NodeEntities node;
    private final Map<String, ActorRef> regions;
    private final Attempts attempts;

    private ShardedEntities(
            ShardingSettings settings, NodeEntities node, Map<String, ActorRef> regions, Attempts attempts) {
        this.settings = settings;
        this.node = node;
        this.regions = regions;
        this.attempts = attempts;
    }

    /**
     * Starts one shard region for each type. The node must be, or become, a member of a cluster.
     *
     * @param archive where the outcomes are that entities no longer remember
     */
    public static ShardedEntities start(
            ActorSystem system,
            List<Entity<?, ?>> entities,
            ShardingSettings settings,
            CommandPipeline.Archive archive) {
        var node = new NodeEntities(settings, archive);
        entities.forEach(entity -> EntityRegistry.ID.get(system).add(entity.type()));
        var regions = entities.stream()
                .collect(Collectors.toUnmodifiableMap(
                        entity -> entity.type().name(), entity -> startRegion(system, entity, node)));
        var attempts = new Attempts();
        system.actorOf(Undelivered.props(attempts));
        return new ShardedEntities(settings, node, regions, attempts);
    }

    private static <S extends Message, E extends Message> ActorRef startRegion(
            ActorSystem system, Entity<S, E> entity, NodeEntities node) {
        var settings = node.settings();
        var passivation = ClusterShardingSettings.PassivationStrategySettings$.MODULE$
                .defaults()
                .withIdleEntityPassivation(settings.passivateAfter())
                .withActiveEntityLimit(settings.liveEntitiesMax())
                .withLeastRecentlyUsedReplacement();
        var sharding = ClusterSharding.get(system);
        return sharding.start(
                entity.type().name(),
                EntityActor.props(entity, node),
                ClusterShardingSettings.create(system).withPassivationStrategy(passivation),
                new EntityMessages(settings.shards()),
                sharding.defaultShardAllocationStrategy(ClusterShardingSettings.create(system)),
                EntityStop.STOP);
    }

    @Override
    public CompletableFuture<CommandOutcome> ask(EntityCommand command) {
        var region = regions.get(command.type().name());
        if (region == null) return notServing("this node does not run entities of type " + command.type());
        var left = Duration.between(Instant.now(), command.deadline());
        if (left.isNegative() || left.isZero()) return notServing("the deadline passed before the command was sent");
        var timeout = left.compareTo(settings.attemptTimeout()) < 0 ? left : settings.attemptTimeout();
        var answer = attempts.begin(command);
        Patterns.ask(region, command, timeout.toMillis() + 1)
                .onComplete(
                        result -> {
                            attempts.end(answer, outcome(command, result));
                            return Done.done();
                        },
                        ExecutionContext.parasitic$.MODULE$);
        return answer;
    }

    /**
     * Completes with the revision of the entity's last stored event, once that is beyond this one; or, with what is known then, when
     * the time is up, the entity moves, or nobody answers. Wakes the entity, and keeps it awake.
     */
    public CompletableFuture<Long> awaitHead(EntityType<?, ?> type, String id, long beyond, Duration atMost) {
        var answer = new CompletableFuture<Long>();
        var region = regions.get(type.name());
        if (region == null) return CompletableFuture.failedFuture(new NotServing("this node does not run " + type));
        var watch = new HeadWatch(type.name(), id, beyond, System.currentTimeMillis() + atMost.toMillis());
        Patterns.ask(region, watch, atMost.toMillis() + 1)
                .onComplete(
                        result -> answer.complete(
                                result.isSuccess()
                                                && result.get() instanceof HeadReply head
                                                && head.id().equals(id)
                                        ? head.revision()
                                        : beyond),
                        ExecutionContext.parasitic$.MODULE$);
        return answer;
    }

    /** What the entities of this node have gone through. */
    public EntityCounts counts() {
        return node.counts();
    }

    private static CompletableFuture<CommandOutcome> notServing(String reason) {
        return CompletableFuture.completedFuture(new NotServing(reason));
    }

    private static CommandOutcome outcome(EntityCommand command, Try<Object> result) {
        if (result.isFailure()) return noAnswer(command, result.failed().get());
        var reply = (EntityReply) result.get();
        if (reply.id().equals(command.id())
                && reply.type().equals(command.type().name())) return reply.outcome();
        return new OutcomeUnknown("asked " + command.type() + "/" + command.id() + ", but " + reply.type() + "/"
                + reply.id() + " answered");
    }

    private static CommandOutcome noAnswer(EntityCommand command, @Nullable Throwable cause) {
        var reason = command.type() + "/" + command.id() + " did not answer in time";
        if (command.method().isQuery()) return cause == null ? new NotServing(reason) : new NotServing(reason, cause);
        return cause == null ? new OutcomeUnknown(reason) : new OutcomeUnknown(reason, cause);
    }
}
