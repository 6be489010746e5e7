package dev.parvi.runtime;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a node is told under {@code parvi.node}; the keys and what goes wrong when they are too low or too high stand in this
 * module's {@code reference.conf}.
 *
 * @param outboundHost where connections to other nodes come from; empty leaves it to the machine
 * @param contactPoints where to find the other nodes, as {@code host:port}; empty means in the data folder
 * @param requiredContactPoints how many of them must answer before a cluster is founded, at least 1
 */
public record NodeSettings(
        String name,
        String cluster,
        Path data,
        List<Path> entityFolders,
        LogStyle log,
        String host,
        int port,
        String outboundHost,
        String managementHost,
        int managementPort,
        List<String> contactPoints,
        int requiredContactPoints,
        Duration giveUpAfter,
        Duration readinessTimeout,
        Duration readinessTolerance,
        Duration starvedAfter,
        Duration drainNotice,
        Duration drainRequests) {

    private static final String AT = "parvi.node.";
    private static final Pattern CONTACT_POINT = Pattern.compile("[^\\s:]+:\\d{1,5}");

    public NodeSettings {
        requirePort("port", port);
        requirePort("management.port", managementPort);
        require(!data.toString().isBlank(), "data", "must name a folder");
        require(!host.isBlank(), "host", "must not be empty");
        require(!managementHost.isBlank(), "management.host", "must not be empty");
        for (var contactPoint : contactPoints) {
            require(
                    CONTACT_POINT.matcher(contactPoint).matches(),
                    "formation.contact-points",
                    "must be a list of \"host:port\", but holds \"" + contactPoint + "\"");
        }
        require(
                requiredContactPoints >= 1 && requiredContactPoints <= Math.max(1, contactPoints.size()),
                "formation.required-contact-points",
                "must be between 0 and the number of contact points");
        requirePositive("formation.give-up-after", giveUpAfter);
        requirePositive("readiness.timeout", readinessTimeout);
        requirePositive("readiness.tolerance", readinessTolerance);
        requirePositive("liveness.starved-after", starvedAfter);
        requirePositive("drain.requests", drainRequests);
        require(!drainNotice.isNegative(), "drain.notice", "must not be negative");
        contactPoints = List.copyOf(contactPoints);
        entityFolders = List.copyOf(entityFolders);
    }

    /** Reads the settings. Throws {@link StartFailure} that names the key at fault. */
    public static NodeSettings from(Config config) {
        return reading(() -> {
            var node = config.getConfig("parvi.node");
            var contactPoints = node.getStringList("formation.contact-points");
            int required = node.getInt("formation.required-contact-points");
            return new NodeSettings(
                    node.getString("name"),
                    node.getString("cluster"),
                    Path.of(node.getString("data")),
                    node.getStringList("entities").stream().map(Path::of).toList(),
                    LogStyle.of(node.getString("log")),
                    node.getString("host"),
                    node.getInt("port"),
                    config.getString("pekko.remote.artery.advanced.tcp.outbound-client-hostname"),
                    node.getString("management.host"),
                    node.getInt("management.port"),
                    contactPoints,
                    required == 0 ? contactPoints.size() / 2 + 1 : required,
                    node.getDuration("formation.give-up-after"),
                    node.getDuration("readiness.timeout"),
                    node.getDuration("readiness.tolerance"),
                    node.getDuration("liveness.starved-after"),
                    node.getDuration("drain.notice"),
                    node.getDuration("drain.requests"));
        });
    }

    /** Reads settings of any module. Throws {@link StartFailure} in place of whatever the module throws for a wrong value. */
    static <T> T reading(Supplier<T> settings) {
        try {
            return settings.get();
        } catch (ConfigException | IllegalArgumentException e) {
            throw StartFailure.usage("A setting is wrong: " + sentence(e.getMessage()));
        }
    }

    /** The configuration for the actor system: what was read, and what Pekko must be told because of it. */
    Config forActorSystem(Config config) {
        var bootstrap = "pekko.management.cluster.bootstrap.";
        var derived = new TreeMap<String, Object>(Map.of(
                bootstrap + "contact-point-discovery.required-contact-point-nr",
                requiredContactPoints,
                "pekko.coordinated-shutdown.phases.before-service-unbind.timeout",
                drainNotice.plusSeconds(5),
                "pekko.coordinated-shutdown.phases.service-unbind.timeout",
                drainRequests.plusSeconds(5)));
        if (formsInDataFolder()) derived.put(bootstrap + "join-decider.class", FounderDecider.class.getName());
        return ConfigFactory.parseMap(derived, "derived from parvi.node").withFallback(config);
    }

    boolean formsInDataFolder() {
        return contactPoints.isEmpty();
    }

    /** On one line, with one full stop at its end. */
    public static String sentence(@Nullable String message) {
        var line = String.valueOf(message)
                .lines()
                .findFirst()
                .orElse("no reason was given")
                .strip();
        return line.endsWith(".") ? line : line + ".";
    }

    private static void requirePort(String key, int port) {
        require(port >= 0 && port <= 65535, key, "must be a port between 0 and 65535, but is " + port);
    }

    private static void requirePositive(String key, Duration value) {
        require(!value.isNegative() && !value.isZero(), key, "must be longer than zero");
    }

    private static void require(boolean holds, String key, String rule) {
        if (!holds) throw StartFailure.usage(AT + key + " " + rule + ".");
    }

    /** How log lines look. */
    public enum LogStyle {
        AUTO,
        HUMAN,
        JSON;

        static LogStyle of(String name) {
            for (var style : values()) {
                if (style.name().toLowerCase(Locale.ROOT).equals(name)) return style;
            }
            throw StartFailure.usage(AT + "log must be auto, human or json, but is \"" + name + "\".");
        }
    }
}
