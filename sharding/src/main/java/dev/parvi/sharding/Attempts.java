package dev.parvi.sharding;

import dev.parvi.entity.CommandOutcome;
import dev.parvi.entity.EntityCommand;
import dev.parvi.entity.NotServing;
import dev.parvi.entity.OutcomeUnknown;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** What this node has asked entities and was not told yet. */
final class Attempts {
    private final Map<CompletableFuture<CommandOutcome>, EntityCommand> open = new ConcurrentHashMap<>();

    /** Whoever completes the answer ends the attempt. */
    CompletableFuture<CommandOutcome> begin(EntityCommand command) {
        var answer = new CompletableFuture<CommandOutcome>();
        open.put(answer, command);
        return answer;
    }

    void end(CompletableFuture<CommandOutcome> answer, CommandOutcome outcome) {
        open.remove(answer);
        answer.complete(outcome);
    }

    /**
     * Ends all. Their messages or the answers to them may be lost, and nobody can tell which: those that are not lost are asked again
     * for nothing, and told the same.
     */
    void endAll(String reason) {
        open.forEach((answer, command) ->
                end(answer, command.method().isQuery() ? new NotServing(reason) : new OutcomeUnknown(reason)));
    }
}
