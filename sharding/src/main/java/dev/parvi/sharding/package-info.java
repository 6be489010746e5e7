/**
 * Places entities: exactly one live copy of each, somewhere in the cluster, found by its id.
 *
 * <p>{@link dev.parvi.sharding.ShardedEntities} is the door: it starts one shard region a type and sends commands through it.
 * Behind it an {@code EntityActor} owns one entity. The actor decides at memory speed and stores behind: a command is decided on
 * the state that includes everything decided before it, its events join the next write, and its answer waits in an {@code
 * AnswerQueue} until that write and every earlier one are stored. While one write is under way, the commands that arrive share
 * the next.
 *
 * <p>Two nodes may believe for a while that they own an entity. The store decides: the write of the one that is behind is
 * refused, its actor tells every waiting caller that nothing was stored, and stops.
 */
@NullMarked
package dev.parvi.sharding;

import org.jspecify.annotations.NullMarked;
