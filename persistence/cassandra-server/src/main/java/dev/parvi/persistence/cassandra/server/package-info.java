/**
 * Starts real Cassandra servers on this machine, for tests and for {@code parvi dev cassandra}.
 *
 * <p>Read {@link dev.parvi.persistence.cassandra.server.CassandraServers} first. A server is a process of its own, because Cassandra
 * 5 wants JDK 17 and libraries of its own; its jars are on nobody's class path but the child's. {@code CassandraNode} is what runs
 * there: Cassandra's daemon, and a thread that ends it when this process is gone.
 *
 * <p>A ring starts all at once: every node is a seed, has its token from the beginning and streams nothing, so none has to wait for
 * another. What must stay the same when a folder is used again, the ports and the number of nodes, lies beside the data ({@code
 * RingLayout}).
 */
@NullMarked
package dev.parvi.persistence.cassandra.server;

import org.jspecify.annotations.NullMarked;
