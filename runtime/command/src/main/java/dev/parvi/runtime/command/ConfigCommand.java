package dev.parvi.runtime.command;

import dev.parvi.runtime.ConfigLayers;
import dev.parvi.runtime.Json;
import dev.parvi.runtime.NodeSettings;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code parvi config}: the settings as they would be in force, and where each came from. */
@Command(
        name = "config",
        description = "Prints every setting and where it comes from. Takes the options of parvi run.",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        optionListHeading = "%nOptions:%n",
        footer = {
            "",
            "Command line wins over environment, environment over file, file over overlay, overlay over default.",
            "The environment variable of parvi.http.port is PARVI_HTTP_PORT, and so on.",
            "",
            "Examples:",
            "  parvi config",
            "  parvi config --set parvi.node.overlay=production --json"
        })
final class ConfigCommand implements Runnable {
    @Mixin
    private NodeOptions options = new NodeOptions();

    @Option(names = "--json", description = "One JSON object: each key with value and origin.")
    private boolean json;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        var layers = options.layers();
        NodeSettings.from(layers.effective());
        var out = spec.commandLine().getOut();
        out.println(json ? asJson(layers.settings()) : aligned(layers.settings()));
        out.flush();
    }

    private static String aligned(List<ConfigLayers.Setting> settings) {
        int keys = settings.stream()
                .mapToInt(setting -> setting.key().length())
                .max()
                .orElse(0);
        int values = settings.stream()
                .mapToInt(setting -> setting.value().length())
                .max()
                .orElse(0);
        int valueWidth = Math.min(values, 40);
        return String.join(
                System.lineSeparator(),
                settings.stream()
                        .map(setting -> padded(setting.key(), keys) + "  " + padded(setting.value(), valueWidth) + "  "
                                + setting.origin())
                        .toList());
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private static String asJson(List<ConfigLayers.Setting> settings) {
        return Json.object(json -> {
            for (var setting : settings) {
                json.writeObjectFieldStart(setting.key());
                json.writeStringField("value", setting.value());
                json.writeStringField("origin", setting.origin());
                json.writeEndObject();
            }
        });
    }
}
