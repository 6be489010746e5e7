package dev.parvi.runtime;

import dev.parvi.entity.Entity;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Finds the entities that a node runs: those on the class path, and those in folders of jars. */
public final class EntityCatalog {
    private EntityCatalog() {}

    /** One instance of each entity, in the order of their types' names; at least one. */
    public static List<Entity<?, ?>> load(List<Path> folders) {
        var loader = loader(folders);
        var found = new TreeMap<String, Entity<?, ?>>();
        try {
            for (Entity<?, ?> entity : ServiceLoader.load(Entity.class, loader)) {
                var other = found.put(entity.type().name(), entity);
                if (other != null) throw twice(entity, other);
            }
        } catch (ServiceConfigurationError | LinkageError e) {
            throw StartFailure.usage("An entity cannot be loaded: " + e.getMessage() + ".");
        }
        if (found.isEmpty()) {
            throw StartFailure.usage(
                    "No entities were found on the class path or in parvi.node.entities: each needs its class"
                            + " named in META-INF/services/dev.parvi.entity.Entity.");
        }
        return new ArrayList<>(found.values());
    }

    /** Knows the classes of the jars in these folders, beside ours. */
    public static ClassLoader loader(List<Path> folders) {
        var jars = folders.stream().flatMap(EntityCatalog::jars).toArray(URL[]::new);
        // Lives as long as the process: entities load classes while they run.
        return new URLClassLoader("entities", jars, EntityCatalog.class.getClassLoader());
    }

    private static StartFailure twice(Entity<?, ?> entity, Entity<?, ?> other) {
        return StartFailure.usage("Two entities are called \"" + entity.type().name() + "\": "
                + other.getClass().getName() + " and " + entity.getClass().getName() + ".");
    }

    private static Stream<URL> jars(Path folder) {
        try (var files = Files.list(folder)) {
            return files
                    .filter(file -> file.getFileName().toString().endsWith(".jar"))
                    .sorted()
                    .map(EntityCatalog::url)
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw StartFailure.usage("The folder of entities " + folder + " cannot be read.");
        }
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
