package dev.parvi.sharding;

import dev.parvi.protobuf.EventRecord;
import dev.parvi.protobuf.OutcomeRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.dispatch.Futures;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.journal.japi.AsyncWriteJournal;
import org.jspecify.annotations.Nullable;
import scala.collection.JavaConverters;
import scala.concurrent.Future;
import scala.concurrent.Promise;

/** A journal in memory whose writes a test holds back, lets go or fails. One test uses it at a time. */
public final class HeldJournal extends AsyncWriteJournal {
    private static volatile Control control = new Control();

    static Control reset() {
        var fresh = new Control();
        control = fresh;
        return fresh;
    }

    @Override
    public Future<Iterable<Optional<Exception>>> doAsyncWriteMessages(Iterable<AtomicWrite> messages) {
        return control.write(messages);
    }

    @Override
    public Future<Void> doAsyncDeleteMessagesTo(String persistenceId, long toSequenceNr) {
        return control.delete(toSequenceNr);
    }

    @Override
    public Future<Void> doAsyncReplayMessages(
            String persistenceId, long from, long to, long max, Consumer<PersistentRepr> replay) {
        return control.replay(from, to, replay);
    }

    @Override
    public Future<Long> doAsyncReadHighestSequenceNr(String persistenceId, long from) {
        return Futures.successful(control.head());
    }

    /** What the test sees and decides. Holds the events of one entity. */
    static final class Control {
        private final List<PersistentRepr> stored = new ArrayList<>();
        private final List<Write> held = new ArrayList<>();
        private boolean isHolding;
        private @Nullable Exception replayFailure;
        private @Nullable Exception deletionFailure;
        private @Nullable Promise<Void> heldDeletion;

        synchronized List<PersistentRepr> stored() {
            return List.copyOf(stored);
        }

        synchronized long head() {
            return stored.isEmpty() ? 0 : stored.get(stored.size() - 1).sequenceNr();
        }

        /** The next deletion is not answered until it is let go. */
        synchronized void holdDeletion() {
            heldDeletion = Futures.promise();
        }

        void letDeletionGo() {
            var held = heldDeletion;
            if (held != null) held.success(null);
        }

        synchronized void failDeletions(@Nullable Exception failure) {
            deletionFailure = failure;
        }

        private synchronized Future<Void> delete(long to) {
            if (deletionFailure != null) return Futures.failed(deletionFailure);
            stored.removeIf(event -> event.sequenceNr() <= to);
            return heldDeletion == null ? Futures.successful(null) : heldDeletion.future();
        }

        /** The outcome stored with this key, as the real store would find it. */
        synchronized Optional<OutcomeRecord> outcome(String key) {
            return stored.stream()
                    .map(event -> ((EventRecord) event.payload()).getOutcome())
                    .filter(outcome -> outcome.getIdempotencyKey().equals(key))
                    .findFirst();
        }

        synchronized void hold() {
            isHolding = true;
        }

        /** How many events each write that waits now wants to store. */
        synchronized List<Integer> held() {
            return held.stream().map(write -> write.events().size()).toList();
        }

        synchronized void store(Object payload) {
            stored.add(PersistentRepr.apply(payload, head() + 1, "", "", false, null, "test"));
        }

        synchronized void failReplay(Exception failure) {
            replayFailure = failure;
        }

        void letGo() {
            take().forEach(write -> write.promise().success(write.results()));
        }

        void fail(Exception cause) {
            take().forEach(write -> write.promise().failure(cause));
        }

        /** As a store whose fence another owner holds: nothing of it is stored. */
        synchronized void refuse(Exception cause) {
            held.forEach(write -> write.promise().failure(cause));
            held.clear();
        }

        synchronized void deleteTo(long revision) {
            stored.removeIf(event -> event.sequenceNr() <= revision);
        }

        private synchronized List<Write> take() {
            var taken = List.copyOf(held);
            held.clear();
            taken.forEach(write -> stored.addAll(write.events()));
            return taken;
        }

        private synchronized Future<Iterable<Optional<Exception>>> write(Iterable<AtomicWrite> messages) {
            var write = Write.of(messages);
            if (isHolding) {
                held.add(write);
                return write.promise().future();
            }
            stored.addAll(write.events());
            return Futures.successful(write.results());
        }

        private synchronized Future<Void> replay(long from, long to, Consumer<PersistentRepr> replay) {
            if (replayFailure != null) return Futures.failed(replayFailure);
            stored.stream()
                    .filter(event -> event.sequenceNr() >= from && event.sequenceNr() <= to)
                    .forEach(replay);
            return Futures.successful(null);
        }
    }

    private record Write(
            List<PersistentRepr> events,
            List<Optional<Exception>> results,
            Promise<Iterable<Optional<Exception>>> promise) {
        static Write of(Iterable<AtomicWrite> messages) {
            var events = new ArrayList<PersistentRepr>();
            var results = new ArrayList<Optional<Exception>>();
            for (var message : messages) {
                events.addAll(JavaConverters.seqAsJavaList(message.payload()));
                results.add(Optional.empty());
            }
            return new Write(events, results, Futures.promise());
        }
    }
}
