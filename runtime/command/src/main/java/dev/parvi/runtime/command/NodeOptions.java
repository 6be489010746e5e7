package dev.parvi.runtime.command;

import dev.parvi.runtime.ConfigLayers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every command that has to do with a node's settings. Each is a short form of a key. */
final class NodeOptions {
    @Mixin
    StoreOptions store = new StoreOptions();

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
            names = "--auto-migrate",
            description = "Makes or changes the tables of a store on a server first. For development.")
    boolean autoMigrate;

    @Mixin
    private EntityOptions entities = new EntityOptions();

    @Option(
            names = "--log",
            paramLabel = "STYLE",
            description = "human, json, or auto: human on a terminal. Default: auto")
    @Nullable
    String log;

    /** The settings that these options, the environment and the files make together. */
    ConfigLayers layers() {
        return store.layers(commandLine());
    }

    private Map<String, String> commandLine() {
        var keys = new LinkedHashMap<String, String>();
        StoreOptions.put(keys, "parvi.http.port", port);
        StoreOptions.put(keys, "parvi.node.management.port", managementPort);
        StoreOptions.put(keys, "parvi.http.host", host);
        StoreOptions.put(keys, "parvi.node.log", log);
        if (autoMigrate) keys.put("parvi.persistence.auto-migrate", "on");
        keys.putAll(entities.keys());
        return keys;
    }

    /** These options again, as arguments for a child process, without those that differ from node to node or are for one only. */
    List<String> sharedArguments() {
        var arguments = new ArrayList<String>();
        add(arguments, "--host", host);
        add(arguments, "--store", store.store);
        add(arguments, "--log", log);
        entities.folders.forEach(folder -> add(arguments, "--entities", folder));
        store.more.files.forEach(file -> add(arguments, "--config", file));
        store.more.settings.forEach((key, value) -> add(arguments, "--set", key + "=" + value));
        return arguments;
    }

    private static void add(List<String> arguments, String option, @Nullable Object value) {
        Optional.ofNullable(value).ifPresent(present -> arguments.addAll(List.of(option, present.toString())));
    }
}
