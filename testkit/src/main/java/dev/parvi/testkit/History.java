package dev.parvi.testkit;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.parvi.entity.CommandOutcome;
import dev.parvi.entity.CommandPipeline;
import dev.parvi.entity.CommandPipeline.Decision;
import dev.parvi.entity.CommandPipeline.Unreplayable;
import dev.parvi.entity.Entity;
import dev.parvi.entity.EntityCommand;
import dev.parvi.entity.EntityType;
import dev.parvi.protobuf.EventRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What one entity has stored, and the entity in memory beside it. The two must agree whichever way the second is rebuilt from the
 * first: that is what lets a cluster move an entity.
 */
final class History<S extends Message, E extends Message> {
    private static final CommandPipeline.Limits LIMITS = new CommandPipeline.Limits(128, Duration.ofHours(24));
    /** Long histories are restored from this many places, not from every one. */
    private static final int SNAPSHOTS_MAX = 16;

    private final Entity<S, E> entity;
    private final EntityType<S, E> type;
    private final String id;
    private final CommandPipeline<S, E> live;
    private final List<EventRecord> stored = new ArrayList<>();

    History(Entity<S, E> entity, String id) {
        this.entity = entity;
        this.type = entity.type();
        this.id = id;
        this.live = CommandPipeline.of(entity, id, LIMITS);
    }

    /** Stores an event that some earlier command persisted. */
    void add(E event, Instant time) {
        var record = EventRecord.newBuilder()
                .setType(type.event().getDescriptorForType().getFullName())
                .setPayload(event.toByteString())
                .setTimeMillis(time.toEpochMilli())
                .build();
        replay(live, record, stored.size() + 1);
        stored.add(record);
    }

    /** Decides on the entity in memory and on one rebuilt for the purpose, which must come to the same. */
    Decided<E> decide(EntityCommand command, Instant now) {
        var second = toDecided(replayedFrom(0).decide(command, now));
        var decision = live.decide(command, now);
        var first = toDecided(decision);
        if (!first.text().equals(second.text()) || !first.events().equals(second.events()))
            throw new AssertionError(command.method().name() + " is not a pure function: on one state it decided"
                    + "\n  once:  " + first.text() + "\n  again: " + second.text()
                    + "\nLet it depend on its arguments only; the time is context.time().");
        decision.fold(answer -> false, append -> stored.addAll(append.events()));
        return first;
    }

    /** Replays everything, from the beginning and from snapshots on the way. */
    void check() {
        var step = Math.max(1, stored.size() / SNAPSHOTS_MAX);
        for (var revision = 0; revision <= stored.size(); revision += step) {
            var replayed = replayedFrom(revision).state();
            if (!replayed.equals(live.state()))
                throw new AssertionError("replay does not give the state that the commands left"
                        + "\n  live:     " + Text.of(live.state())
                        + "\n  replayed: " + Text.of(replayed)
                        + (revision == 0 ? "" : " (from the snapshot at revision " + revision + ")")
                        + "\nLet what happens at an event depend on the state and the event only.");
        }
    }

    S state() {
        return live.state();
    }

    boolean isDeleted() {
        return live.isDeleted();
    }

    long revision() {
        return live.revision();
    }

    /** The entity as another node would have it, after a snapshot at this revision and the events behind it. */
    private CommandPipeline<S, E> replayedFrom(int revision) {
        var rebuilt = replayed(CommandPipeline.of(entity, id, LIMITS), 0, revision == 0 ? stored.size() : revision);
        if (revision == 0 || rebuilt.isDeleted()) return rebuilt;
        var restored = CommandPipeline.of(entity, id, LIMITS);
        restored.restore(rebuilt.snapshot());
        return replayed(restored, revision, stored.size());
    }

    private CommandPipeline<S, E> replayed(CommandPipeline<S, E> pipeline, int from, int to) {
        for (var index = from; index < to; index++) replay(pipeline, stored.get(index), index + 1);
        return pipeline;
    }

    private void replay(CommandPipeline<S, E> pipeline, EventRecord record, long revision) {
        try {
            pipeline.replay(record, revision);
        } catch (Unreplayable unreplayable) {
            var failure = new AssertionError(unreplayable.getMessage() + "\n  event: " + Text.of(toEvent(record))
                    + "\n  state: " + Text.of(pipeline.state()));
            failure.initCause(unreplayable.getCause());
            throw failure;
        }
    }

    private Decided<E> toDecided(Decision decision) {
        return decision.fold(
                answer -> new Decided<E>(List.of(), answer.outcome()),
                append -> new Decided<E>(
                        append.events().stream()
                                .filter(record -> !CommandPipeline.isTombstone(record))
                                .map(this::toEvent)
                                .toList(),
                        append.outcome()));
    }

    @SuppressWarnings("unchecked")
    private E toEvent(EventRecord record) {
        try {
            return (E) type.event().getParserForType().parseFrom(record.getPayload());
        } catch (InvalidProtocolBufferException impossible) {
            throw new IllegalStateException("an event that was just written is not readable", impossible);
        }
    }

    /** What one command came to. */
    record Decided<E extends Message>(List<E> events, CommandOutcome outcome) {
        String text() {
            return Text.of(outcome) + ", events: " + Text.of(events);
        }
    }
}
