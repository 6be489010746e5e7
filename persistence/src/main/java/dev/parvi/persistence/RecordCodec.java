package dev.parvi.persistence;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import dev.parvi.entity.EntityCommand;
import dev.parvi.persistence.EventStore.Record;
import dev.parvi.persistence.EventStore.Snapshot;
import dev.parvi.persistence.EventStore.StoredEvent;
import dev.parvi.protobuf.EventRecord;
import dev.parvi.protobuf.ForeignRecord;
import dev.parvi.protobuf.JournalRecord;
import dev.parvi.protobuf.OutcomeRecord;
import dev.parvi.protobuf.SnapshotEnvelope;
import dev.parvi.protobuf.SnapshotRecord;
import java.time.Instant;
import java.util.Optional;
import org.apache.pekko.actor.Actor;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializers;

/** Between what Pekko Persistence holds and the bytes of a row. Parvi's own records go in as they are, others as Pekko serializes. */
final class RecordCodec {
    private final Serialization serialization;

    RecordCodec(ExtendedActorSystem system) {
        this.serialization = SerializationExtension.get(system);
    }

    /** With the idempotency key whose outcome rides on the event, if a caller chose one. */
    Record encode(PersistentRepr event) {
        var key = "";
        var record = JournalRecord.newBuilder().setManifest(event.manifest()).setTimestamp(event.timestamp());
        if (event.payload() instanceof EventRecord own) {
            record.setEvent(own);
            key = keyOf(own);
        } else {
            record.setForeign(encodeForeign(event.payload()));
        }
        if (event.metadata().isDefined())
            record.setMetadata(encodeForeign(event.metadata().get()));
        return new Record(record.build().toByteString(), key);
    }

    /** The key by which the event is found; empty if there is none, such as in the emptied record of a deleted event. */
    static String keyOf(StoredEvent stored) {
        return keyOf(parse(stored).getEvent());
    }

    /** Only their maker retries with keys that were made; he looks at the latest events. */
    private static String keyOf(EventRecord event) {
        var sent = event.getOutcome().getIdempotencyKey();
        return sent.startsWith(EntityCommand.MADE_KEY_PREFIX) ? "" : sent;
    }

    PersistentRepr decode(StoredEvent stored) {
        var record = parse(stored);
        var payload = record.hasEvent() ? record.getEvent() : decodeForeign(record.getForeign());
        var event = PersistentRepr.apply(
                        payload,
                        stored.revision(),
                        stored.entity(),
                        record.getManifest(),
                        false,
                        Actor.noSender(),
                        stored.writer())
                .withTimestamp(record.getTimestamp());
        return record.hasMetadata() ? event.withMetadata(decodeForeign(record.getMetadata())) : event;
    }

    /** The outcome of this key, if the event carries it. */
    static Optional<OutcomeRecord> outcome(StoredEvent stored, String key) {
        var outcome = parse(stored).getEvent().getOutcome();
        return outcome.getIdempotencyKey().equals(key) ? Optional.of(outcome) : Optional.empty();
    }

    Snapshot encode(SnapshotMetadata metadata, Object snapshot) {
        var envelope = SnapshotEnvelope.newBuilder();
        if (snapshot instanceof SnapshotRecord own) envelope.setSnapshot(own);
        else envelope.setForeign(encodeForeign(snapshot));
        if (metadata.metadata().isDefined())
            envelope.setMetadata(encodeForeign(metadata.metadata().get()));
        return new Snapshot(
                metadata.persistenceId(),
                metadata.sequenceNr(),
                "",
                Instant.ofEpochMilli(metadata.timestamp()),
                envelope.build().toByteString());
    }

    SelectedSnapshot decode(Snapshot stored) {
        SnapshotEnvelope envelope;
        try {
            envelope = SnapshotEnvelope.parseFrom(stored.record());
        } catch (InvalidProtocolBufferException damaged) {
            throw new IllegalStateException(
                    "the snapshot of " + stored.entity() + " at revision " + stored.revision() + " is not readable",
                    damaged);
        }
        var metadata = new SnapshotMetadata(
                stored.entity(), stored.revision(), stored.time().toEpochMilli());
        if (envelope.hasMetadata()) metadata = metadata.withMetadata(decodeForeign(envelope.getMetadata()));
        return new SelectedSnapshot(
                metadata, envelope.hasSnapshot() ? envelope.getSnapshot() : decodeForeign(envelope.getForeign()));
    }

    private ForeignRecord encodeForeign(Object payload) {
        var serializer = serialization.findSerializerFor(payload);
        return ForeignRecord.newBuilder()
                .setSerializerId(serializer.identifier())
                .setManifest(Serializers.manifestFor(serializer, payload))
                .setPayload(UnsafeByteOperations.unsafeWrap(
                        serialization.serialize(payload).get()))
                .build();
    }

    private Object decodeForeign(ForeignRecord record) {
        return serialization
                .deserialize(record.getPayload().toByteArray(), record.getSerializerId(), record.getManifest())
                .get();
    }

    private static JournalRecord parse(StoredEvent stored) {
        try {
            return JournalRecord.parseFrom(stored.record());
        } catch (InvalidProtocolBufferException damaged) {
            throw new IllegalStateException(
                    "the record of " + stored.entity() + " at revision " + stored.revision() + " is not readable",
                    damaged);
        }
    }
}
