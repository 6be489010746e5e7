package dev.parvi.entity;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.parvi.protobuf.EventRecord;
import dev.parvi.protobuf.OutcomeRecord;
import dev.parvi.protobuf.SnapshotRecord;
import dev.parvi.protobuf.Tombstone;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One entity in memory and the pure way of one command through it. Owns the state, the revision and the remembered outcomes; does
 * no I/O, reads no clock, and is driven by one thread at a time.
 *
 * <p>A {@link Decision.Append} is already applied here when it is returned: the next command sees its state, and is stored after
 * it. If storing fails, the whole pipeline must be thrown away and rebuilt from the journal; nothing decided on top of it may be
 * answered as done.
 *
 * <p>A deletion is a command whose one event, the tombstone, is the last that the entity ever has. From then on every other command and
 * query is rejected as {@link Rejection.Code#DELETED}; what lies before a tombstone may be missing, and none of it matters.
 */
public final class CommandPipeline<S extends Message, E extends Message> {
    private static final String TOMBSTONE = Tombstone.getDescriptor().getFullName();

    private final Entity<S, E> entity;
    private final EntityType<S, E> type;
    private final String id;
    private final OutcomeWindow outcomes;
    private S state;
    private long revision;
    private boolean isDeleted;

    private CommandPipeline(Entity<S, E> entity, String id, Limits limits) {
        this.entity = entity;
        this.type = entity.type();
        this.id = id;
        this.outcomes = new OutcomeWindow(limits);
        this.state = type.initialState();
    }

    /** An entity without events. */
    public static <S extends Message, E extends Message> CommandPipeline<S, E> of(
            Entity<S, E> entity, String id, Limits limits) {
        return new CommandPipeline<>(entity, id, limits);
    }

    /** Takes over what a snapshot holds. Throws {@link Unreplayable} if this release cannot read it. */
    public void restore(SnapshotRecord snapshot) {
        requireType(type.initialState(), snapshot.getType(), snapshot.getRevision());
        state = parse(type.initialState(), snapshot.getState(), snapshot.getRevision());
        revision = snapshot.getRevision();
        snapshot.getOutcomesList().forEach(outcomes::add);
        if (snapshot.getOutcomesForgotten()) outcomes.forgetOlder();
    }

    /** Whether the event is the last of its entity: whatever was read before it, or could not be read, counts no more. */
    public static boolean isTombstone(EventRecord event) {
        return event.getType().equals(TOMBSTONE);
    }

    /**
     * Applies a stored event. Throws {@link Unreplayable} if it is not the next one or the author's code cannot apply it. Before a
     * tombstone any events may be missing: they are removed once it is stored.
     */
    public void replay(EventRecord event, long eventRevision) {
        if (isDeleted) throw new Unreplayable("event " + eventRevision + " follows the tombstone " + revision, null);
        if (isTombstone(event) && eventRevision > revision) {
            end(event, eventRevision);
            return;
        }
        if (eventRevision != revision + 1)
            throw new Unreplayable("event " + eventRevision + " follows event " + revision, null);
        requireType(type.event(), event.getType(), eventRevision);
        var parsed = parse(type.event(), event.getPayload(), eventRevision);
        try {
            state = entity.apply(state, parsed);
        } catch (RuntimeException | StackOverflowError | LinkageError failure) {
            throw new Unreplayable("event " + eventRevision + " could not be applied: " + failure, failure);
        }
        revision = eventRevision;
        if (event.hasOutcome()) outcomes.add(event.getOutcome());
    }

    /** Decides one command at {@code now}. Whatever the author's code throws becomes a rejection, and nothing has changed. */
    public Decision decide(EntityCommand command, Instant now) {
        var known = command.idempotencyKey().isEmpty() ? null : outcomes.find(command.idempotencyKey());
        if (known != null) return new Decision.Answer(recall(command, known));
        if (isDeleted)
            return new Decision.Answer(Rejection.of(
                    Rejection.Code.DELETED, "the entity was deleted, for good; another id makes another entity"));
        if (command.expectedRevision() != EntityCommand.ANY_REVISION && command.expectedRevision() != revision)
            return new Decision.Answer(revisionMismatch(command));
        if (now.isAfter(command.deadline()))
            return new Decision.Answer(new NotServing("the deadline passed before the command ran"));
        if (command.method().isDeletion()) return delete(command, now);
        try {
            var context = new CommandContext(id, revision, command.principal(), now);
            return execute(entity.decide(command.method(), state, command.request(), context), command, now);
        } catch (RuntimeException | StackOverflowError | LinkageError failure) {
            return new Decision.Answer(Rejection.causedBy(
                    failure,
                    Rejection.Code.ENTITY_FAILED,
                    command.method().name() + " failed with "
                            + failure.getClass().getSimpleName()));
        }
    }

    /**
     * True if the command's key may belong to an outcome that the window has forgotten. Then it must be looked for in the {@link
     * Archive}, once everything decided so far is stored, and told with {@link #recall}; only a key that is not found there may be
     * decided, and no other command with that key meanwhile.
     */
    public boolean mayHaveForgotten(EntityCommand command) {
        return outcomes.hasForgotten()
                && !command.keyIsFresh()
                && !command.method().isQuery()
                && !command.idempotencyKey().isEmpty()
                && outcomes.find(command.idempotencyKey()) == null;
    }

    /** What the command with this key came to when it was carried out. */
    public CommandOutcome recall(EntityCommand command, OutcomeRecord known) {
        if (!known.getMethod().equals(command.method().name())
                || !known.getRequestDigest().equals(RequestDigest.of(command.request())))
            return Rejection.of(
                    Rejection.Code.KEY_REUSED,
                    "this idempotency key belongs to an earlier " + known.getMethod() + " with another method or body");
        try {
            var reply = command.method().reply().getParserForType().parseFrom(known.getReply());
            return new CommandOutcome.Completed(known.getRevision(), reply, true);
        } catch (InvalidProtocolBufferException damaged) {
            return Rejection.causedBy(damaged, Rejection.Code.ENTITY_FAILED, "the stored outcome cannot be read");
        }
    }

    /** The initial state, if the entity is deleted. */
    public S state() {
        return state;
    }

    /** True from the decision to delete on, or from the tombstone in the journal. */
    public boolean isDeleted() {
        return isDeleted;
    }

    /** How many events the entity has, those not yet stored included. */
    public long revision() {
        return revision;
    }

    /** Everything that a later {@link #restore} needs, as of now. There is none of a deleted entity: a snapshot would hide the tombstone. */
    public SnapshotRecord snapshot() {
        if (isDeleted) throw new IllegalStateException("there is no snapshot of the deleted entity " + type + "/" + id);
        return SnapshotRecord.newBuilder()
                .setRevision(revision)
                .setType(type.initialState().getDescriptorForType().getFullName())
                .setState(state.toByteString())
                .addAllOutcomes(outcomes.toList())
                .setOutcomesForgotten(outcomes.hasForgotten())
                .build();
    }

    private <R extends Message> Decision execute(Effect<R> effect, EntityCommand command, Instant now) {
        return effect.fold(
                persist -> append(persist, command, now),
                reply -> new Decision.Answer(new CommandOutcome.Completed(revision, reply.message(), false)),
                reject -> new Decision.Answer(reject.rejection()));
    }

    /** Casts where generics end: an entity's effects carry its own events, and its reply function takes its own state. */
    @SuppressWarnings("unchecked")
    private Decision append(Effect.Persist<?, ?> persist, EntityCommand command, Instant now) {
        var events = (List<E>) persist.events();
        var next = state;
        for (var event : events) next = entity.apply(next, event);
        var reply = ((Function<S, ? extends Message>) persist.reply()).apply(next);
        if (events.isEmpty()) return new Decision.Answer(new CommandOutcome.Completed(revision, reply, false));

        var after = revision + events.size();
        var outcome = command.idempotencyKey().isEmpty() ? null : remember(command, reply, after, now);
        var records = new ArrayList<EventRecord>(events.size());
        for (var event : events)
            records.add(record(event, command, now, records.size() == events.size() - 1 ? outcome : null));
        state = next;
        revision = after;
        if (outcome != null) outcomes.add(outcome);
        return new Decision.Append(records, new CommandOutcome.Completed(after, reply, false));
    }

    private Decision delete(EntityCommand command, Instant now) {
        var reply = Empty.getDefaultInstance();
        var after = revision + 1;
        if (revision == 0)
            return new Decision.Answer(Rejection.of(Rejection.Code.NOT_FOUND, "there is nothing to delete"));
        var outcome = command.idempotencyKey().isEmpty() ? null : remember(command, reply, after, now);
        var tombstone = record(Tombstone.getDefaultInstance(), command, now, outcome);
        end(tombstone, after);
        return new Decision.Append(List.of(tombstone), new CommandOutcome.Completed(after, reply, false));
    }

    /** Nothing is remembered but the deletion, so that its retry is told the same. */
    private void end(EventRecord tombstone, long tombstoneRevision) {
        state = type.initialState();
        revision = tombstoneRevision;
        isDeleted = true;
        outcomes.clear();
        if (tombstone.hasOutcome()) outcomes.add(tombstone.getOutcome());
    }

    private static EventRecord record(
            Message event, EntityCommand command, Instant now, @Nullable OutcomeRecord outcome) {
        var record = EventRecord.newBuilder()
                .setType(event.getDescriptorForType().getFullName())
                .setPayload(event.toByteString())
                .setTimeMillis(now.toEpochMilli())
                .setMethod(command.method().name())
                .setPrincipal(command.principal())
                .setTrace(command.trace());
        if (outcome != null) record.setOutcome(outcome);
        return record.build();
    }

    private static OutcomeRecord remember(EntityCommand command, Message reply, long revision, Instant now) {
        return OutcomeRecord.newBuilder()
                .setIdempotencyKey(command.idempotencyKey())
                .setMethod(command.method().name())
                .setRequestDigest(RequestDigest.of(command.request()))
                .setReply(reply.toByteString())
                .setRevision(revision)
                .setTimeMillis(now.toEpochMilli())
                .build();
    }

    private CommandOutcome revisionMismatch(EntityCommand command) {
        return Rejection.of(
                Rejection.Code.REVISION_MISMATCH,
                "expected revision " + command.expectedRevision() + ", the entity is at " + revision);
    }

    private static void requireType(Message expected, String stored, long revision) {
        var name = expected.getDescriptorForType().getFullName();
        if (!name.equals(stored))
            throw new Unreplayable(
                    "at revision " + revision + " a " + stored + " is stored, this release reads " + name, null);
    }

    @SuppressWarnings("unchecked")
    private static <M extends Message> M parse(M prototype, ByteString bytes, long revision) {
        try {
            return (M) prototype.getParserForType().parseFrom(bytes);
        } catch (InvalidProtocolBufferException damaged) {
            throw new Unreplayable("what is stored at revision " + revision + " is not readable", damaged);
        }
    }

    /** What to do with one command, as data. */
    public sealed interface Decision {
        /** Takes the one case that this decision is. */
        <T> T fold(Function<Answer, T> onAnswer, Function<Append, T> onAppend);

        /**
         * Answer this, once every earlier append is stored: it was decided on a state that includes them.
         */
        record Answer(CommandOutcome outcome) implements Decision {
            @Override
            public <T> T fold(Function<Answer, T> onAnswer, Function<Append, T> onAppend) {
                return onAnswer.apply(this);
            }
        }

        /** Store these, all or none; then, and only then, answer. */
        record Append(List<EventRecord> events, CommandOutcome.Completed outcome) implements Decision {
            @Override
            public <T> T fold(Function<Answer, T> onAnswer, Function<Append, T> onAppend) {
                return onAppend.apply(this);
            }
        }
    }

    /**
     * How many outcomes an entity remembers.
     *
     * @param outcomesMax at most this many, at least 2; each costs about 200 bytes and its reply
     * @param outcomeAgeMax of the older half, none beyond this age
     */
    public record Limits(int outcomesMax, Duration outcomeAgeMax) {
        public Limits {
            if (outcomesMax < 2)
                throw new IllegalArgumentException("outcomes-max must be at least 2, not " + outcomesMax);
            if (outcomeAgeMax.isNegative() || outcomeAgeMax.isZero())
                throw new IllegalArgumentException("outcome-age-max must be positive, not " + outcomeAgeMax);
        }
    }

    /** Where outcomes that the window has forgotten can still be found, for as long as the journal holds their events. */
    public interface Archive {
        /** The outcome of the command with this key. Fails with {@link NotServing} if the store cannot tell now. */
        CompletableFuture<Optional<OutcomeRecord>> find(String persistenceId, String idempotencyKey);
    }

    /** The entity's history cannot be read by this release. The message names the revision and what is wrong. */
    public static final class Unreplayable extends RuntimeException {
        Unreplayable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
