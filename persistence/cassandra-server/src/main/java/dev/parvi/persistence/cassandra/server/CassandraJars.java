package dev.parvi.persistence.cassandra.server;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Where the build has put Cassandra. */
final class CassandraJars {
    private static final String PROPERTY = "parvi.cassandra.lib";

    private CassandraJars() {}

    /** The class path of a child: Cassandra, and our own class that starts it. */
    static String classPath() {
        var ours = ownLocation();
        var folder = Path.of(
                System.getProperty(PROPERTY, ours.resolveSibling("cassandra").toString()));
        if (!isThere(folder))
            throw new CassandraFailure("Cassandra is not in " + folder + ": fetch it with ./mvnw -pl "
                    + "persistence/cassandra-server antrun:run@cassandra, or name its folder with -D" + PROPERTY + ".");
        return ours + File.pathSeparator + folder.resolve("*");
    }

    private static boolean isThere(Path folder) {
        if (!Files.isDirectory(folder)) return false;
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(file -> file.getFileName().toString().startsWith("cassandra-all-"));
        } catch (java.io.IOException e) {
            return false;
        }
    }

    private static Path ownLocation() {
        try {
            return Path.of(CassandraJars.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("The class path has an entry that is not a file", e);
        }
    }
}
