package dev.parvi.http.admission;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * How much work a node takes on: a part of {@code parvi.http}, explained in {@code reference.conf}.
 *
 * @param requestsMax how many requests may be at work at once
 * @param requestsMin how many may be, however slow the answers are
 * @param queueMax how many more may wait for a place
 * @param queueWait for how long
 * @param latencyTarget answers that take longer say that there are too many
 * @param bodiesBytesMax what the long bodies of all requests may weigh together
 * @param entityRateMax commands a second for one entity; 0 for no bound
 * @param sourceRateMax requests a second of one caller; 0 for no bound
 * @param ratesMax how many entities, and how many callers, are told apart
 */
public record AdmissionSettings(
        int requestsMax,
        int requestsMin,
        int queueMax,
        Duration queueWait,
        Duration latencyTarget,
        long bodiesBytesMax,
        double entityRateMax,
        double sourceRateMax,
        int ratesMax) {
    public AdmissionSettings {
        require(requestsMax > 0, "requests-max", "must be positive", requestsMax);
        require(
                requestsMin > 0 && requestsMin <= requestsMax,
                "requests-min",
                "must be 1 to requests-max",
                requestsMin);
        require(queueMax >= 0, "queue-max", "must not be negative", queueMax);
        require(queueWait.toMillis() > 0, "queue-wait", "must be positive", queueWait);
        require(latencyTarget.toMillis() > 0, "latency-target", "must be positive", latencyTarget);
        require(bodiesBytesMax > 0, "bodies-bytes-max", "must be positive", bodiesBytesMax);
        require(entityRateMax >= 0, "rates.entity-max", "must not be negative", entityRateMax);
        require(sourceRateMax >= 0, "rates.source-max", "must not be negative", sourceRateMax);
        require(ratesMax >= 16, "rates.entries-max", "must be at least 16", ratesMax);
    }

    /** Reads {@code parvi.http}. Throws if a value is out of bounds; the message names the key. */
    public static AdmissionSettings from(Config config) {
        var http = config.getConfig("parvi.http");
        return new AdmissionSettings(
                http.getInt("requests-max"),
                http.getInt("requests-min"),
                http.getInt("queue-max"),
                http.getDuration("queue-wait"),
                http.getDuration("latency-target"),
                http.getBytes("bodies-bytes-max"),
                http.getDouble("rates.entity-max"),
                http.getDouble("rates.source-max"),
                http.getInt("rates.entries-max"));
    }

    private static void require(boolean fulfilled, String key, String rule, Object value) {
        if (!fulfilled) throw new IllegalArgumentException("parvi.http." + key + " " + rule + ", not " + value);
    }
}
