package dev.parvi.client;

/**
 * What an entity answered.
 *
 * @param revision how many events the entity has, after the command or as the query saw it
 * @param key the idempotency key of the command; empty for a query
 * @param isReplayed true if an earlier attempt had carried the command out already
 */
public record Reply<R>(R value, long revision, String key, boolean isReplayed) {}
