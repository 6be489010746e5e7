package dev.parvi.persistence.pekkojournal;

import com.google.protobuf.ByteString;
import java.time.Instant;
import java.util.UUID;

/**
 * One row of the journal.
 *
 * @param timestamp the time-based UUID that the writer gave to the write
 * @param writer the incarnation of the persistent actor that wrote it
 * @param serializerId which of Pekko's serializers made the payload
 * @param manifest what that serializer needs besides, often a class name
 * @param adapterManifest what an event adapter needs; mostly empty
 * @param payload the event as it was serialized; empty where only its being there matters
 */
public record JournalEvent(
        String persistenceId,
        long sequenceNr,
        UUID timestamp,
        String writer,
        int serializerId,
        String manifest,
        String adapterManifest,
        ByteString payload) {
    private static final long TICKS_A_MILLISECOND = 10_000;
    /** Time-based UUIDs count from the first day of the Gregorian calendar. */
    private static final long TICKS_AT_EPOCH = 0x01B21DD213814000L;

    /** When the writer says that it wrote, to the millisecond. */
    public Instant time() {
        return Instant.ofEpochMilli(Math.floorDiv(timestamp.timestamp() - TICKS_AT_EPOCH, TICKS_A_MILLISECOND));
    }
}
