package dev.parvi.client;

import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Where the nodes are, and how patient a client is.
 *
 * @param nodes base addresses, such as {@code http://10.0.0.7:8080}; each of them serves every entity. A path before those of
 *     the entities is kept
 * @param timeout how long a call may take with all its attempts, if it does not say so itself
 * @param connectTimeout how long to wait for a connection before the next node is asked
 * @param silenceMax after how long without a sign of life a stream connects again; nodes give one every 15 seconds by default
 * @param headers sent with each request, for who stands before the nodes and asks for them
 */
public record ClientOptions(
        List<URI> nodes, Duration timeout, Duration connectTimeout, Duration silenceMax, Map<String, String> headers) {

    private static final Set<String> OWN_HEADERS =
            Set.of("accept", "content-type", "idempotency-key", "if-match", "last-event-id", "request-timeout");

    public ClientOptions {
        nodes = List.copyOf(nodes);
        headers = Map.copyOf(headers);
        if (nodes.isEmpty()) throw new IllegalArgumentException("nodes: name at least one");
        for (var node : nodes)
            if (!String.valueOf(node.getScheme()).matches("(?i)https?") || node.getHost() == null)
                throw new IllegalArgumentException(
                        "nodes: " + node + " is no address of a node; write one such as http://127.0.0.1:8080");
        headers.forEach(ClientOptions::checkHeader);
        requirePositive("timeout", timeout);
        requirePositive("connectTimeout", connectTimeout);
        requirePositive("silenceMax", silenceMax);
    }

    /** The nodes, 10 seconds for a call, 2 for a connection, and 40 of silence. */
    public static ClientOptions of(URI... nodes) {
        return new ClientOptions(
                List.of(nodes), Duration.ofSeconds(10), Duration.ofSeconds(2), Duration.ofSeconds(40), Map.of());
    }

    public ClientOptions withTimeout(Duration other) {
        return new ClientOptions(nodes, other, connectTimeout, silenceMax, headers);
    }

    public ClientOptions withConnectTimeout(Duration other) {
        return new ClientOptions(nodes, timeout, other, silenceMax, headers);
    }

    public ClientOptions withSilenceMax(Duration other) {
        return new ClientOptions(nodes, timeout, connectTimeout, other, headers);
    }

    /** With one more header, such as {@code Authorization}. */
    public ClientOptions withHeader(String name, String value) {
        var more = new HashMap<>(headers);
        more.put(name, value);
        return new ClientOptions(nodes, timeout, connectTimeout, silenceMax, more);
    }

    private static void checkHeader(String name, String value) {
        if (OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT)))
            throw new IllegalArgumentException("headers: " + name + " is set by each call itself");
        try {
            HttpRequest.newBuilder().setHeader(name, value);
        } catch (IllegalArgumentException impossible) {
            throw new IllegalArgumentException("headers: " + impossible.getMessage(), impossible);
        }
    }

    static void requirePositive(String name, Duration time) {
        if (time.isZero() || time.isNegative()) throw new IllegalArgumentException(name + ": must be above zero");
    }
}
