/**
 * The event store in Cassandra.
 *
 * <p>Read {@code CassandraAppends} first. An append is one conditional batch on one partition: "if the head is what this writer has
 * seen, it becomes this, and here are the rows". Cassandra agrees on that with Paxos, so of two owners of an entity one is refused,
 * whatever their clocks say. A plain insert would not do: Cassandra has no other way to compare before it writes.
 *
 * <p>A request may end without an answer. Then nobody knows whether it was carried out, and {@code CassandraAppends} finds out before
 * it answers: it reads the head at SERIAL, which first completes whatever was half agreed on, and repeats the very same append if the
 * head has not moved. The condition makes the repetition harmless, and the writer's name and the bytes tell an own success.
 *
 * <p>Partitions are bounded. A {@code Tail} says where an entity's history ends: it is remembered for entities written lately, looked
 * for otherwise ({@code CassandraReads}), and never trusted, since the condition is checked by the ring. One write of an entity is
 * under way at a time ({@code Lanes}); what arrives meanwhile goes together. A {@code Breaker} refuses while the ring is silent.
 *
 * <p>Nothing in the table of events is ever written without a condition, deletions included: Cassandra orders conditional writes by
 * ballots, not by the clocks of whoever wrote. Snapshots are plain writes, since losing one costs time only.
 */
@NullMarked
package dev.parvi.persistence.cassandra;

import org.jspecify.annotations.NullMarked;
