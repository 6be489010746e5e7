package dev.parvi.testkit;

import com.google.protobuf.Message;
import dev.parvi.entity.CommandOutcome;
import dev.parvi.entity.CommandPipeline;
import dev.parvi.entity.Entity;
import dev.parvi.entity.EntityClient;
import dev.parvi.entity.EntityCommand;
import dev.parvi.entity.NotServing;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Entities of several types, alive for one test and stored nowhere: the {@link EntityClient} for testing code that calls
 * entities. It answers before {@link #ask} returns.
 */
public final class InMemoryEntities implements EntityClient {
    private static final CommandPipeline.Limits LIMITS = new CommandPipeline.Limits(128, Duration.ofHours(24));

    private final Clock clock;
    private final Map<String, Entity<?, ?>> byType = new HashMap<>();
    private final Map<Address, CommandPipeline<?, ?>> alive = new HashMap<>();

    private InMemoryEntities(Clock clock, List<Entity<?, ?>> entities) {
        this.clock = clock;
        entities.forEach(entity -> byType.put(entity.type().name(), entity));
    }

    public static InMemoryEntities of(Clock clock, Entity<?, ?>... entities) {
        return new InMemoryEntities(clock, List.of(entities));
    }

    @Override
    public synchronized CompletableFuture<CommandOutcome> ask(EntityCommand command) {
        var entity = byType.get(command.type().name());
        if (entity == null)
            return CompletableFuture.completedFuture(new NotServing("nobody serves the type " + command.type()));
        var pipeline = alive.computeIfAbsent(
                new Address(command.type().name(), command.id()), address -> pipeline(entity, address.id()));
        return CompletableFuture.completedFuture(pipeline.decide(command, clock.instant())
                .fold(CommandPipeline.Decision.Answer::outcome, CommandPipeline.Decision.Append::outcome));
    }

    private static <S extends Message, E extends Message> CommandPipeline<S, E> pipeline(
            Entity<S, E> entity, String id) {
        return CommandPipeline.of(entity, id, LIMITS);
    }

    private record Address(String type, String id) {}
}
