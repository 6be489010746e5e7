package dev.parvi.sharding;

/** Asks the owner of an entity to answer when it has stored events beyond a revision. It is asked again after the deadline. */
record HeadWatch(String type, String id, long beyond, long deadlineMillis) {}
