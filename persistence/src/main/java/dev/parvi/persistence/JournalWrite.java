package dev.parvi.persistence;

import com.google.protobuf.ByteString;
import dev.parvi.entity.NotServing;
import dev.parvi.persistence.EventStore.Append;
import dev.parvi.persistence.EventStore.AppendResult;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.JournalProtocol;
import org.apache.pekko.persistence.NonPersistentRepr;
import org.apache.pekko.persistence.PersistentEnvelope;
import org.apache.pekko.persistence.PersistentRepr;
import org.jspecify.annotations.Nullable;

/** One write request of one persistent actor: becomes one append, and is answered message by message as Pekko's protocol wants. */
final class JournalWrite {
    private final JournalProtocol.WriteMessages request;
    private final ActorRef journal;
    private final List<ByteString> records = new ArrayList<>(2);
    private @Nullable PersistentRepr first;

    JournalWrite(JournalProtocol.WriteMessages request, ActorRef journal) {
        this.request = request;
        this.journal = journal;
    }

    /** False if the request has nothing to store. */
    boolean encode(Function<PersistentRepr, ByteString> codec) {
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
