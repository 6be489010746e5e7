package dev.parvi.runtime.command;

import com.typesafe.config.Config;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.PersistenceSettings;
import dev.parvi.persistence.UnusableStore;
import dev.parvi.runtime.ConfigLayers;
import dev.parvi.runtime.NodeSettings;
import dev.parvi.runtime.StartFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every command that has to do with a store, nodes included. Each is a short form of a key. */
final class StoreOptions {
    private static final String SQLITE = "sqlite:";

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder for the store; one folder, one cluster. Default: ./data")
    @Nullable
    Path data;

    @Option(
            names = "--store",
            paramLabel = "URL",
            description = "Where events are kept. Default: sqlite:<data>/parvi.db")
    @Nullable
    String store;

    @Mixin
    SettingsOptions more = new SettingsOptions();

    /** The settings that these options, the environment and the files make together. */
    Config config() {
        return layers(Map.of()).effective();
    }

    /** The same, with what other options say. */
    ConfigLayers layers(Map<String, String> others) {
        var keys = new LinkedHashMap<>(others);
        put(keys, "parvi.node.data", data);
        put(keys, "parvi.persistence.store", store);
        return more.layers(keys);
    }

    static void put(Map<String, String> keys, String key, @Nullable Object value) {
        Optional.ofNullable(value).ifPresent(present -> keys.put(key, present.toString()));
    }

    /** Whoever mistypes a path wants to hear of it, not to read an empty store. */
    static void requireThere(Config config) {
        var url = PersistenceSettings.from(config).store();
        if (url.startsWith(SQLITE) && !Files.exists(Path.of(url.substring(SQLITE.length()))))
            throw StartFailure.of(
                    StartFailure.Exit.MACHINE, "There is no store at " + url + ": say which with --store or --data.");
    }

    /** Opens the store that the settings name; whatever is in the way ends the command with a sentence. */
    static EventStore open(Config config) {
        return orSentence(() -> EventStore.open(config));
    }

    /** Says what was done. */
    static String migrate(Config config) {
        return orSentence(() -> EventStore.migrate(config));
    }

    /** Does what may find a store or a setting unusable. */
    static <T> T orSentence(Supplier<T> work) {
        try {
            return work.get();
        } catch (UnusableStore failure) {
            throw StartFailure.of(StartFailure.Exit.MACHINE, NodeSettings.sentence(failure.getMessage()));
        } catch (IllegalArgumentException wrong) {
            throw StartFailure.usage(NodeSettings.sentence(wrong.getMessage()));
        }
    }
}
