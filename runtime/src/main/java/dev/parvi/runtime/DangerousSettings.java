package dev.parvi.runtime;

import com.typesafe.config.Config;
import java.util.List;
import java.util.function.Predicate;

/**
 * Combinations of settings that look harmless and lose availability or data. A node refuses to start with any of them and says
 * why. Each was seen to fail.
 */
final class DangerousSettings {
    private static final String CLUSTER = "pekko.cluster.";

    private static final List<Danger> DANGERS = List.of(
            new Danger(
                    CLUSTER + "min-nr-of-members",
                    config -> config.getInt(CLUSTER + "min-nr-of-members") != 1,
                    "must stay 1: with more, shards of a crashed oldest node may never be given out again"),
            new Danger(
                    "pekko.remote.artery.propagate-harmless-quarantine-events",
                    config -> config.getBoolean("pekko.remote.artery.propagate-harmless-quarantine-events"),
                    "must be off: one sick node can take the whole cluster down"),
            new Danger(
                    CLUSTER + "sharding.remember-entities",
                    config -> config.getBoolean(CLUSTER + "sharding.remember-entities"),
                    "must be off: after a failover every entity would start at once"),
            new Danger(
                    CLUSTER + "sharding.state-store-mode",
                    config -> !config.getString(CLUSTER + "sharding.state-store-mode")
                            .equals("ddata"),
                    "must be ddata: the coordinator's state must not depend on the entity store"),
            new Danger(
                    CLUSTER + "distributed-data.durable.keys",
                    config -> !config.getList(CLUSTER + "distributed-data.durable.keys")
                            .isEmpty(),
                    "must be empty: replicated data is no cache for entities, and a stale one outlives them"),
            new Danger(
                    "pekko.actor.allow-java-serialization",
                    config -> config.getBoolean("pekko.actor.allow-java-serialization"),
                    "must be off: whoever reaches the cluster port could run code"),
            new Danger(
                    CLUSTER + "downing-provider-class",
                    config -> !config.getString(CLUSTER + "downing-provider-class")
                            .equals("org.apache.pekko.cluster.sbr.SplitBrainResolverProvider"),
                    "must name the split-brain resolver: without it nobody removes a dead node"),
            new Danger(
                    CLUSTER + "split-brain-resolver.active-strategy",
                    config -> !List.of("keep-majority", "static-quorum")
                            .contains(config.getString(CLUSTER + "split-brain-resolver.active-strategy")),
                    "must be keep-majority or static-quorum: the others keep both sides, or stop the healthy one"),
            new Danger(
                    CLUSTER + "down-removal-margin",
                    config -> config.getString(CLUSTER + "down-removal-margin").equals("off"),
                    "must be a time such as 1ms: off does not mean zero but as long as stable-after"),
            new Danger(
                    CLUSTER + "run-coordinated-shutdown-when-down",
                    config -> !config.getBoolean(CLUSTER + "run-coordinated-shutdown-when-down"),
                    "must be on: a removed node would go on without a cluster"),
            new Danger(
                    CLUSTER + "configuration-compatibility-check.enforce-on-join",
                    config -> !config.getBoolean(CLUSTER + "configuration-compatibility-check.enforce-on-join"),
                    "must be on: nodes with different split-brain settings decide differently"),
            new Danger(
                    CLUSTER + "sharding.use-lease",
                    config -> !config.getString(CLUSTER + "sharding.use-lease").isEmpty(),
                    "must be empty: leases per shard block hand-off, and the store fences already"),
            new Danger(
                    CLUSTER + "singleton.use-lease",
                    config -> !config.getString(CLUSTER + "singleton.use-lease").isEmpty(),
                    "must be empty: the store fences already, and a lost lease stops every shard"),
            new Danger(
                    "pekko.persistence.journal.plugin",
                    config -> !config.getString("pekko.persistence.journal.plugin")
                            .equals("parvi.journal"),
                    "must be parvi.journal: other journals let two owners of an entity both acknowledge"),
            new Danger(
                    "parvi.journal.replay-filter.mode",
                    config -> config.hasPath("parvi.journal.replay-filter.mode")
                            && !config.getString("parvi.journal.replay-filter.mode")
                                    .equals("fail"),
                    "must be fail: every other mode drops acknowledged events in silence"),
            new Danger(
                    "parvi.node.failure.unstable-after",
                    config -> config.getDuration("parvi.node.failure.unstable-after")
                                    .compareTo(config.getDuration("parvi.node.failure.stable-after")
                                            .plusSeconds(10))
                            < 0,
                    "must be at least 10s longer than parvi.node.failure.stable-after:"
                            + " a starved machine would stop every node"),
            new Danger(
                    "parvi.node.failure.acceptable-pause",
                    config -> config.getDuration("parvi.node.failure.acceptable-pause")
                                    .compareTo(config.getDuration("parvi.node.failure.heartbeat")
                                            .multipliedBy(3))
                            < 0,
                    "must be at least three times parvi.node.failure.heartbeat: two late heartbeats are no crash"));

    private DangerousSettings() {}

    /** Throws {@link StartFailure} that names the first dangerous setting and the reason. */
    static void refuse(Config config) {
        for (var danger : DANGERS) {
            if (danger.isPresent().test(config)) throw StartFailure.usage(danger.key() + " " + danger.reason() + ".");
        }
    }

    /** The keys that are watched, for the documentation's test. */
    static List<String> keys() {
        return DANGERS.stream().map(Danger::key).toList();
    }

    private record Danger(String key, Predicate<Config> isPresent, String reason) {}
}
