/**
 * The programming model: an entity is data, decisions and their consequences, with nothing of the cluster in it.
 *
 * <p>Read {@link dev.parvi.entity.CommandPipeline} first. It takes one command through the same six gates every time: a known
 * idempotency key answers from the stored outcome; the entity must not be deleted; an expected revision must match; the deadline must
 * not have passed; the author's method decides; its events are applied. All of that is computed before anything is stored, so whatever throws on the
 * way changes nothing. The pipeline does no I/O: {@code sharding} feeds it commands and stores what it returns.
 *
 * <p>What a command came to is a {@link dev.parvi.entity.CommandOutcome}, and its type is the advice for a retry.
 */
@NullMarked
package dev.parvi.entity;

import org.jspecify.annotations.NullMarked;
