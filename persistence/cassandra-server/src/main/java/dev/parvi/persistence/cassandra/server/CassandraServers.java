package dev.parvi.persistence.cassandra.server;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * A ring of real Cassandra servers on this machine, each a process of its own, for as long as this process lives. All nodes listen on
 * the same port, on 127.0.0.1, 127.0.0.2 and so on. With a folder that was used before they have their data again.
 */
public final class CassandraServers implements AutoCloseable {
    private static final Duration STOP_MAX = Duration.ofSeconds(20);

    private final List<Node> nodes;

    private CassandraServers(List<Node> nodes) {
        this.nodes = nodes;
    }

    /** As {@link #start(int, Path, CassandraOptions, Consumer)}, with what suits a test. */
    public static CassandraServers start(int nodes, Path folder, Consumer<String> progress) {
        return start(nodes, folder, CassandraOptions.standard(), progress);
    }

    /**
     * Starts one server or three, and returns when each serves clients and has seen the others. {@code progress} is told what happens,
     * a line at a time. Throws {@link CassandraFailure} if it cannot be done; then no process is left.
     */
    public static CassandraServers start(int nodes, Path folder, CassandraOptions options, Consumer<String> progress) {
        if (nodes != 1 && nodes != 3) throw new CassandraFailure("A ring has 1 or 3 nodes, not " + nodes + ".");
        var home = Jdk17.home();
        var classPath = CassandraJars.classPath();
        var ring = RingLayout.in(folder, nodes, options.port());
        var servers = new CassandraServers(IntStream.rangeClosed(1, nodes)
                .mapToObj(number -> new Node(new ServerProcess(number, ring, folder, home, classPath, options)))
                .toList());
        try {
            progress.accept("starting " + (nodes == 1 ? "one node" : nodes + " nodes") + " of Cassandra");
            servers.nodes.forEach(node -> node.server.launch());
            for (var node : servers.nodes) progress.accept(node.server.awaitServing());
            servers.nodes.forEach(node -> node.server.awaitSeen(ring));
            return servers;
        } catch (RuntimeException e) {
            servers.close();
            throw e;
        }
    }

    /** In the order of their addresses. */
    public List<Node> nodes() {
        return nodes;
    }

    /** Where a client asks for the ring. */
    public InetSocketAddress contactPoint() {
        return nodes.get(0).address();
    }

    /** What a driver calls the local data centre. */
    public String datacenter() {
        return "datacenter1";
    }

    /** Stops all servers in good order, or else kills them. */
    @Override
    public void close() {
        nodes.forEach(node -> node.server.askToStop());
        nodes.forEach(node -> node.server.awaitStopped(STOP_MAX));
    }

    /** One server. What is done to it is done when the method returns. */
    public static final class Node {
        private final ServerProcess server;

        private Node(ServerProcess server) {
            this.server = server;
        }

        /** Where clients connect. */
        public InetSocketAddress address() {
            return server.address();
        }

        /** Of the process that runs now or ran last. */
        public long pid() {
            return server.pid();
        }

        public boolean isAlive() {
            return server.isAlive();
        }

        /** Ends the process without a warning, as the kernel would. */
        public void kill() {
            server.kill();
        }

        /** Stops the process in its tracks: its connections stay open and silent. */
        public void freeze() {
            server.signal("STOP");
        }

        public void thaw() {
            server.signal("CONT");
        }

        /** Stops the server if it runs, and starts it with its data; returns when it serves. */
        public void restart() {
            server.askToStop();
            server.awaitStopped(STOP_MAX);
            server.launch();
            server.awaitServing();
        }

        /** The end of the log, for the message of a test that fails. */
        public String logged() {
            return server.log().tail();
        }

        @Override
        public String toString() {
            return server.toString();
        }
    }
}
