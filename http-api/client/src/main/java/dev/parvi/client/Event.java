package dev.parvi.client;

import java.time.Instant;

/**
 * Something that happened to an entity.
 *
 * @param id of the entity
 * @param revision of the entity with this event
 * @param method the rpc that made it; empty if the event is hidden
 * @param value without the fields that its author marked as private, and with no case set if the event is hidden, or newer than the
 *     class of this program
 * @param isHidden true if its author shows only that something happened
 * @param isDeleted true for the last event of an entity that was deleted; no case is set then, and those before are gone
 * @param cursor in what happens to a type: where to go on behind this event, and all before it. Empty for most events, and in the stream
 *     of one entity, which goes on behind a revision
 */
public record Event<E>(
        String id,
        long revision,
        Instant time,
        String method,
        E value,
        boolean isHidden,
        boolean isDeleted,
        String cursor) {}
