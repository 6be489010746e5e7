package dev.parvi.persistence.cassandra.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Where the nodes of a ring are. Nodes remember each other by address and port, and data lies where its tokens were: so a folder
 * keeps both.
 */
record RingLayout(int nodes, int nativePort, int storagePort) {
    private static final String FILE = "ring.properties";

    /** The layout that the folder has, or a new one. Throws {@link CassandraFailure} if it cannot be had. */
    static RingLayout in(Path folder, int nodes, int port) {
        var file = folder.resolve(FILE);
        try {
            Files.createDirectories(folder);
            if (Files.exists(file)) {
                var layout = read(file).requireNodes(nodes, folder).onPort(port);
                LoopbackPorts.requireFree(layout.nativePort, nodes);
                LoopbackPorts.requireFree(layout.storagePort, nodes);
                layout.write(file);
                return layout;
            }
            if (port != 0) LoopbackPorts.requireFree(port, nodes);
            var layout = new RingLayout(nodes, port == 0 ? LoopbackPorts.take(nodes) : port, LoopbackPorts.take(nodes));
            layout.write(file);
            return layout;
        } catch (IOException e) {
            throw new CassandraFailure("The folder " + folder + " cannot be used: " + e.getMessage() + ".");
        }
    }

    static String host(int number) {
        return "127.0.0." + number;
    }

    Stream<String> hosts() {
        return IntStream.rangeClosed(1, nodes).mapToObj(RingLayout::host);
    }

    private RingLayout onPort(int port) {
        return port == 0 ? this : new RingLayout(nodes, port, storagePort);
    }

    private RingLayout requireNodes(int wanted, Path folder) {
        if (nodes == wanted) return this;
        throw new CassandraFailure("The data in " + folder + " is of a ring of " + nodes + ", not of " + wanted
                + ": ask for " + nodes + ", or choose another folder.");
    }

    private static RingLayout read(Path file) throws IOException {
        var properties = new Properties();
        try (var in = Files.newBufferedReader(file)) {
            properties.load(in);
        }
        return new RingLayout(
                number(properties, "nodes"), number(properties, "native-port"), number(properties, "storage-port"));
    }

    private static int number(Properties properties, String key) {
        try {
            return Integer.parseInt(properties.getProperty(key, ""));
        } catch (NumberFormatException e) {
            throw new CassandraFailure(FILE + " beside the data of Cassandra is damaged: " + key + " is not a number.");
        }
    }

    private void write(Path file) {
        try {
            Files.writeString(
                    file, "nodes=" + nodes + "\nnative-port=" + nativePort + "\nstorage-port=" + storagePort + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
