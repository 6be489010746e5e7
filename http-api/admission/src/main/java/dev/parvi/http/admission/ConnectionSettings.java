package dev.parvi.http.admission;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * What clients may keep open, and how slow they may be: a part of {@code parvi.http}, explained in {@code reference.conf}.
 *
 * @param connectionsMax how many at once
 * @param connectionsPerSourceMax how many at once of one address; 0 for no bound
 * @param pipeliningMax how many requests of one connection may be under way
 * @param headTimeout how long a head may take, from the accept or from its first byte
 * @param idleTimeout how long a connection may be silent
 * @param answerTimeout how long a client may take to read an answer, beside what {@code answerRateMin} allows for its length
 * @param answerRateMin the bytes a second that a client must read
 * @param answersBytesMax what all answers may weigh together that wait to be read
 */
public record ConnectionSettings(
        int connectionsMax,
        int connectionsPerSourceMax,
        int pipeliningMax,
        Duration headTimeout,
        Duration idleTimeout,
        Duration answerTimeout,
        int answerRateMin,
        long answersBytesMax) {
    private static final int PIPELINING_CEILING = 1024;

    public ConnectionSettings {
        require(connectionsMax > 0, "connections-max", "must be positive", connectionsMax);
        require(
                connectionsPerSourceMax >= 0,
                "connections-per-source-max",
                "must not be negative",
                connectionsPerSourceMax);
        require(
                pipeliningMax > 0 && pipeliningMax <= PIPELINING_CEILING,
                "pipelining-max",
                "must be 1 to " + PIPELINING_CEILING,
                pipeliningMax);
        require(headTimeout.toMillis() > 0, "head-timeout", "must be positive", headTimeout);
        require(
                headTimeout.compareTo(idleTimeout) <= 0,
                "head-timeout",
                "must not be longer than idle-timeout",
                headTimeout);
        require(answerTimeout.toMillis() > 0, "answer-timeout", "must be positive", answerTimeout);
        require(answerRateMin > 0, "answer-rate-min", "must be positive", answerRateMin);
        require(answersBytesMax > 0, "answers-bytes-max", "must be positive", answersBytesMax);
    }

    /** Reads {@code parvi.http}. Throws if a value is out of bounds; the message names the key. */
    public static ConnectionSettings from(Config config) {
        var http = config.getConfig("parvi.http");
        return new ConnectionSettings(
                http.getInt("connections-max"),
                http.getInt("connections-per-source-max"),
                http.getInt("pipelining-max"),
                http.getDuration("head-timeout"),
                http.getDuration("idle-timeout"),
                http.getDuration("answer-timeout"),
                Math.toIntExact(http.getBytes("answer-rate-min")),
                http.getBytes("answers-bytes-max"));
    }

    private static void require(boolean fulfilled, String key, String rule, Object value) {
        if (!fulfilled) throw new IllegalArgumentException("parvi.http." + key + " " + rule + ", not " + value);
    }
}
