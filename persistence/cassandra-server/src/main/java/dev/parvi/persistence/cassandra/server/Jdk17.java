package dev.parvi.persistence.cassandra.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/** Finds the one JDK on which Cassandra 5 runs. */
final class Jdk17 {
    private static final String VARIABLE = "JAVA_HOME_17";

    private Jdk17() {}

    /** The home of a JDK 17 for this process. */
    static Path home() {
        return find(Path.of(System.getProperty("java.home")), Optional.ofNullable(System.getenv(VARIABLE)))
                .orElseThrow(() -> new CassandraFailure("Cassandra 5 runs on JDK 17 only, this is JDK "
                        + Runtime.version().feature() + ", and no JDK 17 lies beside it: set " + VARIABLE
                        + " to the home of one."));
    }

    /** The running one if it is a 17, else the one that the variable names, else one in a folder beside the running one. */
    static Optional<Path> find(Path running, Optional<String> named) {
        if (is17(running)) return Optional.of(running);
        var chosen = named.map(Path::of).filter(Jdk17::is17);
        return chosen.isPresent() ? chosen : beside(running);
    }

    private static Optional<Path> beside(Path running) {
        var folder = running.toAbsolutePath().getParent();
        if (folder == null) return Optional.empty();
        try (var homes = Files.list(folder)) {
            return homes.filter(Jdk17::is17).sorted().findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static boolean is17(Path home) {
        var properties = new Properties();
        try (var in = Files.newBufferedReader(home.resolve("release"))) {
            properties.load(in);
        } catch (IOException e) {
            return false;
        }
        return properties.getProperty("JAVA_VERSION", "").startsWith("\"17")
                && Files.isExecutable(home.resolve("bin").resolve("java"));
    }
}
