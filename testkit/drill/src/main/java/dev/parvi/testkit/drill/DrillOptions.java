package dev.parvi.testkit.drill;

import dev.parvi.entity.Entity;
import dev.parvi.runtime.ConfigLayers;
import dev.parvi.runtime.StartFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a person can say about a drill. */
final class DrillOptions {
    private static final Duration DURATION = Duration.ofMinutes(5);
    private static final Duration DURATION_MIN = Duration.ofSeconds(10);
    private static final Duration DURATION_MAX = Duration.ofHours(24);
    private static final int NODES_MAX = 9;
    private static final int SEEDS = 1_000_000;
    private static final String SAMPLE = "account";

    @Option(names = "--seed", paramLabel = "N", description = "What decides on faults and requests. Default: random")
    private @Nullable Long seed;

    @Option(names = "--minutes", paramLabel = "N", description = "How long things go wrong. Default: 5")
    private @Nullable Long minutes;

    @Option(names = "--seconds", paramLabel = "N", description = "The same in seconds.")
    private @Nullable Long seconds;

    @Option(names = "--nodes", paramLabel = "N", defaultValue = "3", description = "How many nodes. Default: 3")
    private int nodes;

    @Option(names = "--clients", paramLabel = "N", defaultValue = "8", description = "How many clients. Default: 8")
    private int clients;

    @Option(
            names = "--ids",
            paramLabel = "N",
            defaultValue = "40",
            description = "How many entities of each type. Default: 40")
    private int ids;

