package dev.parvi.persistence.cassandra.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/**
 * Ports that are free on every address of a ring. They are taken below the range from which systems give ports to outgoing
 * connections: a server that is down for a while must find its port free when it comes back.
 */
final class LoopbackPorts {
    private static final int LOWEST = 18_000;
    private static final int HIGHEST = 32_000;
    private static final int ATTEMPTS_MAX = 200;

    /** What this process has given away may not be listened on yet. */
    private static final Set<Integer> TAKEN = ConcurrentHashMap.newKeySet();

    private LoopbackPorts() {}

    static int take(int nodes) {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            if (isFree(port, nodes) && TAKEN.add(port)) return port;
        }
        throw new CassandraFailure("No port is free on 127.0.0.1 to " + RingLayout.host(nodes)
                + ": a ring needs all of these addresses on this machine.");
    }

    static void requireFree(int port, int nodes) {
        for (int number = 1; number <= nodes; number++) {
            var host = RingLayout.host(number);
            listen(port, host).ifPresent(refusal -> {
                throw new CassandraFailure("Port " + port + " on " + host + " is not to be had (" + refusal.getMessage()
                        + "): choose another, or 0 for a free one.");
            });
        }
    }

    private static boolean isFree(int port, int nodes) {
        return IntStream.rangeClosed(1, nodes)
                .allMatch(number -> listen(port, RingLayout.host(number)).isEmpty());
    }

    /** Listens for a moment; returns why it cannot. */
    private static Optional<IOException> listen(int port, String host) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e);
        }
    }
}
