package dev.parvi.entity;

import com.google.protobuf.Message;
import java.time.Instant;

/**
 * One command or query on its way to an entity.
 *
 * @param idempotencyKey names the attempt: the same key gets the same outcome. Empty for queries, and where a lost answer does
 *     not matter
 * @param expectedRevision the revision that the caller insists on, or {@link #ANY_REVISION}
 * @param deadline when the caller stops waiting. Saves work that nobody waits for; safety never depends on it
 * @param principal on whose behalf; empty when nobody signed in
 * @param trace the W3C traceparent, or an empty string
 */
public record EntityCommand(
        EntityType<?, ?> type,
        String id,
        EntityType.Method method,
        Message request,
        String idempotencyKey,
        long expectedRevision,
        Instant deadline,
        String principal,
        String trace) {
    /** Accepts the command at whatever revision the entity is. */
    public static final long ANY_REVISION = -1;
}
