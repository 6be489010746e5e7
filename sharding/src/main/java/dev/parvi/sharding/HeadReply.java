package dev.parvi.sharding;

/** The revision of the last event that an entity has stored, as its owner knows it. */
record HeadReply(String type, String id, long revision) {}
