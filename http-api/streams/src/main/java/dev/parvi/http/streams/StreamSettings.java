package dev.parvi.http.streams;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * How streams behave: everything under {@code parvi.http.streams}, explained in {@code reference.conf}.
 *
 * @param streamsMax how many at once on this node
 * @param heartbeat the longest silence
 * @param poll how often a feed that has reached its end looks for more
 * @param pageMax the most events that a page may be asked for
 */
public record StreamSettings(int streamsMax, Duration heartbeat, Duration poll, int pageMax) {
    public StreamSettings {
        require(streamsMax >= 0, "streams-max", "must not be negative", streamsMax);
        require(heartbeat.toMillis() >= 10, "heartbeat", "must be at least 10ms", heartbeat);
        require(poll.toMillis() >= 1, "poll", "must be at least 1ms", poll);
        require(pageMax >= 1 && pageMax <= 10_000, "page-max", "must be 1 to 10000", pageMax);
    }

    /** Reads {@code parvi.http.streams}. Throws if a value is out of bounds; the message names the key. */
    public static StreamSettings from(Config config) {
        var streams = config.getConfig("parvi.http.streams");
        return new StreamSettings(
                streams.getInt("streams-max"),
                streams.getDuration("heartbeat"),
                streams.getDuration("poll"),
                streams.getInt("page-max"));
    }

    private static void require(boolean fulfilled, String key, String rule, Object value) {
        if (!fulfilled) throw new IllegalArgumentException("parvi.http.streams." + key + " " + rule + ", not " + value);
    }
}