    @Option(names = "--entities", paramLabel = "DIR", description = "Folder with jars of entities. May be repeated.")
    private List<Path> folders = new ArrayList<>();

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            description = "Which of them. May be repeated. Default: all of the jars; without jars, account")
    private List<String> types = new ArrayList<>();

    @Option(
            names = "--send",
            paramLabel = "COMMAND",
            description = "What to send, such as 'deposit {\"amount\": 1}', in place of requests that are made up."
                    + " May be repeated.")
    private List<String> sends = new ArrayList<>();

    @Option(
            names = "--only",
            paramLabel = "MISHAP",
            description = "What goes wrong, such as kill-one. May be repeated. Default: all that this machine allows")
    private List<String> only = new ArrayList<>();

    @Option(
            names = "--store",
            paramLabel = "URL",
            description = "A store that nothing else is in. Default: the embedded one, on a file of its own")
    private @Nullable String store;

    @Option(names = "--report", paramLabel = "FILE", description = "Where the report goes. Default: drill-<seed>.html")
    private @Nullable Path report;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Any one setting of the nodes. May be repeated.")
    private Map<String, String> settings = new LinkedHashMap<>();

    List<Path> folders() {
        return List.copyOf(folders);
    }

    /** Where the report goes. Throws now, and not after the drill, if it cannot go there. */
    Path report() {
        var file = Objects.requireNonNullElseGet(report, () -> Path.of("drill-" + seed() + ".html"));
        var parent = file.toAbsolutePath().getParent();
        if (parent == null || !Files.isDirectory(parent))
            throw StartFailure.usage("--report " + file + ": there is no folder " + parent + '.');
        if (Files.isDirectory(file)) throw StartFailure.usage("--report " + file + " is a folder, not a file.");
        if (!Files.isWritable(Files.exists(file) ? file : parent))
            throw StartFailure.usage("--report " + file + " cannot be written.");
        return file;
    }

    /** @param arguments as they were typed */
    Plan toPlan(List<Entity<?, ?>> entities, Path folder, List<String> arguments) {
        requireBetween("--nodes", nodes, 1, NODES_MAX);
        requireBetween("--clients", clients, 1, 200);
        requireBetween("--ids", ids, 1, 10_000);
        if (String.valueOf(store).startsWith("memory:"))
            throw StartFailure.usage("--store memory: ends with its node; a drill needs a store that outlives it.");
        var requests = Requests.of(entities, wanted(entities), sends);
        return new Plan(
                seed(),
                command(arguments),
                duration(),
                nodes,
                mishaps(),
                clients,
                ids,
                requests,
                Objects.requireNonNullElse(store, "the embedded store, one file"),
                ConfigLayers.of(System.getenv(), List.of(), keys(folder)).effective(),
                nodeArguments(),
                store == null ? "" : "drill-" + Long.toString(System.currentTimeMillis() / 1000, 36) + '-',
                folder,
                folders.isEmpty() ? List.of(SAMPLE) : List.of());
    }

    private List<Mishap> mishaps() {
        var all = Arrays.asList(Mishap.values());
        if (only.isEmpty()) return all;
        var options = all.stream().map(Mishap::option).toList();
        for (var name : only)
            if (!options.contains(name))
                throw StartFailure.usage("--only " + name + ": there are " + String.join(", ", options) + '.');
        var chosen =
                all.stream().filter(mishap -> only.contains(mishap.option())).toList();
        for (var mishap : chosen)
            if (!mishap.fits(nodes))
                throw StartFailure.usage("--only " + mishap.option() + " needs more than " + nodes + " nodes.");
        return chosen;
    }

    long seed() {
        if (seed == null) seed = (long) new SecureRandom().nextInt(SEEDS);
        return seed;
    }

    Duration duration() {
        if (minutes != null && seconds != null)
            throw StartFailure.usage("--minutes and --seconds say the same: give one of them.");
        var duration = minutes != null ? minutes(minutes) : seconds != null ? Duration.ofSeconds(seconds) : DURATION;
        if (duration.compareTo(DURATION_MIN) < 0 || duration.compareTo(DURATION_MAX) > 0)
            throw StartFailure.usage("A drill takes from " + DURATION_MIN.toSeconds() + " seconds to "
                    + DURATION_MAX.toHours() + " hours.");
        return duration;
    }

    private static Duration minutes(long minutes) {
        return Duration.ofMinutes(Math.min(Math.max(minutes, 0), DURATION_MAX.toMinutes() + 1));
    }

    private static void requireBetween(String option, int value, int min, int max) {
        if (value < min || value > max)
            throw StartFailure.usage(option + " must be between " + min + " and " + max + ", but is " + value + '.');
    }

    /** Of the jars all types, unless some are named; without jars, the sample that every command is stored by. */
    private List<String> wanted(List<Entity<?, ?>> entities) {
        if (!types.isEmpty()) return types;
        if (folders.isEmpty()) return List.of(SAMPLE);
        var ours = DrillOptions.class.getClassLoader();
        return entities.stream()
                .filter(entity -> entity.getClass().getClassLoader() != ours)
                .map(entity -> entity.type().name())
                .toList();
    }

    private Map<String, String> keys(Path folder) {
        var keys = new LinkedHashMap<>(settings);
        keys.put("parvi.node.data", folder.toString());
        if (store != null) keys.put("parvi.persistence.store", store);
        return keys;
    }

    private List<String> nodeArguments() {
        var arguments = new ArrayList<String>();
        for (var each : folders) arguments.addAll(List.of("--entities", each.toString()));
        settings.forEach((key, value) -> arguments.addAll(List.of("--set", key + '=' + value)));
        if (store == null) return arguments;
        arguments.addAll(List.of("--store", store));
        // So that the next drill finds itself the owner of the store that this one has used.
        if (!settings.containsKey("parvi.node.cluster")) arguments.addAll(List.of("--set", "parvi.node.cluster=drill"));
        return arguments;
    }

    private String command(List<String> arguments) {
        var all = new ArrayList<>(List.of("parvi", "drill"));
        if (arguments.stream().noneMatch(each -> each.startsWith("--seed"))) all.addAll(List.of("--seed", "" + seed()));
        all.addAll(arguments);
        return all.stream().map(DrillOptions::quoted).collect(Collectors.joining(" "));
    }

    /** As a shell takes it for one word. */
    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_./:=@%+,-]+") ? word : '\'' + word.replace("'", "'\\''") + '\'';
    }
}
