/**
 * Makes one entity durable: the fenced event store, and Pekko's journal and snapshot plugins on top of it.
 *
 * <p>Read {@link dev.parvi.persistence.EventStore} first: it is the whole contract. An append carries the head that its writer has
 * seen; the store compares it with the head that it has, in the same transaction that writes. So a stale owner, however it came to
 * be, cannot store anything and is never told that it did. Nothing else in the house is trusted to keep two owners apart.
 *
 * <p>A write in the SQLite store goes this way: {@code SqliteStore} puts a task into the bounded {@code WriteQueue}; the
 * one thread of {@code SqliteWriter} takes what has gathered ({@code GroupPacing} says how long to gather), runs all of it in one
 * transaction through {@code SqliteTables}, syncs once, and only then completes the futures. Reads have threads and connections of
 * their own ({@code SqliteReaders}), and {@code SqliteUpkeep} keeps the write-ahead log short. Several processes may share a file:
 * every transaction begins by taking SQLite's write lock, and what the writer remembers of heads is forgotten as soon as another
 * connection has written.
 *
 * <p>An event on which a command's outcome rides is stored with a hash of its idempotency key, so that the outcome is found for as
 * long as the journal holds the event: {@code EventStoreExtension.outcomes()}.
 *
 * <p>Stores for clusters lie in modules of their own and are found through {@link EventStore.Provider}; what they share with the ones
 * here is {@link StoreCounters}, {@link RecordChecksum} and the conformance suite in this module's tests.
 *
 * <p>{@code Journal} and {@code SnapshotStorePlugin} show the store to Pekko Persistence; {@code RecordCodec} turns what Pekko has
 * into bytes, by the name of the protobuf message and never by the name of a Java class.
 */
@NullMarked
package dev.parvi.persistence;

import org.jspecify.annotations.NullMarked;
