package dev.parvi.sharding;

import com.google.protobuf.Message;
import dev.parvi.entity.CommandOutcome;
import dev.parvi.entity.CommandPipeline;
import dev.parvi.entity.CommandPipeline.Decision;
import dev.parvi.entity.Entity;
import dev.parvi.entity.EntityCommand;
import dev.parvi.entity.NotServing;
import dev.parvi.entity.OutcomeUnknown;
import dev.parvi.entity.Rejection;
import dev.parvi.protobuf.EventRecord;
import dev.parvi.protobuf.SnapshotRecord;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.ReceiveTimeout;
import org.apache.pekko.cluster.sharding.ShardRegion;
import org.apache.pekko.japi.Procedure;
import org.apache.pekko.pattern.CircuitBreakerOpenException;
import org.apache.pekko.persistence.AbstractPersistentActor;
import org.apache.pekko.persistence.Recovery;
import org.apache.pekko.persistence.RecoveryCompleted;
import org.apache.pekko.persistence.SaveSnapshotFailure;
import org.apache.pekko.persistence.SaveSnapshotSuccess;
import org.apache.pekko.persistence.SnapshotOffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;

/**
 * Owns one entity: rebuilds it, decides its commands, stores their events and answers in order. Any write that fails ends the
 * actor, because its memory is ahead of the store; the next command finds a new one, rebuilt.
 */
final class EntityActor<S extends Message, E extends Message> extends AbstractPersistentActor {
    private static final Logger log = LoggerFactory.getLogger(EntityActor.class);

    private final NodeEntities node;
    private final String type;
    private final String id;
    private final String persistenceId;
    private final CommandPipeline<S, E> pipeline;
    private final AnswerQueue answers = new AnswerQueue();
    private final LookUps lookUps = new LookUps();
    private final Procedure<EventRecord> onEventStored = event -> answers.onEventStored(this::pay);
    private @Nullable String quarantined;
    private boolean isStopping;
    private long snapshotRevision;

    private EntityActor(Entity<S, E> entity, NodeEntities node) {
        this.node = node;
        this.type = entity.type().name();
        this.id = URLDecoder.decode(getSelf().path().name(), StandardCharsets.UTF_8);
        this.persistenceId = persistenceId(type, id);
        this.pipeline = CommandPipeline.of(entity, id, node.settings().limits());
        this.quarantined = node.quarantine().reason(persistenceId);
    }

    /** The actor's name is the URL-encoded entity id, as sharding names it. */
    static <S extends Message, E extends Message> Props props(Entity<S, E> entity, NodeEntities node) {
        return Props.create(EntityActor.class, () -> new EntityActor<>(entity, node));
    }

    /** The name of an entity in the store. */
    static String persistenceId(String type, String id) {
        return type + "/" + id;
    }

    @Override
    public String persistenceId() {
        return persistenceId;
    }

    @Override
    public long snapshotSequenceNr() {
        return snapshotRevision;
    }

    @Override
    public void preStart() {
        node.onStarted();
    }

    @Override
    public void postStop() {
        node.onStopped();
        var lost = new OutcomeUnknown("the entity stopped before the command was stored");
        answers.abandon(owed -> send(owed.to(), owed.method(), lost));
        refuseLookUps();
    }

    // Recovery

    @Override
    public Recovery recovery() {
        return quarantined == null ? Recovery.create() : Recovery.none();
    }

    @Override
    public Receive createReceiveRecover() {
        return receiveBuilder()
                .match(EventRecord.class, event -> rebuild(() -> pipeline.replay(event, lastSequenceNr())))
                .match(SnapshotOffer.class, offer -> rebuild(() -> pipeline.restore((SnapshotRecord) offer.snapshot())))
                .match(RecoveryCompleted.class, done -> onRecovered())
                .build();
    }

    private void rebuild(Runnable step) {
        if (quarantined != null) return;
        try {
            step.run();
        } catch (CommandPipeline.Unreplayable | ClassCastException unreadable) {
            quarantine(String.valueOf(unreadable.getMessage()), unreadable);
        }
    }

    private void onRecovered() {
        if (quarantined == null) node.onRecovered();
        else getContext().setReceiveTimeout(node.settings().quarantineRetry());
    }

    /** Pekko stops the actor after this. What the store may do better next time is retried; what is stored wrongly is not. */
    @Override
    public void onRecoveryFailure(Throwable cause, Option<Object> event) {
        if (isTransient(cause)) log.warn("{} could not be read from the store: {}", persistenceId, cause.toString());
        else quarantine(String.valueOf(cause.getMessage()), cause);
    }

    private static boolean isTransient(Throwable cause) {
        return cause instanceof NotServing
                || cause instanceof OutcomeUnknown
                || cause instanceof TimeoutException
                || cause instanceof CircuitBreakerOpenException
                || cause instanceof org.apache.pekko.persistence.RecoveryTimedOut;
    }

    private void quarantine(String reason, Throwable cause) {
        quarantined = reason;
        node.quarantine().put(persistenceId, reason);
        log.error("{} is quarantined: {}", persistenceId, reason, cause);
    }

    // Commands

    @Override
    public Receive createReceive() {
        return receiveBuilder()
                .match(EntityCommand.class, this::onCommand)
                .match(UnreadableCommand.class, this::onUnreadable)
                .match(LookUps.Found.class, this::onFound)
                .match(EntityStop.class, stop -> onStop())
                .match(SaveSnapshotSuccess.class, saved -> {})
                .match(SaveSnapshotFailure.class, this::onSnapshotFailure)
                .match(ReceiveTimeout.class, timeout -> leaveQuarantine())
                .build();
    }

