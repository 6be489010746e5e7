package dev.parvi.sharding;

import com.google.protobuf.Message;
import dev.parvi.entity.CommandOutcome;
import dev.parvi.entity.CommandPipeline;
import dev.parvi.entity.CommandPipeline.Decision;
import dev.parvi.entity.Entity;
import dev.parvi.entity.EntityCommand;
import dev.parvi.entity.EntityType;
import dev.parvi.entity.NotServing;
import dev.parvi.entity.OutcomeUnknown;
import dev.parvi.entity.Rejection;
import dev.parvi.protobuf.EventRecord;
import dev.parvi.protobuf.SnapshotRecord;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.ReceiveTimeout;
import org.apache.pekko.cluster.sharding.ShardRegion;
import org.apache.pekko.japi.Procedure;
import org.apache.pekko.persistence.AbstractPersistentActor;
import org.apache.pekko.persistence.DeleteMessagesFailure;
import org.apache.pekko.persistence.DeleteMessagesSuccess;
import org.apache.pekko.persistence.DeleteSnapshotsFailure;
import org.apache.pekko.persistence.DeleteSnapshotsSuccess;
import org.apache.pekko.persistence.Recovery;
import org.apache.pekko.persistence.RecoveryCompleted;
import org.apache.pekko.persistence.SaveSnapshotFailure;
import org.apache.pekko.persistence.SaveSnapshotSuccess;
import org.apache.pekko.persistence.SnapshotOffer;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;

