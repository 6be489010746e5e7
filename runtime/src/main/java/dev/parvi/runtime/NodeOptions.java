package dev.parvi.runtime;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command that has to do with a node's settings. Each is a short form of a key. */
final class NodeOptions {
    @Option(names = "--port", paramLabel = "P", description = "Port for clients; 0 takes a free one.")
    @Nullable
    Integer port;

    @Option(
            names = "--management-port",
            paramLabel = "M",
            description = "Port for health, status and drain; 0 takes a free one.")
    @Nullable
    Integer managementPort;

    @Option(names = "--host", paramLabel = "H", description = "Address for clients. Default: loopback.")
    @Nullable
    String host;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder for the store. Nodes with one folder form one cluster. Default: ./data")
    @Nullable
    Path data;

    @Option(
            names = "--store",
            paramLabel = "URL",
            description = "Where events are kept. Default: sqlite:<data>/parvi.db")
    @Nullable
    String store;

    @Option(
            names = "--auto-migrate",
            description = "Makes or changes the tables of a store on a server first. For development.")
    boolean autoMigrate;

    @Option(names = "--entities", paramLabel = "DIR", description = "Folder with jars of entities. May be repeated.")
    List<Path> entities = new ArrayList<>();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Settings in HOCON, JSON or properties. May be repeated; the first wins.")
    List<Path> files = new ArrayList<>();

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Any one setting. May be repeated.")
    Map<String, String> settings = new LinkedHashMap<>();

    @Option(
            names = "--log",
            paramLabel = "STYLE",
            description = "human, json, or auto: human on a terminal. Default: auto")
    @Nullable
    String log;

    /** The settings that these options, the environment and the files make together. */
    ConfigLayers layers() {
        return ConfigLayers.of(System.getenv(), files, commandLine());
    }

    private Map<String, String> commandLine() {
        var keys = new LinkedHashMap<>(settings);
        put(keys, "parvi.http.port", port);
        put(keys, "parvi.node.management.port", managementPort);
        put(keys, "parvi.http.host", host);
        put(keys, "parvi.node.data", data);
        put(keys, "parvi.persistence.store", store);
        put(keys, "parvi.node.log", log);
        if (autoMigrate) keys.put("parvi.persistence.auto-migrate", "on");
        if (!entities.isEmpty()) {
            keys.put(
                    "parvi.node.entities",
                    "[\""
                            + String.join(
                                    "\", \"",
                                    entities.stream().map(Path::toString).toList()) + "\"]");
        }
        return keys;
    }

    private static void put(Map<String, String> keys, String key, @Nullable Object value) {
        Optional.ofNullable(value).ifPresent(present -> keys.put(key, present.toString()));
    }

    /** These options again, as arguments for a child process, without those that differ from node to node or are for one only. */
    List<String> sharedArguments() {
        var arguments = new ArrayList<String>();
        add(arguments, "--host", host);
        add(arguments, "--store", store);
        add(arguments, "--log", log);
        entities.forEach(folder -> add(arguments, "--entities", folder));
        files.forEach(file -> add(arguments, "--config", file));
        settings.forEach((key, value) -> add(arguments, "--set", key + "=" + value));
        return arguments;
    }

    private static void add(List<String> arguments, String option, @Nullable Object value) {
        Optional.ofNullable(value).ifPresent(present -> arguments.addAll(List.of(option, present.toString())));
    }
}
