package dev.parvi.entity;

import java.time.Instant;

/**
 * The circumstances of one command, for decisions that need them.
 *
 * @param entityId the id under which the entity is addressed
 * @param revision how many events the entity has stored before this command
 * @param principal on whose behalf the command runs; empty when nobody signed in
 * @param time when the command reached its entity, by the wall clock of the node. It may step back between two commands
 */
public record CommandContext(String entityId, long revision, String principal, Instant time) {}
