package dev.parvi.persistence.pekkojournal;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import dev.parvi.entity.NotServing;
import dev.parvi.entity.OutcomeUnknown;
import dev.parvi.persistence.DamagedRecord;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.EventStore.Append;
import dev.parvi.persistence.EventStore.Record;
import dev.parvi.persistence.EventStore.StoredEvent;
import dev.parvi.persistence.UnusableStore;
import dev.parvi.protobuf.EventRecord;
import dev.parvi.protobuf.JournalRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes the history of one entity, a batch of events at a time. The writer's name follows from the persistence id, and the same event
 * always becomes the same bytes: so an append that is repeated, in this run or the next, is known for what it is.
 */
final class EntityImport {
    private static final int BATCH_EVENTS = 100;
    private static final long BATCH_BYTES = 256 << 10;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final EventStore store;
    private final String persistenceId;
    private final JournalMapping.Target target;
    private final String entity;
    private final String writer;
    private final JournalMapping mapping;
    private final List<Record> batch = new ArrayList<>();
    private long batchBytes;
    /** The head that the store had when this began; events up to it are not written again. */
    private long found;

    private ByteString lastFound = ByteString.EMPTY;
    private long read;
    private long stored;

    /** The entity is not taken over, or no further; the message says why, and names it. */
    static final class Refused extends RuntimeException {
        Refused(String sentence) {
            super(sentence, null, false, false);
        }
    }

    EntityImport(EventStore store, String persistenceId, JournalMapping.Target target, JournalMapping mapping) {
        this.store = store;
        this.persistenceId = persistenceId;
        this.target = target;
        this.entity = target.persistenceId();
        this.writer = "import:" + persistenceId;
        this.mapping = mapping;
    }

    /** Looks how far an earlier import came. */
    void begin() {
        found = answer(() -> store.head(entity));
        if (found == 0) return;
        var last = new ArrayList<StoredEvent>(1);
        try {
            answer(() -> store.replay(entity, found, found, 1, last::add));
        } catch (UnusableStore unreadable) {
            if (!(unreadable.getCause() instanceof DamagedRecord)) throw unreadable;
            throw new Refused(entity + " is in the store up to revision " + found + ", and that event cannot be read: "
                    + unreadable.getMessage());
        }
        if (last.isEmpty() || !last.get(0).writer().equals(writer))
            throw new Refused(entity + " is in the store up to revision " + found + ", and not by an import of "
                    + persistenceId + ": it was left as it is");
        lastFound = last.get(0).record();
    }

    void onEvent(JournalEvent event) {
        read++;
        if (read < found) return;
        var record = record(event);
        if (read == found) requireSame(record, event);
        else add(record);
    }

    /** Stores what is left. */
    void end() {
        flush();
        if (read < found)
            throw new Refused(entity + " is in the store up to revision " + found + ", but the journal's "
                    + persistenceId + " replays " + read + " events only: it has changed since they were imported");
    }

    /** Events that an earlier import had stored. */
    long found() {
        return Math.min(found, read);
    }

    /** Events that this one stored. */
    long stored() {
        return stored;
    }

    private void requireSame(ByteString record, JournalEvent event) {
        if (record.equals(lastFound)) return;
        throw new Refused(entity + " holds another event at revision " + found + " than number " + event.sequenceNr()
                + " of the journal's " + persistenceId
                + ": the journal or the mapping has changed since it was imported");
    }

    private void add(ByteString record) {
        batch.add(new Record(record, ""));
        batchBytes += record.size();
        if (batch.size() >= BATCH_EVENTS || batchBytes >= BATCH_BYTES) flush();
    }

    private void flush() {
        if (batch.isEmpty()) return;
        var head = found + stored;
        var append = new Append(entity, head, writer, batch);
        var isStored = answer(() -> store.append(append)).fold(done -> true, fenced -> false);
        if (!isStored)
            throw new Refused(
                    "somebody else has written " + entity + " beyond revision " + head + " during the import");
        stored += batch.size();
        batch.clear();
        batchBytes = 0;
    }

    /** As an entity of Parvi stores its events, without a command that could have an outcome. */
    private ByteString record(JournalEvent event) {
        if (event.payload().isEmpty() && event.serializerId() == 0)
            throw new Refused("number " + event.sequenceNr() + " of the journal's " + persistenceId
                    + " has no payload: it was written by a release before 0.60");
        ByteString payload;
        String type;
        try {
            var message = mapping.event(target, event);
            payload = sameBytes(message);
            type = message.getDescriptorForType().getFullName();
        } catch (RuntimeException thrown) {
            flush();
            throw new Refused("the mapping failed at number " + event.sequenceNr() + " of the journal's "
                    + persistenceId + ", and " + entity + " ends at revision " + (found + stored) + ": " + thrown);
        }
        var millis = event.time().toEpochMilli();
        var own = EventRecord.newBuilder().setType(type).setPayload(payload).setTimeMillis(millis);
        return JournalRecord.newBuilder()
                .setEvent(own)
                .setTimestamp(millis)
                .build()
                .toByteString();
    }

    /** Maps are written in the order of their keys, or a repetition would not be one. */
    private static ByteString sameBytes(MessageLite message) {
        var bytes = new byte[message.getSerializedSize()];
        var out = CodedOutputStream.newInstance(bytes);
        out.useDeterministicSerialization();
        try {
            message.writeTo(out);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return ByteString.copyFrom(bytes);
    }

    /** Asks again while the store is not serving or does not know: the same append twice is one append. */
    private <T extends @Nullable Object> T answer(Supplier<CompletableFuture<T>> request) {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return request.get().join();
            } catch (CompletionException failure) {
                var cause = failure.getCause() == null ? failure : failure.getCause();
                var isPassing = cause instanceof NotServing || cause instanceof OutcomeUnknown;
                if (!isPassing) throw new UnusableStore(String.valueOf(cause.getMessage()), cause);
                if (System.nanoTime() > deadline)
                    throw new UnusableStore(
                            "the store does not take " + entity + " for " + PATIENCE.toSeconds() + " s: "
                                    + cause.getMessage(),
                            cause);
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new UnusableStore("the import was interrupted", interrupted);
        }
    }
}
