package dev.parvi.testkit.cluster;

/** What the nodes of a {@link TestCluster} store in. */
public enum TestStore {
    /** One file, which all nodes share. It ends with the cluster. */
    SQLITE,
    /** A real Cassandra of one node, which the tests of a JVM share; each cluster has a keyspace of its own. */
    CASSANDRA
}