/**
 * Owns one entity: rebuilds it, decides its commands, stores their events and answers in order. Any write that fails ends the
 * actor, because its memory is ahead of the store; the next command finds a new one, rebuilt. Once a tombstone is stored, or read, it
 * removes all that lies before it.
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
    private final Watchers watchers = new Watchers();
    private final Removal removal = new Removal();
    private final Procedure<EventRecord> onEventStored = event -> onEventStored();
    private @Nullable String quarantined;
    private @Nullable RuntimeException unreadable;
    private boolean isStopping;
    private long snapshotRevision;
    private long storedRevision;

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
        removal.abandon(this::tellUnremoved);
        refuseLookUps();
        watchers.abandon(this::tellHead);
    }

    // Recovery

    @Override
    public Recovery recovery() {
        return quarantined == null ? Recovery.create() : Recovery.none();
    }

    @Override
    public Receive createReceiveRecover() {
        return receiveBuilder()
                .match(EventRecord.class, this::onEventRead)
                .match(SnapshotOffer.class, offer -> rebuild(() -> pipeline.restore((SnapshotRecord) offer.snapshot())))
                .match(RecoveryCompleted.class, done -> onRecovered())
                .build();
    }

    /** Before a tombstone nothing need be there, and nothing need be readable. */
    private void onEventRead(EventRecord event) {
        if (CommandPipeline.isTombstone(event)) unreadable = null;
        rebuild(() -> pipeline.replay(event, lastSequenceNr()));
    }

    private void rebuild(Runnable step) {
        if (unreadable != null) return;
        try {
            step.run();
        } catch (CommandPipeline.Unreplayable | ClassCastException cause) {
            unreadable = cause;
        }
    }

    private void onRecovered() {
        storedRevision = pipeline.revision();
        if (unreadable != null) quarantine(String.valueOf(unreadable.getMessage()), unreadable);
        if (quarantined == null) node.onRecovered();
        else getContext().setReceiveTimeout(node.settings().quarantineRetry());
        if (quarantined == null && pipeline.isDeleted()) remove();
    }

    /** Pekko stops the actor after this. What the store may do better next time is retried; what is stored wrongly is not. */
    @Override
    public void onRecoveryFailure(Throwable cause, Option<Object> event) {
        if (StoreFailures.isTransient(cause))
            log.warn("{} could not be read from the store: {}", persistenceId, cause.toString());
        else quarantine(String.valueOf(cause.getMessage()), cause);
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
                .match(HeadWatch.class, this::onWatch)
                .match(LookUps.Found.class, this::onFound)
                .match(EntityStop.class, stop -> onStop())
                .match(SaveSnapshotSuccess.class, saved -> onSnapshotEnded())
                .match(SaveSnapshotFailure.class, this::onSnapshotFailure)
                .match(DeleteMessagesSuccess.class, removed -> onEventsRemoved())
                .match(DeleteMessagesFailure.class, failure -> onUnremoved(failure.cause()))
                .match(DeleteSnapshotsSuccess.class, removed -> removal.onDone(this::tellRemoved))
                .match(DeleteSnapshotsFailure.class, failure -> onUnremoved(failure.cause()))
                .match(Removal.Retry.class, retry -> remove())
                .match(ReceiveTimeout.class, timeout -> leaveQuarantine())
                .build();
    }

    private void onCommand(EntityCommand command) {
        var method = command.method().name();
        if (!command.id().equals(id) || !command.type().name().equals(type)) {
            log.error("{} was asked for {}/{}: routing is broken", persistenceId, command.type(), command.id());
            send(getSender(), method, new NotServing("the command reached another entity"));
        } else if (quarantined != null) {
            send(getSender(), method, Quarantine.TOLD);
        } else if (isStopping) {
            send(getSender(), method, new NotServing("the entity is moving"));
        } else if (lookUps.has(command.idempotencyKey()) || pipeline.mayHaveForgotten(command)) {
            lookUp(getSender(), command);
        } else {
            decide(getSender(), command);
        }
    }

    private void decide(ActorRef from, EntityCommand command) {
        try (var trace = LoggedTrace.of(command.trace())) {
            decideTraced(from, command);
        }
    }

    private void decideTraced(ActorRef from, EntityCommand command) {
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
        if (answers.isEmpty()) deliver(from, method, outcome);
        else answers.owe(from, method, outcome, 0, null);
    }

    private void store(ActorRef from, Decision.Append append, String method, long before) {
        var every = node.settings().snapshotEvery();
        var isDue = before / every != pipeline.revision() / every && !pipeline.isDeleted();
        var snapshot = isDue ? pipeline.snapshot() : null;
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
            else if (found.outcome() == null || pipeline.isDeleted()) decide(waiting.from(), command);
            else answer(waiting.from(), method, pipeline.recall(command, found.outcome()));
        }
    }

    private void onEventStored() {
        storedRevision++;
        if (pipeline.isDeleted() && storedRevision == pipeline.revision()) remove();
        answers.onEventStored(this::pay);
        watchers.onStored(storedRevision, this::tellHead);
    }

    private void onWatch(HeadWatch watch) {
        if (isStopping || watch.beyond() < storedRevision) tellHead(getSender());
        else watchers.add(getSender(), watch, System.currentTimeMillis());
    }

    private void tellHead(ActorRef to) {
        to.tell(new HeadReply(type, id, storedRevision), getSelf());
    }

    private void onUnreadable(UnreadableCommand command) {
        send(getSender(), command.method(), Rejection.of(Rejection.Code.UNIMPLEMENTED, command.reason()));
    }

    private void pay(AnswerQueue.Owed owed) {
        deliver(owed.to(), owed.method(), owed.outcome());
        if (owed.snapshot() != null) {
            removal.onSnapshotBegun();
            snapshotRevision = owed.snapshot().getRevision();
            saveSnapshot(owed.snapshot());
        }
        lookUps.onPaid(answers.lastPaid(), this::find);
        if (isStopping && answers.isEmpty()) getContext().stop(getSelf());
    }

    /** That an entity is deleted is told when nothing of it is left. */
    private void deliver(ActorRef to, String method, CommandOutcome outcome) {
        var isDeletion = method.equals(EntityType.DELETION) && outcome instanceof CommandOutcome.Completed;
        if (!isDeletion || removal.isDone()) send(to, method, outcome);
        else if (removal.await(to, method, outcome)) remove();
        else tellUnremoved(new Removal.Waiting(to, method, outcome));
    }

    private void send(ActorRef to, String method, CommandOutcome outcome) {
        to.tell(new EntityReply(type, id, method, outcome), getSelf());
    }

    // What a tombstone leaves to be removed

    private void remove() {
        if (removal.begins()) deleteMessages(storedRevision - 1);
    }

    private void onEventsRemoved() {
        removal.onEventsRemoved();
        removeSnapshots();
    }

    private void onSnapshotEnded() {
        removal.onSnapshotEnded();
        removeSnapshots();
    }

    private void removeSnapshots() {
        if (removal.reachesSnapshots()) deleteSnapshots(SnapshotSelectionCriteria.latest());
    }

    private void onUnremoved(Throwable cause) {
        log.warn("{} is deleted, but not everything before is removed: {}", persistenceId, cause.toString());
        removal.onFailed(this::tellUnremoved);
        var system = getContext().getSystem();
        system.scheduler()
                .scheduleOnce(
                        node.settings().quarantineRetry(),
                        getSelf(),
                        Removal.Retry.NOW,
                        system.dispatcher(),
                        getSelf());
    }

    private void tellRemoved(Removal.Waiting waiting) {
        send(waiting.to(), waiting.method(), waiting.outcome());
    }

    private void tellUnremoved(Removal.Waiting waiting) {
        send(
                waiting.to(),
                waiting.method(),
                new OutcomeUnknown("the entity is deleted, but something of it may be left"));
    }

    // Failure and leaving

    /** Pekko stops the actor after this. */
    @Override
    public void onPersistFailure(Throwable cause, Object event, long revision) {
        node.onUnstored();
        log.warn("{} stops, revision {} was not stored: {}", persistenceId, revision, cause.toString());
        answers.abandon(owed -> send(owed.to(), owed.method(), StoreFailures.toOutcome(cause)));
    }

    /** A rejected write leaves memory ahead of the store as well. */
    @Override
    public void onPersistRejected(Throwable cause, Object event, long revision) {
        onPersistFailure(cause, event, revision);
        getContext().stop(getSelf());
    }

    private void onSnapshotFailure(SaveSnapshotFailure failure) {
        log.warn(
                "{}: no snapshot at {}: {}",
                persistenceId,
                failure.metadata().sequenceNr(),
                failure.cause().toString());
        onSnapshotEnded();
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
