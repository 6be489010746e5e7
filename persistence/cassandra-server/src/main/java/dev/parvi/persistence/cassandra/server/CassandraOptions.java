package dev.parvi.persistence.cassandra.server;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * How servers are to run.
 *
 * @param port where clients connect, the same on every address of the ring; 0 for a free one, which a folder then keeps
 * @param heapMegabytes below 256 Cassandra does not start; a process takes about 400 MB beside its heap
 * @param startWithin a node that does not serve by then is given up
 * @param commitLogSync what an acknowledgement means when power fails
 * @param asksForPassword whether clients must say who they are; the first user is {@code cassandra}, with the same password
 * @param settings lines of {@code cassandra.yaml} that are added to ours or replace them
 * @param environments variables of the processes of some nodes, by the node's number, from 1
 */
public record CassandraOptions(
        int port,
        int heapMegabytes,
        Duration startWithin,
        CommitLogSync commitLogSync,
        boolean asksForPassword,
        Map<String, String> settings,
        Map<Integer, Map<String, String>> environments) {

    /** When the commit log reaches the disk. */
    public enum CommitLogSync {
        /** Every ten seconds, Cassandra's default: an acknowledged write survives a killed process, not a power cut. */
        PERIODIC,
        /** Before the acknowledgement. */
        BATCH,
        /** Before the acknowledgement, together with what came within ten milliseconds. */
        GROUP
    }

    public CassandraOptions {
        if (port < 0 || port > 65_535)
            throw new IllegalArgumentException("port must be between 0 and 65535, but is " + port);
        if (heapMegabytes < 256)
            throw new IllegalArgumentException("heapMegabytes must be at least 256, but is " + heapMegabytes);
        settings = Map.copyOf(settings);
        environments = Map.copyOf(environments);
    }

    /** Free ports, 512 MB, settings as in production. */
    public static CassandraOptions standard() {
        return new CassandraOptions(0, 512, Duration.ofMinutes(3), CommitLogSync.PERIODIC, false, Map.of(), Map.of());
    }

    public CassandraOptions withPort(int chosen) {
        return new CassandraOptions(
                chosen, heapMegabytes, startWithin, commitLogSync, asksForPassword, settings, environments);
    }

    public CassandraOptions withHeapMegabytes(int chosen) {
        return new CassandraOptions(port, chosen, startWithin, commitLogSync, asksForPassword, settings, environments);
    }

    public CassandraOptions withStartWithin(Duration chosen) {
        return new CassandraOptions(
                port, heapMegabytes, chosen, commitLogSync, asksForPassword, settings, environments);
    }

    public CassandraOptions withCommitLogSync(CommitLogSync chosen) {
        return new CassandraOptions(port, heapMegabytes, startWithin, chosen, asksForPassword, settings, environments);
    }

    public CassandraOptions withPasswords() {
        return new CassandraOptions(port, heapMegabytes, startWithin, commitLogSync, true, settings, environments);
    }

    /** Sets a line of {@code cassandra.yaml}, for example {@code write_request_timeout} to {@code 500ms}. */
    public CassandraOptions with(String key, String value) {
        var more = new TreeMap<>(settings);
        more.put(key, value);
        return new CassandraOptions(
                port, heapMegabytes, startWithin, commitLogSync, asksForPassword, more, environments);
    }

    /** Gives the process of one node, counted from 1, these variables beside ours, for example a clock that is wrong. */
    public CassandraOptions withEnvironment(int node, Map<String, String> variables) {
        var more = new TreeMap<>(environments);
        more.put(node, Map.copyOf(variables));
        return new CassandraOptions(port, heapMegabytes, startWithin, commitLogSync, asksForPassword, settings, more);
    }
}
