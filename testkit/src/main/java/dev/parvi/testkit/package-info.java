/**
 * For authors of entities: tests that run in milliseconds, without a cluster, a store or a clock.
 *
 * <p>Read {@link dev.parvi.testkit.EntityScenario} first: given events, when a command, then events, a reply or a rejection, and
 * a state. It drives the same {@link dev.parvi.entity.CommandPipeline} as a cluster does, and it distrusts the author's code:
 * every command is decided twice, and after every command the whole history is replayed, from its beginning and from snapshots on
 * the way. Code that reads a clock, draws a random number or keeps something between calls fails there, not in production.
 *
 * <p>{@link dev.parvi.testkit.InMemoryEntities} is for the code around entities: a client that answers from memory.
 */
@NullMarked
package dev.parvi.testkit;

import org.jspecify.annotations.NullMarked;
