package dev.parvi.testkit.history;

import com.google.protobuf.Message;
import dev.parvi.entity.CommandPipeline;
import dev.parvi.entity.CommandPipeline.Decision;
import dev.parvi.entity.CommandPipeline.Limits;
import dev.parvi.entity.CommandPipeline.Unreplayable;
import dev.parvi.entity.Entity;
import dev.parvi.entity.EntityCommand;
import dev.parvi.protobuf.EventRecord;
import dev.parvi.testkit.history.Judge.Requests;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One entity lives its journal again, in up to three copies side by side.
 *
 * <ul>
 *   <li>The first replays every event. None may be {@link Unreplayable} and no revision may be missing, unless a tombstone follows.
 *   <li>The second begins in the middle with a snapshot of the first, and replays the rest. In the end both have the same state.
 *   <li>The third is told the commands instead, for as long as their requests can be made again, at the times that the journal gives.
 *       Each must be decided to exactly the stored events: type, payload, method, principal, trace and the outcome with its reply.
 *       The state it is left with must be that of the first.
 * </ul>
 *
 * <p>The journal gives times in milliseconds. An entity that looks at less than that decides otherwise here, and is told so.
 */
final class Rerun<S extends Message, E extends Message> implements Journal.Reader {
    private static final Limits LIMITS = new Limits(128, Duration.ofHours(24));

    private final Entity<S, E> entity;
    private final String name;
    private final String id;
    private final long middle;
    private final Requests requests;
    private final Consumer<String> onViolation;
    private final List<EventRecord> command = new ArrayList<>();
    private final CommandPipeline<S, E> replayed;
    private CommandPipeline<S, E> decided;
    private @Nullable CommandPipeline<S, E> restored;
    private @Nullable String stuck;

    private Rerun(Entity<S, E> entity, String name, long head, Requests requests, Consumer<String> onViolation) {
        this.entity = entity;
        this.name = name;
        this.id = name.substring(name.indexOf('/') + 1);
        this.middle = head / 2;
        this.requests = requests;
        this.onViolation = onViolation;
        this.replayed = CommandPipeline.of(entity, id, LIMITS);
        this.decided = CommandPipeline.of(entity, id, LIMITS);
    }

    static <S extends Message, E extends Message> Rerun<S, E> of(
            Entity<S, E> entity, String name, long head, Requests requests, Consumer<String> onViolation) {
        return new Rerun<>(entity, name, head, requests, onViolation);
    }

    @Override
    public void onEvent(long revision, EventRecord event) {
        if (stuck != null && !CommandPipeline.isTombstone(event)) return;
        try {
            replayed.replay(event, revision);
            stuck = null;
            if (restored != null) restored.replay(event, revision);
        } catch (Unreplayable unreplayable) {
            stuck = name + ": " + unreplayable.getMessage();
            command.clear();
            return;
        }
        if (revision == middle && !replayed.isDeleted()) {
            restored = CommandPipeline.of(entity, id, LIMITS);
            restored.restore(replayed.snapshot());
        }
        command.add(event);
        if (event.hasOutcome() || CommandPipeline.isTombstone(event)) decide(revision);
    }

    @Override
    public void onDamage(long revision, String what) {
        stuck = "the record of " + name + " at revision " + revision + " " + what;
    }

    /** All was read. */
    void end() {
        if (stuck != null) {
            onViolation.accept(stuck);
            return;
        }
        if (restored != null) requireSame("from a snapshot at revision " + middle + " ends", restored);
        if (command.isEmpty()) requireSame("that decides its commands again ends", decided);
    }

    private void requireSame(String which, CommandPipeline<S, E> other) {
        if (other.revision() != replayed.revision() || !other.state().equals(replayed.state()))
            onViolation.accept(name + " " + which + " with another state at revision " + other.revision()
                    + " than replay at revision " + replayed.revision());
    }

    private void decide(long revision) {
        var stored = List.copyOf(command);
        command.clear();
        var again = decidedAgain(stored);
        if (again.equals(stored)) return;
        onViolation.accept(name + " revision " + revision + ": "
                + stored.get(stored.size() - 1).getMethod() + " "
                + stored.get(stored.size() - 1).getOutcome().getIdempotencyKey() + " decided again gives "
                + (again.isEmpty() ? "nothing to store" : "other events or another reply"));
        decided = CommandPipeline.of(entity, id, LIMITS);
        if (replayed.isDeleted()) decided.replay(stored.get(stored.size() - 1), revision);
        else decided.restore(replayed.snapshot());
    }

    /** What the command comes to now; what is stored if its request is not known. */
    private List<EventRecord> decidedAgain(List<EventRecord> stored) {
        var last = stored.get(stored.size() - 1);
        var outcome = last.getOutcome();
        var method = entity.type().method(last.getMethod());
        var request = requests.requestOf(name, last.getMethod(), outcome.getIdempotencyKey());
        var revision = replayed.revision() - stored.size();
        // Before a tombstone events may be missing, and then there is nothing to decide it on.
        if (method == null || request.isEmpty() || decided.revision() != revision) {
            for (var event : stored) decided.replay(event, ++revision);
            return stored;
        }
        var again = new EntityCommand(
                entity.type(),
                id,
                method,
                request.get(),
                outcome.getIdempotencyKey(),
                false,
                EntityCommand.ANY_REVISION,
                Instant.MAX,
                last.getPrincipal(),
                last.getTrace());
        return decided.decide(again, Instant.ofEpochMilli(last.getTimeMillis()))
                .fold(answer -> List.of(), Decision.Append::events);
    }
}
