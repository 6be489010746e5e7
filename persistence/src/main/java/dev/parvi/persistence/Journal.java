package dev.parvi.persistence;

import dev.parvi.entity.NotServing;
import dev.parvi.persistence.EventStore.Append;
import dev.parvi.persistence.EventStore.AppendLimits;
import dev.parvi.persistence.EventStore.AppendResult;
import dev.parvi.persistence.EventStore.Record;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
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
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;

/**
 * Pekko's journal over the {@link EventStore}: plugin id {@code parvi.journal}.
 *
 * <p>Writes do not take the way of the base class, which sends each through a circuit breaker and four hops over a dispatcher. One
 * request becomes one append or a few, and the store's thread answers the persistent actor itself. A breaker would do harm besides: lost
 * fences are failures to it, and ten of them would stop every entity of the node. The store's own queue is the protection.
 */
class Journal extends AsyncWriteJournal {
    private final EventStore store;
    private final AppendLimits limits;
    private final RecordCodec codec;
    private final ConcurrentHashMap<String, CompletableFuture<?>> unanswered = new ConcurrentHashMap<>();

    Journal() {
        this(UnaryOperator.identity());
    }

    /** Over a store that may do something else than it is told, for tests. */
    Journal(UnaryOperator<EventStore> faults) {
        var system = (ExtendedActorSystem) context().system();
        var extension = EventStoreExtension.of(system);
        this.store = faults.apply(extension.store());
        this.limits = limits(store, extension.settings());
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

    /** What is heavier than the whole queue may be is never let in. */
    private static AppendLimits limits(EventStore store, PersistenceSettings settings) {
        var limits = store.appendLimits();
        return new AppendLimits(Math.min(limits.bytesMax(), settings.queueBytesMax()), limits.recordsMax());
    }

    private void write(JournalProtocol.WriteMessages request) {
        var write = new Write(request, self());
        try {
            write.encode(event -> codec.encode(adaptToJournal(event)), limits);
        } catch (Exception unserializable) {
            // Checked ones too: Scala throws them without saying so.
            write.onFailed(unserializable);
            return;
        }
        if (write.next().isEmpty()) write.onStored();
        else store(write, new CompletableFuture<>());
    }

    /**
     * One part after the other: they are revisions of one entity.
     *
     * @param end of the last part, for an actor that restarts meanwhile
     */
    private void store(Write write, CompletableFuture<Void> end) {
        var part = write.next();
        unanswered.put(part.entity(), end);
        var unused = append(part).whenComplete((result, failure) -> {
            var reason = failure == null ? part.lostFence(result) : Optional.of(ScalaFutures.unwrap(failure));
            var isOver = reason.isPresent() || write.isAtLast();
            if (isOver) {
                unanswered.remove(part.entity(), end);
                end.complete(null);
            }
            reason.ifPresentOrElse(write::onFailed, write::onStored);
            if (!isOver) store(write, end);
        });
    }

    private CompletableFuture<AppendResult> append(Part part) {
        try {
            return store.append(part.toAppend());
        } catch (RuntimeException failure) {
            return CompletableFuture.failedFuture(failure);
        }
    }

    /**
     * One write request of one persistent actor, answered message by message as Pekko's protocol wants. Mostly it becomes one append.
     * What gathered behind a stalled write may be more than one append may hold, and is cut between two atomic writes then: what one
     * {@code persistAll} stores stays together.
     *
     * <p>A part is answered when it is stored, and the first that fails ends the request. So each caller is told what became of his
     * own events: that they are stored, or why not, in the store's words. Nobody is told that nothing was stored though it was, and
     * nobody is left in doubt over events of another part. Pekko stops the actor at the first failed event, and until then it sends
     * no other request.
     */
    private static final class Write {
        private final JournalProtocol.WriteMessages request;
        private final ActorRef journal;
        private final ArrayDeque<Part> parts = new ArrayDeque<>(1);

        Write(JournalProtocol.WriteMessages request, ActorRef journal) {
            this.request = request;
            this.journal = journal;
            var whole = new Part();
            for (var each = request.messages().iterator(); each.hasNext(); ) whole.messages.add(each.next());
            parts.add(whole);
        }

        /** Cuts the request into parts that fit; leaves it as it is, and throws, if an event cannot be stored. */
        void encode(Function<PersistentRepr, Record> codec, AppendLimits limits) {
            var cut = new ArrayDeque<Part>(1);
            cut.add(new Part());
            var encoding = new Encoding(codec);
            for (var message : next().messages) {
                var records = message instanceof AtomicWrite write ? encoding.encode(write) : List.<Record>of();
                if (!cut.getLast().hasRoomFor(records, limits)) cut.add(new Part());
                cut.getLast().add(message, records);
            }
            parts.clear();
            parts.addAll(cut);
        }

        /** The first of those that are not answered. */
        Part next() {
            return parts.getFirst();
        }

        boolean isAtLast() {
            return parts.size() == 1;
        }

        /** The next part is stored. */
        void onStored() {
            if (isAtLast()) tell(JournalProtocol.WriteMessagesSuccessful$.MODULE$);
            answer(
                    parts.removeFirst(),
                    event -> new JournalProtocol.WriteMessageSuccess(event, request.actorInstanceId()));
        }

        /** The next part is not stored, and none after it. */
        void onFailed(Throwable cause) {
            var writes = parts.stream().mapToInt(Part::writes).sum();
            tell(new JournalProtocol.WriteMessagesFailed(cause, writes));
            for (var part : parts)
                answer(part, event -> new JournalProtocol.WriteMessageFailure(event, cause, request.actorInstanceId()));
        }

        private void answer(Part part, Function<PersistentRepr, Object> each) {
            var actor = request.persistentActor();
            for (var message : part.messages) {
                if (message instanceof AtomicWrite write)
                    for (var event : events(write)) actor.tell(each.apply(event), event.sender());
                else answerLoop((NonPersistentRepr) message);
            }
        }

        private void answerLoop(NonPersistentRepr loop) {
            var answer = new JournalProtocol.LoopMessageSuccess(loop.payload(), request.actorInstanceId());
            request.persistentActor().tell(answer, loop.sender());
        }

        private void tell(Object whole) {
            request.persistentActor().tell(whole, journal);
        }
    }

    /** Messages of a request whose events go into one append. */
    private static final class Part {
        private final List<PersistentEnvelope> messages = new ArrayList<>(1);
        private final List<Record> records = new ArrayList<>(2);
        private @Nullable PersistentRepr first;
        private long sizeBytes;

        /** What is too much on its own is not divided: the store refuses it. */
        boolean hasRoomFor(List<Record> more, AppendLimits limits) {
            return isEmpty()
                    || sizeBytes + weight(more) <= limits.bytesMax()
                            && records.size() + more.size() <= limits.recordsMax();
        }

        void add(PersistentEnvelope message, List<Record> more) {
            messages.add(message);
            if (more.isEmpty()) return;
            records.addAll(more);
            if (first == null && message instanceof AtomicWrite write) {
                first = events(write).get(0);
                sizeBytes = toAppend().sizeBytes();
            } else {
                sizeBytes += weight(more);
            }
        }

        /** Whether there is nothing to store. */
        boolean isEmpty() {
            return records.isEmpty();
        }

        int writes() {
            return (int) messages.stream().filter(AtomicWrite.class::isInstance).count();
        }

        String entity() {
            return firstEvent().persistenceId();
        }

        Append toAppend() {
            var event = firstEvent();
            return new Append(event.persistenceId(), event.sequenceNr() - 1, event.writerUuid(), records);
        }

        /** Why it is not stored, if it is not. */
        Optional<Throwable> lostFence(AppendResult result) {
            return result.fold(
                    appended -> Optional.empty(),
                    fenced -> Optional.of(new NotServing("fence lost: " + entity() + " expected revision "
                            + toAppend().expectedRevision() + " and found " + fenced.headRevision())));
        }

        private PersistentRepr firstEvent() {
            if (first == null) throw new IllegalStateException("a part without events");
            return first;
        }

        private static long weight(List<Record> records) {
            return records.stream().mapToLong(Record::sizeBytes).sum();
        }
    }

    /** Turns events into records. They are of one entity and without a gap; so is what one persistent actor sends. */
    private static final class Encoding {
        private final Function<PersistentRepr, Record> codec;
        private @Nullable PersistentRepr before;

        Encoding(Function<PersistentRepr, Record> codec) {
            this.codec = codec;
        }

        List<Record> encode(AtomicWrite write) {
            var records = new ArrayList<Record>(2);
            for (var event : events(write)) {
                if (before != null) requireNext(before, event);
                before = event;
                records.add(codec.apply(event));
            }
            return records;
        }

        private static void requireNext(PersistentRepr before, PersistentRepr event) {
            if (!event.persistenceId().equals(before.persistenceId()) || event.sequenceNr() != before.sequenceNr() + 1)
                throw new IllegalArgumentException("event " + event.persistenceId() + " " + event.sequenceNr()
                        + " does not follow " + before.persistenceId() + " " + before.sequenceNr());
        }
    }

    private static List<PersistentRepr> events(AtomicWrite write) {
        return CollectionConverters.asJava(write.payload());
    }
}
