package dev.parvi.entity;

import com.google.protobuf.Message;
import java.time.Instant;

/**
 * One command or query on its way to an entity.
 *
 * @param idempotencyKey names the attempt: the same key gets the same outcome. Empty for queries, and where a lost answer does
 *     not matter
 * @param keyIsFresh true if nobody can have sent this key before: it was made for this very attempt. Saves looking for an outcome
 *     that the entity may have forgotten
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
        boolean keyIsFresh,
        long expectedRevision,
        Instant deadline,
        String principal,
        String trace) {
    /** Accepts the command at whatever revision the entity is. */
    public static final long ANY_REVISION = -1;

    /**
     * What keys begin with that were made for a caller who sent none. They are looked for only when their maker retries, within
     * seconds, so stores need not index them.
     */
    public static final String MADE_KEY_PREFIX = "~";

    /** The same command for another attempt: from now on its key may be known. */
    public EntityCommand again() {
        return keyIsFresh
                ? new EntityCommand(
                        type, id, method, request, idempotencyKey, false, expectedRevision, deadline, principal, trace)
                : this;
    }
}
