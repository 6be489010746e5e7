package dev.parvi.persistence;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.JournalProtocol;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.journal.japi.AsyncWriteJournal;
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
        var write = new JournalWrite(request, self());
        try {
            if (write.encode(event -> codec.encode(adaptToJournal(event)))) store(write);
            else write.onStored();
        } catch (RuntimeException unreadable) {
            write.onFailed(unreadable);
        }
    }

    private void store(JournalWrite write) {
        var entity = write.entity();
        var future = store.append(write.toAppend());
        unanswered.put(entity, future);
        var unused = future.whenComplete((result, failure) -> {
            unanswered.remove(entity, future);
            if (failure != null) write.onFailed(ScalaFutures.unwrap(failure));
            else write.onAnswered(result);
        });
    }
}
