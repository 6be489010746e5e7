package dev.parvi.runtime.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** The options of every command that must know the entities. */
final class EntityOptions {
    @Option(names = "--entities", paramLabel = "DIR", description = "Folder with jars of entities. May be repeated.")
    List<Path> folders = new ArrayList<>();

    /** What they say, by key. */
    Map<String, String> keys() {
        if (folders.isEmpty()) return Map.of();
        var list = folders.stream().map(Path::toString).collect(Collectors.joining("\", \"", "[\"", "\"]"));
        return Map.of("parvi.node.entities", list);
    }
}
