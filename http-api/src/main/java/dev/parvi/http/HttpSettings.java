package dev.parvi.http;

import com.typesafe.config.Config;
import dev.parvi.http.admission.AdmissionSettings;
import dev.parvi.http.admission.ConnectionSettings;
import dev.parvi.http.openapi.HttpContract;
import dev.parvi.http.streams.StreamSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * How the client port behaves: everything under {@code parvi.http}, explained in {@code reference.conf}.
 *
 * @param port 0 for a free one
 * @param gzipBytesMin how long an answer must be to be compressed
 */
public record HttpSettings(
        String host,
        int port,
        Limits limits,
        Waiting waiting,
        ConnectionSettings connections,
        AdmissionSettings admission,
        StreamSettings streams,
        Cors cors,
        int gzipBytesMin,
        boolean echoRoute) {
    private static final int DEPTH_CEILING = 100;

    public HttpSettings {
        require(!host.isBlank(), "host", "must not be empty", host);
        require(port >= 0 && port <= 65_535, "port", "must be 0 to 65535", port);
        require(
                connections.idleTimeout().compareTo(waiting.requestTimeoutMax()) > 0,
                "idle-timeout",
                "must be longer than request-timeout-max",
                connections.idleTimeout());
        require(
                connections.idleTimeout().compareTo(streams.heartbeat()) > 0,
                "streams.heartbeat",
                "must be shorter than idle-timeout",
                streams.heartbeat());
        require(gzipBytesMin > 0, "gzip-bytes-min", "must be positive", gzipBytesMin);
    }

    /** Reads {@code parvi.http}. Throws if a value is out of bounds; the message names the key. */
    public static HttpSettings from(Config config) {
        var http = config.getConfig("parvi.http");
        return new HttpSettings(
                http.getString("host"),
                http.getInt("port"),
                new Limits(
                        bytes(http, "body-bytes-max"),
                        http.getInt("depth-max"),
                        http.getInt("rule-elements-max"),
                        bytes(http, "id-bytes-max"),
                        http.getInt("key-length-max"),
                        bytes(http, "uri-bytes-max"),
                        bytes(http, "header-bytes-max"),
                        http.getInt("headers-max")),
                new Waiting(
                        http.getDuration("request-timeout"),
                        http.getDuration("request-timeout-max"),
                        http.getDuration("attempt-timeout"),
                        http.getDuration("backoff-min"),
                        http.getDuration("backoff-max")),
                ConnectionSettings.from(config),
                AdmissionSettings.from(config),
                StreamSettings.from(config),
                new Cors(http.getStringList("cors.allowed-origins"), http.getDuration("cors.max-age")),
                bytes(http, "gzip-bytes-min"),
                http.getBoolean("echo-route"));
    }

    /** The same on another port. */
    public HttpSettings withPort(int other) {
        return new HttpSettings(
                host, other, limits, waiting, connections, admission, streams, cors, gzipBytesMin, echoRoute);
    }

    /** What clients are told of it. */
    HttpContract toContract() {
        return new HttpContract(
                limits.idBytesMax,
                limits.keyLengthMax,
                limits.bodyBytesMax,
                waiting.requestTimeout,
                waiting.requestTimeoutMax,
                ProblemKind.toContract());
    }

    private static int bytes(Config config, String key) {
        var bytes = config.getBytes(key);
        require(bytes <= Integer.MAX_VALUE, key, "must be below 2 GiB", bytes);
        return bytes.intValue();
    }

    private static void require(boolean fulfilled, String key, String rule, Object value) {
        if (!fulfilled) throw new IllegalArgumentException("parvi.http." + key + " " + rule + ", not " + value);
    }

    private static void requirePositive(Duration value, String key) {
        require(!value.isNegative() && !value.isZero(), key, "must be positive", value);
    }

    /** What a request may measure. */
    public record Limits(
            int bodyBytesMax,
            int depthMax,
            int ruleElementsMax,
            int idBytesMax,
            int keyLengthMax,
            int uriBytesMax,
            int headerBytesMax,
            int headersMax) {
        public Limits {
            require(bodyBytesMax > 0, "body-bytes-max", "must be positive", bodyBytesMax);
            require(depthMax >= 2 && depthMax <= DEPTH_CEILING, "depth-max", "must be 2 to 100", depthMax);
            require(ruleElementsMax > 0, "rule-elements-max", "must be positive", ruleElementsMax);
            require(idBytesMax > 0, "id-bytes-max", "must be positive", idBytesMax);
            require(keyLengthMax >= 22, "key-length-max", "must be at least 22", keyLengthMax);
            require(uriBytesMax >= 3 * idBytesMax, "uri-bytes-max", "must be 3 times id-bytes-max", uriBytesMax);
            require(headerBytesMax >= 256, "header-bytes-max", "must be at least 256", headerBytesMax);
            require(headersMax >= 8, "headers-max", "must be at least 8", headersMax);
        }
    }

    /** How long a request waits, and how it spends that time. */
    public record Waiting(
            Duration requestTimeout,
            Duration requestTimeoutMax,
            Duration attemptTimeout,
            Duration backoffMin,
            Duration backoffMax) {
        private static final int DOUBLINGS_MAX = 20;

        public Waiting {
            requirePositive(requestTimeout, "request-timeout");
            require(
                    requestTimeoutMax.compareTo(requestTimeout) >= 0,
                    "request-timeout-max",
                    "must not be below request-timeout",
                    requestTimeoutMax);
            requirePositive(attemptTimeout, "attempt-timeout");
            requirePositive(backoffMin, "backoff-min");
            require(backoffMax.compareTo(backoffMin) >= 0, "backoff-max", "must not be below backoff-min", backoffMax);
        }

        /** The pause after the given attempt, the first being 0. {@code jitter} lies between 0 and 1. */
        Duration backoff(int attempt, double jitter) {
            var doubled = backoffMin.toNanos() * (1L << Math.min(attempt, DOUBLINGS_MAX));
            var ceiling = Math.min(doubled, backoffMax.toNanos());
            return Duration.ofNanos(ceiling / 2 + (long) (ceiling / 2 * jitter));
        }
    }

    /** The pages of other origins that may read answers. */
    public record Cors(List<String> allowedOrigins, Duration maxAge) {
        private static final String ANY = "*";

        public Cors {
            allowedOrigins = List.copyOf(allowedOrigins);
            for (var origin : allowedOrigins)
                require(
                        origin.equals(ANY) ? allowedOrigins.size() == 1 : isOrigin(origin),
                        "cors.allowed-origins",
                        "must be [\"*\"], or list origins as browsers send them, such as https://shop.example.org or"
                                + " http://localhost:3000: in lower case, without a path and without the scheme's own port",
                        origin);
            require(!maxAge.isNegative(), "cors.max-age", "must not be negative", maxAge);
        }

        boolean isOff() {
            return allowedOrigins.isEmpty();
        }

        boolean isForAll() {
            return allowedOrigins.contains(ANY);
        }

        /** What a browser never sends would be a line that never works. */
        private static boolean isOrigin(String text) {
            try {
                var uri = new URI(text);
                var isUsual = uri.getPort() == 443 && "https".equals(uri.getScheme())
                        || uri.getPort() == 80 && "http".equals(uri.getScheme());
                var origin = uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
                return uri.getHost() != null && !isUsual && text.equals(origin.toLowerCase(Locale.ROOT));
            } catch (URISyntaxException none) {
                return false;
            }
        }
    }
}
