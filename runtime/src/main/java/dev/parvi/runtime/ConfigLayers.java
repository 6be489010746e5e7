package dev.parvi.runtime;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The settings of a node in the order in which they win: command line, environment, file, overlay, defaults. Knows of every key
 * where its value came from, and refuses keys that nobody reads.
 */
public final class ConfigLayers {
    private static final Set<String> OVERLAYS = new TreeSet<>(Set.of("local", "production", "test"));
    private static final String OVERLAY_KEY = "parvi.node.overlay";

    private final List<Layer> layers;
    private final Config effective;

    private ConfigLayers(List<Layer> layers) {
        this.layers = layers;
        this.effective = layers.stream()
                .map(Layer::config)
                .reduce(ConfigFactory.empty(), Config::withFallback)
                .resolve();
    }

    /** Reads all layers. Throws {@link StartFailure} for a file that cannot be read and for a key that does not exist. */
    public static ConfigLayers of(Map<String, String> environment, List<Path> files, Map<String, String> commandLine) {
        var defaults = new Layer(
                "default",
                ConfigFactory.parseResources("parvi-base.conf")
                        .withFallback(ConfigFactory.defaultReferenceUnresolved()));
        var known = new TreeSet<String>();
        defaults.parviKeys().forEach(known::add);

        var own = new ArrayList<Layer>();
        own.add(fromCommandLine(commandLine));
        own.add(fromEnvironment(environment, known));
        files.forEach(file -> own.add(fromFile(file)));
        for (var layer : own) layer.refuseUnknown(known);

        var layers = new ArrayList<>(own);
        layers.add(overlay(own));
        layers.add(defaults);
        try {
            return new ConfigLayers(List.copyOf(layers));
        } catch (ConfigException e) {
            throw StartFailure.usage("The settings do not fit together: " + e.getMessage() + ".");
        }
    }

    /** Everything, Pekko's own keys included, ready for an actor system. */
    public Config effective() {
        return effective;
    }

    /** Parvi's own keys in alphabetical order, each with its value and the layer that it came from. */
    public List<Setting> settings() {
        return effective.getConfig("parvi").entrySet().stream()
                .map(entry -> "parvi." + entry.getKey())
                .sorted()
                .map(key -> new Setting(key, rendered(key), origin(key)))
                .toList();
    }

    /** Nobody's terminal or log is the place for a password. */
    private String rendered(String key) {
        var value = effective.getValue(key);
        if (key.endsWith("password")) return value.unwrapped().equals("") ? "" : "***";
        return value.unwrapped() instanceof String text ? text : value.render(ConfigRenderOptions.concise());
    }

    private String origin(String key) {
        return layers.stream()
                .filter(layer -> layer.config().hasPathOrNull(key))
                .map(Layer::name)
                .findFirst()
                .orElse("default");
    }

    private static Layer fromCommandLine(Map<String, String> options) {
        var config = ConfigFactory.empty("command line");
        for (var option : options.entrySet()) {
            config = config.withFallback(single(option.getKey(), option.getValue(), "command line"));
        }
        return new Layer("command line", config);
    }

    /**
     * {@code parvi.http.port} is read from {@code PARVI_HTTP_PORT}. Other variables that begin with {@code PARVI_} are not
     * mistakes: Kubernetes sets some for every service, whatever its name.
     */
    private static Layer fromEnvironment(Map<String, String> environment, Set<String> known) {
        var config = ConfigFactory.empty("environment");
        for (var key : known) {
            var variable = key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
            if (environment.containsKey(variable)) {
                config = config.withFallback(single(key, environment.get(variable), "environment " + variable));
            }
        }
        return new Layer("environment", config);
    }

    private static Layer fromFile(Path file) {
        if (!Files.isReadable(file)) throw StartFailure.usage("The settings file " + file + " cannot be read.");
        try {
            return new Layer("file " + file, ConfigFactory.parseFile(file.toFile()));
        } catch (ConfigException e) {
            throw StartFailure.usage("The settings file is not HOCON: " + e.getMessage() + ".");
        }
    }

    private static Layer overlay(List<Layer> own) {
        var name = own.stream()
                .map(Layer::config)
                .filter(config -> config.hasPath(OVERLAY_KEY))
                .map(config -> config.getString(OVERLAY_KEY))
                .findFirst()
                .orElse("local");
        if (!OVERLAYS.contains(name)) {
            throw StartFailure.usage(
                    OVERLAY_KEY + " is \"" + name + "\" but must be one of " + String.join(", ", OVERLAYS) + ".");
        }
        return new Layer("overlay " + name, ConfigFactory.parseResources("parvi-overlay-" + name + ".conf"));
    }

    /** Lists and objects are read as such; everything else is text, so that a URL needs no quotes. */
    private static Config single(String key, String value, String origin) {
        if (value.startsWith("[") || value.startsWith("{")) {
            try {
                return ConfigFactory.parseString(key + " = " + value);
            } catch (ConfigException e) {
                throw StartFailure.usage("The value of " + key + " cannot be read (" + origin + "): " + value + ".");
            }
        }
        try {
            return ConfigFactory.empty().withValue(key, ConfigValueFactory.fromAnyRef(value, origin));
        } catch (ConfigException.BadPath e) {
            throw StartFailure.usage("\"" + key + "\" is not a key (" + origin + ").");
        }
    }

    /** One key as it is in force. */
    public record Setting(String key, String value, String origin) {}

    private record Layer(String name, Config config) {
        List<String> parviKeys() {
            return config.root().containsKey("parvi") ? leaves(config.getObject("parvi"), "parvi") : List.of();
        }

        private static List<String> leaves(Map<String, ? extends Object> object, String path) {
            return object.entrySet().stream()
                    .flatMap(entry -> {
                        var key = path + "."
                                + ConfigUtil.quoteString(entry.getKey()).replace("\"", "");
                        return entry.getValue() instanceof Map<?, ?> nested
                                ? leaves(asObject(nested), key).stream()
                                : List.of(key).stream();
                    })
                    .toList();
        }

        private static Map<String, Object> asObject(Map<?, ?> map) {
            return map.entrySet().stream()
                    .collect(Collectors.toMap(entry -> String.valueOf(entry.getKey()), Map.Entry::getValue));
        }

        void refuseUnknown(Set<String> known) {
            for (var key : parviKeys()) {
                if (known.contains(key)) continue;
                throw StartFailure.usage("There is no setting " + key + " (" + name + "); did you mean "
                        + Spelling.nearest(key, known) + "?");
            }
        }
    }

    /** Finds what somebody who mistyped a word most likely meant. */
    static final class Spelling {
        private Spelling() {}

        /** The candidate with the fewest edits; candidates must not be empty. */
        static String nearest(String word, Collection<String> candidates) {
            return candidates.stream()
                    .min(Comparator.comparingInt((String candidate) -> edits(word, candidate))
                            .thenComparing(Comparator.naturalOrder()))
                    .orElseThrow();
        }

        /** Levenshtein's distance, one row at a time. */
        private static int edits(String from, String to) {
            var row = new int[to.length() + 1];
            for (int j = 0; j <= to.length(); j++) row[j] = j;
            for (int i = 1; i <= from.length(); i++) {
                int diagonal = row[0];
                row[0] = i;
                for (int j = 1; j <= to.length(); j++) {
                    int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                    diagonal = row[j];
                    row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
                }
            }
            return row[to.length()];
        }
    }
}
