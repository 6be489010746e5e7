package dev.parvi.entity;

import java.util.concurrent.CompletableFuture;

/** The port to all entities of the cluster, wherever they live: what the HTTP edge and the generated clients send through. */
@FunctionalInterface
public interface EntityClient {
    /**
     * Sends one command and completes with what became of it, once. The future never fails: whatever goes wrong is an outcome.
     * An implementation that gives up waiting says {@link OutcomeUnknown}.
     */
    CompletableFuture<CommandOutcome> ask(EntityCommand command);
}
