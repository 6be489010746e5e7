/**
 * The event store in a PostgreSQL database, for clusters whose team already runs one.
 *
 * <p>Read {@code V1__event_store.sql} first, then {@code PostgresTables}: the lock on an entity's row is the fence. A transaction locks
 * the rows of all its entities in one order, compares the heads, and stores the events together with the new heads.
 *
 * <p>A write goes this way: {@code PostgresStore} puts a {@code WriteTask} into the bounded {@code WriteLanes}; an entity has always the
 * same lane, and a lane is one {@code PostgresWriter} with one connection. The writer takes what waits and stores it in three round
 * trips, however much it is: lock and read, write, commit. Reads have threads and connections of their own ({@code PostgresReaders}).
 *
 * <p>A commit whose answer was lost is cleared up by running its group again on a new connection. The locks make it wait for the old
 * transaction; what that one stored is then recognised by writer and bytes, and what it did not store is stored now. Asking for the
 * status of the transaction id would be shorter and wrong: a server that crashed may give the id to another transaction.
 *
 * <p>{@code PostgresFeed} tells all events in the order of their labels, below every writer that may still commit.
 *
 * <p>{@code Connections} opens connections and keeps callers from waiting for a server that is away; {@code PostgresSchema} makes the
 * tables and refuses those of another version.
 */
@NullMarked
package dev.parvi.persistence.postgres;

import org.jspecify.annotations.NullMarked;
