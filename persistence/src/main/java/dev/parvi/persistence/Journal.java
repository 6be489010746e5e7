package dev.parvi.persistence;

import dev.parvi.entity.NotServing;
import dev.parvi.persistence.EventStore.Append;
import dev.parvi.persistence.EventStore.AppendResult;
import dev.parvi.persistence.EventStore.Record;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.JournalProtocol;
import org.apache.pekko.persistence.NonPersistentRepr;
import org.apache.pekko.persistence.PersistentEnvelope;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.journal.japi.AsyncWriteJournal;
import org.jspecify.annotations.Nullable;
import scala.PartialFunction;
import scala.concurrent.Future;
import scala.runtime.BoxedUnit;

/**
 * Pekko's journal over the {@link EventStore}: plugin id {@code parvi.journal}.
 *
 * <p>Writes do not take the way of the base class, which sends each through a circuit breaker and four hops over a dispatcher. One
 * request becomes one append, and the store's thread answers the persistent actor itself. A breaker would do harm besides: lost
 * fences are failures to it, and ten of them would stop every entity of the node. The store's own queue is the protection.
 */
final class Journal extends AsyncWriteJournal {
    private final EventStore store;
    private final RecordCodec codec;
    private final ConcurrentHashMap<String, CompletableFuture<?>> unanswered = new ConcurrentHashMap<>();

    Journal() {
        var system = (ExtendedActorSystem) context().system();
        this.store = EventStoreExtension.of(system).store();
        this.codec = new RecordCodec(system);
    }

    @Override
    public void aroundReceive(PartialFunction<Object, BoxedUnit> receive, Object message) {
        if (message instanceof JournalProtocol.WriteMessages request) write(request);
        else super.aroundReceive(receive, message);
    }

    @Override
    public Future<Iterable<Optional<Exception>>> doAsyncWriteMessages(Iterable<AtomicWrite> messages) {
        throw new UnsupportedOperationException("writes are taken before they reach the base class");
    }

    @Override
    public Future<Void> doAsyncDeleteMessagesTo(String entity, long revision) {
        return ScalaFutures.of(store.deleteTo(entity, revision));
    }

    @Override
    public Future<Void> doAsyncReplayMessages(
            String entity, long from, long to, long max, Consumer<PersistentRepr> onEvent) {
        return ScalaFutures.of(store.replay(entity, from, to, max, stored -> onEvent.accept(codec.decode(stored))));
    }

    /** An actor that restarts asks while a write of its former self is on its way: it must see that write. */
    @Override
    public Future<Long> doAsyncReadHighestSequenceNr(String entity, long from) {
        var write = unanswered.get(entity);
        if (write == null) return ScalaFutures.of(store.head(entity));
        return ScalaFutures.of(write.handle((done, failure) -> entity).thenCompose(store::head));
    }

    private void write(JournalProtocol.WriteMessages request) {
        var write = new Write(request, self());
        try {
            if (write.encode(event -> codec.encode(adaptToJournal(event)))) store(write);
            else write.onStored();
        } catch (RuntimeException unreadable) {
            write.onFailed(unreadable);
        }
    }

    private void store(Write write) {
        var entity = write.entity();
        var future = store.append(write.toAppend());
        unanswered.put(entity, future);
        var unused = future.whenComplete((result, failure) -> {
            unanswered.remove(entity, future);
            if (failure != null) write.onFailed(ScalaFutures.unwrap(failure));
            else write.onAnswered(result);
        });
    }

    /** One write request of one persistent actor: becomes one append, and is answered message by message as Pekko's protocol wants. */
    private static final class Write {
        private final JournalProtocol.WriteMessages request;
        private final ActorRef journal;
        private final List<Record> records = new ArrayList<>(2);
        private @Nullable PersistentRepr first;

        Write(JournalProtocol.WriteMessages request, ActorRef journal) {
            this.request = request;
            this.journal = journal;
        }

        /** False if the request has nothing to store. */
        boolean encode(Function<PersistentRepr, Record> codec) {
            forEachMessage(
                    write -> forEachEvent(write, event -> {
                        if (first == null) first = event;
                        else requireNext(first, event);
                        records.add(codec.apply(event));
                    }),
                    loop -> {});
            return first != null;
        }

        String entity() {
            return firstEvent().persistenceId();
        }

        Append toAppend() {
            var event = firstEvent();
            return new Append(event.persistenceId(), event.sequenceNr() - 1, event.writerUuid(), records);
        }

        void onAnswered(AppendResult result) {
            result.fold(
                    appended -> {
                        onStored();
                        return appended;
                    },
                    fenced -> {
                        onFailed(new NotServing("fence lost: " + entity() + " expected revision "
                                + toAppend().expectedRevision() + " and found " + fenced.headRevision()));
                        return fenced;
                    });
        }

        void onStored() {
            answer(
                    JournalProtocol.WriteMessagesSuccessful$.MODULE$,
                    event -> new JournalProtocol.WriteMessageSuccess(event, request.actorInstanceId()));
        }

        void onFailed(Throwable cause) {
            var writes = new int[1];
            forEachMessage(write -> writes[0]++, loop -> {});
            answer(
                    new JournalProtocol.WriteMessagesFailed(cause, writes[0]),
                    event -> new JournalProtocol.WriteMessageFailure(event, cause, request.actorInstanceId()));
        }

        private void answer(Object whole, Function<PersistentRepr, Object> each) {
            var actor = request.persistentActor();
            actor.tell(whole, journal);
            forEachMessage(
                    write -> forEachEvent(write, event -> actor.tell(each.apply(event), event.sender())),
                    loop -> actor.tell(
                            new JournalProtocol.LoopMessageSuccess(loop.payload(), request.actorInstanceId()),
                            loop.sender()));
        }

        private void forEachMessage(Consumer<AtomicWrite> onWrite, Consumer<NonPersistentRepr> onLoop) {
            for (var messages = request.messages().iterator(); messages.hasNext(); ) {
                PersistentEnvelope message = messages.next();
                if (message instanceof AtomicWrite write) onWrite.accept(write);
                else onLoop.accept((NonPersistentRepr) message);
            }
        }

        private static void forEachEvent(AtomicWrite write, Consumer<PersistentRepr> onEvent) {
            for (var events = write.payload().iterator(); events.hasNext(); ) onEvent.accept(events.next());
        }

        /** One append is of one entity and without a gap; so is what one persistent actor sends. */
        private void requireNext(PersistentRepr start, PersistentRepr event) {
            if (!event.persistenceId().equals(start.persistenceId())
                    || event.sequenceNr() != start.sequenceNr() + records.size())
                throw new IllegalArgumentException("event " + event.persistenceId() + " " + event.sequenceNr()
                        + " does not follow " + start.persistenceId() + " "
                        + (start.sequenceNr() + records.size() - 1));
        }

        private PersistentRepr firstEvent() {
            if (first == null) throw new IllegalStateException("a request without events");
            return first;
        }
    }
}
