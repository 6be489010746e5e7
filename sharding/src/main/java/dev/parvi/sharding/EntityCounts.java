package dev.parvi.sharding;

/**
 * What the entities of this node have gone through since it started.
 *
 * @param live entities in memory now
 * @param recovered entities rebuilt from the store
 * @param unstored entities stopped because a write failed, a lost fence among the reasons
 * @param quarantined entities that cannot be rebuilt, now
 */
public record EntityCounts(long live, long recovered, long unstored, long quarantined) {}
