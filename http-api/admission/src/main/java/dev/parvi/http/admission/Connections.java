package dev.parvi.http.admission;

import dev.parvi.http.admission.Connection.Patience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * All connections of a node. When there is no room for one more, those make it whose clients have let the node wait longest:
 * a newcomer that sends its request gets in, however many others are silent.
 */
final class Connections {
    /** Of how many one is cut at once, so that not every newcomer has to look through all. */
    private static final int SHED_SHARE = 64;

    private static final Duration LINGER = Duration.ofSeconds(5);
    /** Of a node that leaves: requests that are nearly here are still answered. */
    private static final Duration HEAD_WHEN_LEAVING = Duration.ofSeconds(1);

    private static final Duration LINGER_WHEN_LEAVING = Duration.ofMillis(500);

    private final ConnectionSettings settings;
    private final Counters counters;
    private final Set<Connection> all = ConcurrentHashMap.newKeySet();
    private final AtomicInteger size = new AtomicInteger();
    private final Map<Source, Integer> bySource = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> empty = new CompletableFuture<>();
    private final AtomicLong unreadBytes = new AtomicLong();
    private volatile boolean leaving;

    Connections(ConnectionSettings settings, Counters counters) {
        this.settings = settings;
        this.counters = counters;
    }

    int size() {
        return size.get();
    }

    /** A new connection, or null if it cannot be had. One thread at a time may call this. */
    @Nullable
    Connection enter(Source source, long nowNanos) {
        var max = settings.connectionsPerSourceMax();
        if (max > 0 && bySource.getOrDefault(source, 0) >= max) {
            counters.count(Reason.CONNECTIONS_PER_SOURCE_MAX);
            return null;
        }
        if (size.get() >= settings.connectionsMax() && !shed(nowNanos)) {
            counters.count(Reason.CONNECTIONS_MAX);
            return null;
        }
        var connection = new Connection(source, settings, this::weigh, nowNanos);
        size.incrementAndGet();
        if (max > 0) bySource.merge(source, 1, Integer::sum);
        all.add(connection);
        return connection;
    }

    /** The connection is no more. Calling it again changes nothing. */
    void leave(Connection connection) {
        if (!all.remove(connection)) return;
        size.decrementAndGet();
        bySource.computeIfPresent(connection.source(), (source, count) -> count == 1 ? null : count - 1);
        if (leaving && all.isEmpty()) empty.complete(null);
    }

    /** Cuts whoever has let the node wait for too long. */
    void sweep(long nowNanos) {
        var patience = leaving
                ? new Patience(HEAD_WHEN_LEAVING, Duration.ZERO, LINGER_WHEN_LEAVING)
                : new Patience(settings.headTimeout(), settings.idleTimeout(), LINGER);
        for (var connection : all) {
            var reason = connection.overdue(nowNanos, patience);
            if (reason != null) cut(connection, reason);
        }
    }

    /** From now on, idle connections are cut. Completes when none is left. */
    CompletableFuture<Void> endIdle(long nowNanos) {
        leaving = true;
        sweep(nowNanos);
        if (all.isEmpty()) empty.complete(null);
        return empty;
    }

    void cutAll() {
        for (var connection : all) cut(connection, Reason.STOPPING);
    }

    /** Answers wait in memory for their readers: if all of them together are too much, the slowest readers lose theirs. */
    private void weigh(int bytes) {
        if (unreadBytes.addAndGet(bytes) <= settings.answersBytesMax() || bytes <= 0) return;
        var now = System.nanoTime();
        var readers = all.stream()
                .filter(connection -> connection.unreadBytes() > 0)
                .map(connection -> new Candidate(connection, connection.unreadNanos(now)))
                .sorted(Comparator.comparingLong(Candidate::rank).reversed())
                .toList();
        var held = readers.stream()
                .mapToLong(reader -> reader.connection.unreadBytes())
                .sum();
        for (var reader : readers) {
            if (held <= settings.answersBytesMax() / 8 * 7) return;
            held -= reader.connection.unreadBytes();
            cut(reader.connection, Reason.SLOW_ANSWER);
        }
    }

    private boolean shed(long nowNanos) {
        var candidates = new ArrayList<Candidate>();
        for (var connection : all) {
            var rank = connection.sheddable(nowNanos);
            if (rank >= 0) candidates.add(new Candidate(connection, rank));
        }
        candidates.sort(Comparator.comparingLong(Candidate::rank).reversed());
        var count = Math.max(1, settings.connectionsMax() / SHED_SHARE);
        candidates.stream().limit(count).forEach(candidate -> cut(candidate.connection, Reason.SHED));
        return !candidates.isEmpty();
    }

    private void cut(Connection connection, Reason reason) {
        if (!connection.condemn(reason)) return;
        counters.count(reason);
        leave(connection);
        connection.cut();
    }

    private record Candidate(Connection connection, long rank) {}
}
