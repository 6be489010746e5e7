package dev.parvi.runtime.command;

import dev.parvi.runtime.ConfigLayers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** The options of every command that reads settings. */
final class SettingsOptions {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Settings in HOCON, JSON or properties. May be repeated; the first wins.")
    List<Path> files = new ArrayList<>();

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Any one setting. May be repeated.")
    Map<String, String> settings = new LinkedHashMap<>();

    /** The settings that these options, the environment and the files make together, and those that short forms of keys are for. */
    ConfigLayers layers(Map<String, String> shortForms) {
        var keys = new LinkedHashMap<>(settings);
        keys.putAll(shortForms);
        return ConfigLayers.of(System.getenv(), files, keys);
    }
}
