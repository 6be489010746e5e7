package dev.parvi.sharding;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import dev.parvi.entity.CommandPipeline;
import java.time.Duration;

/**
 * How entities are placed and kept, read from {@code parvi.sharding}; {@code reference.conf} explains each key.
 *
 * @param shards how many parts the ids of a type are cut into; the same on all nodes, for ever
 * @param attemptTimeout how long one attempt waits for its answer
 * @param passivateAfter an entity idle for this long leaves memory
 * @param liveEntitiesMax how many entities of one type a node keeps in memory
 * @param snapshotEvery a snapshot after so many events
 * @param quarantineRetry how long an entity that cannot replay is left alone
 * @param limits how many outcomes an entity remembers
 */
public record ShardingSettings(
        int shards,
        Duration attemptTimeout,
        Duration passivateAfter,
        int liveEntitiesMax,
        int snapshotEvery,
        Duration quarantineRetry,
        CommandPipeline.Limits limits) {
    private static final String PATH = "parvi.sharding";

    public ShardingSettings {
        requirePositive("shards", shards);
        requirePositive("attempt-timeout", attemptTimeout.toMillis());
        requirePositive("passivate-after", passivateAfter.toMillis());
        requirePositive("live-entities-max", liveEntitiesMax);
        requirePositive("snapshot-every", snapshotEvery);
        requirePositive("quarantine-retry", quarantineRetry.toMillis());
    }

    /** Reads the settings from the root of a configuration. A wrong value ends in an exception that names its key. */
    public static ShardingSettings from(Config root) {
        var config = root.getConfig(PATH);
        return new ShardingSettings(
                config.getInt("shards"),
                config.getDuration("attempt-timeout"),
                config.getDuration("passivate-after"),
                config.getInt("live-entities-max"),
                config.getInt("snapshot-every"),
                config.getDuration("quarantine-retry"),
                limits(config));
    }

    private static CommandPipeline.Limits limits(Config config) {
        try {
            return new CommandPipeline.Limits(config.getInt("outcomes-max"), config.getDuration("outcome-age-max"));
        } catch (IllegalArgumentException wrong) {
            throw new ConfigException.BadValue(PATH, String.valueOf(wrong.getMessage()));
        }
    }

    private static void requirePositive(String key, long value) {
        if (value <= 0) throw new ConfigException.BadValue(PATH + "." + key, "must be positive, is " + value);
    }
}
