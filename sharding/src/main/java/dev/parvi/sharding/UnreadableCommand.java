package dev.parvi.sharding;

/** A command from another node that this release cannot read: during a rolling update a newer node may know more methods. */
record UnreadableCommand(String type, String id, String method, String reason) {}
