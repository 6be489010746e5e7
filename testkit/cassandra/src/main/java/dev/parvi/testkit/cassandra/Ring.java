package dev.parvi.testkit.cassandra;

import dev.parvi.persistence.cassandra.server.CassandraOptions;
import dev.parvi.persistence.cassandra.server.CassandraServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** Servers and the folder of their data, which goes with them. JUnit closes it with the store that holds it. */
record Ring(CassandraServers servers, Path folder) implements AutoCloseable {
    static Ring start(int nodes, CassandraOptions options) {
        try {
            var folder = Files.createTempDirectory("parvi-cassandra");
            return new Ring(CassandraServers.start(nodes, folder, options, progress -> {}), folder);
        } catch (IOException noRoom) {
            throw new UncheckedIOException("no folder for Cassandra's data", noRoom);
        }
    }

    @Override
    public void close() throws IOException {
        servers.close();
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        }
    }
}