    private void onCommand(EntityCommand command) {
        var method = command.method().name();
        if (!command.id().equals(id) || !command.type().name().equals(type)) {
            log.error("{} was asked for {}/{}: routing is broken", persistenceId, command.type(), command.id());
            send(getSender(), method, new NotServing("the command reached another entity"));
        } else if (quarantined != null) {
            send(getSender(), method, Rejection.of(Rejection.Code.QUARANTINED, quarantined));
        } else if (isStopping) {
            send(getSender(), method, new NotServing("the entity is moving"));
        } else if (lookUps.has(command.idempotencyKey()) || pipeline.mayHaveForgotten(command)) {
            lookUp(getSender(), command);
        } else {
            decide(getSender(), command);
        }
    }

    private void decide(ActorRef from, EntityCommand command) {
        var method = command.method().name();
        var before = pipeline.revision();
        var decision = pipeline.decide(command, Instant.now());
        decision.<@Nullable Void>fold(
                answer -> {
                    answer(from, method, answer.outcome());
                    if (answer.outcome() instanceof Rejection rejection) report(rejection);
                    return null;
                },
                append -> {
                    store(from, append, method, before);
                    return null;
                });
    }

    private void answer(ActorRef from, String method, CommandOutcome outcome) {
        if (answers.isEmpty()) send(from, method, outcome);
        else answers.owe(from, method, outcome, 0, null);
    }

    private void store(ActorRef from, Decision.Append append, String method, long before) {
        var every = node.settings().snapshotEvery();
        var snapshot = before / every == pipeline.revision() / every ? null : pipeline.snapshot();
        answers.owe(from, method, append.outcome(), append.events().size(), snapshot);
        persistAllAsync(append.events(), onEventStored);
    }

    private void report(Rejection rejection) {
        if (rejection.code() == Rejection.Code.ENTITY_FAILED)
            log.error("{}: {}", persistenceId, rejection.message(), rejection.getCause());
    }

    /** A look-up reads what is stored, so it waits until everything decided before it is. */
    private void lookUp(ActorRef from, EntityCommand command) {
        var key = command.idempotencyKey();
        if (lookUps.isFull()) {
            send(from, command.method().name(), new NotServing("too many retries are being looked up"));
            return;
        }
        var isFirst = !lookUps.has(key);
        lookUps.add(from, command);
        if (!isFirst) return;
        if (answers.isEmpty()) find(key);
        else lookUps.putOff(key, answers.lastOwed());
    }

    private void find(String key) {
        var self = getSelf();
        node.archive().find(persistenceId, key).whenComplete((outcome, failure) -> {
            var found =
                    failure == null ? new LookUps.Found(key, outcome.orElse(null), false) : LookUps.Found.failed(key);
            self.tell(found, ActorRef.noSender());
        });
    }

    private void onFound(LookUps.Found found) {
        for (var waiting : lookUps.take(found.key())) {
            var command = waiting.command();
            var method = command.method().name();
            if (found.isFailed()) send(waiting.from(), method, new NotServing("the key could not be looked up"));
            else if (found.outcome() == null) decide(waiting.from(), command);
            else answer(waiting.from(), method, pipeline.recall(command, found.outcome()));
        }
    }

    private void onUnreadable(UnreadableCommand command) {
        send(getSender(), command.method(), Rejection.of(Rejection.Code.UNIMPLEMENTED, command.reason()));
    }

    private void pay(AnswerQueue.Owed owed) {
        send(owed.to(), owed.method(), owed.outcome());
        if (owed.snapshot() != null) {
            snapshotRevision = owed.snapshot().getRevision();
            saveSnapshot(owed.snapshot());
        }
        lookUps.onPaid(answers.lastPaid(), this::find);
        if (isStopping && answers.isEmpty()) getContext().stop(getSelf());
    }

    private void send(ActorRef to, String method, CommandOutcome outcome) {
        to.tell(new EntityReply(type, id, method, outcome), getSelf());
    }

    // Failure and leaving

    /** Pekko stops the actor after this. */
    @Override
    public void onPersistFailure(Throwable cause, Object event, long revision) {
        node.onUnstored();
        log.warn("{} stops, revision {} was not stored: {}", persistenceId, revision, cause.toString());
        answers.abandon(owed -> send(owed.to(), owed.method(), unstored(cause)));
    }

    /** A rejected write leaves memory ahead of the store as well. */
    @Override
    public void onPersistRejected(Throwable cause, Object event, long revision) {
        onPersistFailure(cause, event, revision);
        getContext().stop(getSelf());
    }

    private static CommandOutcome unstored(Throwable cause) {
        if (cause instanceof NotServing notServing) return notServing;
        if (cause instanceof CircuitBreakerOpenException) return new NotServing("the store is failing", cause);
        return new OutcomeUnknown("the store did not say whether the command is stored", cause);
    }

    private void onSnapshotFailure(SaveSnapshotFailure failure) {
        log.warn(
                "{}: no snapshot at {}: {}",
                persistenceId,
                failure.metadata().sequenceNr(),
                failure.cause().toString());
    }

    private void leaveQuarantine() {
        getContext().getParent().tell(new ShardRegion.Passivate(EntityStop.STOP), getSelf());
    }

    private void refuseLookUps() {
        var moving = new NotServing("the entity is moving");
        lookUps.abandon(
                waiting -> send(waiting.from(), waiting.command().method().name(), moving));
    }

    private void onStop() {
        isStopping = true;
        refuseLookUps();
        if (answers.isEmpty()) getContext().stop(getSelf());
    }
}
