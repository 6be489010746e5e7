package dev.parvi.persistence.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parvi.entity.NotServing;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.StoreClient;
import dev.parvi.persistence.cassandra.Newcomers.Arrival;
import dev.parvi.persistence.cassandra.server.CassandraServers;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * A ring of three of which one node freezes, then all, under a steady load, with the settings of production: of one nobody is told,
 * while all are silent callers are refused in time and nothing piles up, and nothing is lost.
 */
@Isolated("it measures latency, heap and threads")
final class PartialStallIT {
    private static final int CLIENTS = 16;
    private static final int ENTITIES_OF_EACH = 7;
    private static final Duration ONE_FROZEN = Duration.ofSeconds(20);
    private static final Duration ALL_FROZEN = Duration.ofSeconds(6);
    private static final Duration ASK_ANOTHER_AFTER = Duration.ofMillis(500);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(3);
    /** Ten requests are sent at once, and time out; a busy machine may add something. */
    private static final Duration BREAKER_OPEN = REQUEST_TIMEOUT.plusSeconds(1);

    /** The breaker lets one through every half a second. */
    private static final int TRIES_MAX = 6;

    private static final Duration AT_ONCE = Duration.ofMillis(200);
    /** What is refused within this was not sent, however busy the machine is: else it would have waited for its time-out. */
    private static final Duration NOT_SENT = Duration.ofSeconds(1);

    /** How long a request may wait before it times out, with what the driver's clock and a busy machine add. */
    private static final Duration PATIENCE_MAX = REQUEST_TIMEOUT.plusSeconds(1);

    private static final Duration ROUND = Duration.ofSeconds(1);
    private static final Duration SERVICE_BACK = Duration.ofSeconds(10);
    private static final long HEAP_GROWTH_MAX = 16L << 20;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    @TempDir
    Path folder = Path.of("");

    @Test
    void one_frozen_node_fails_no_append_and_a_frozen_ring_is_refused_in_time() throws InterruptedException {
        try (var servers = CassandraServers.start(3, folder, progress -> {})) {
            var contact = servers.contactPoint();
            var url = "cassandra://" + contact.getHostString() + ":" + contact.getPort() + "/stall";
            try (var store = OneNode.open(url)) {
                var load = new SteadyLoad(store, CLIENTS, ENTITIES_OF_EACH);
                var newcomers = new Newcomers(store);
                load.start();
                newcomers.start();
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> load.acknowledged() > 3L * CLIENTS * ENTITIES_OF_EACH);
                assertThat(load.takeFailures()).isEmpty();

                var one = freezeOne(servers, load, newcomers);
                var all = freezeAll(servers, store, load, newcomers);
                load.end();
                newcomers.end();
                assertThat(load.takeFailures()).as("after the thaw").isEmpty();
                load.verify();
                newcomers.verify();
                System.out.println("partial stall: " + one + "; " + all + "; " + load.acknowledged() + " appends and "
                        + newcomers.all().size() + " newcomers compared");
            }
        }
    }

    private static String freezeOne(CassandraServers servers, SteadyLoad load, Newcomers newcomers)
            throws InterruptedException {
        // The node of the control connection, which is the worst one to miss.
        var node = servers.nodes().get(0);
        var began = System.nanoTime();
        var before = load.acknowledgedOfEach();
        node.freeze();
        newcomers.arriveTogether();
        try {
            Thread.sleep(ONE_FROZEN.toMillis());
        } finally {
            node.thaw();
        }
        var after = load.acknowledgedOfEach();
        var came = newcomers.between(began, System.nanoTime());
        await().atMost(SERVICE_BACK).until(() -> came.stream().allMatch(Arrival::isAnswered));
        assertThat(load.takeFailures()).as("appends to known entities").isEmpty();
        assertThat(came.stream().filter(arrival -> arrival.failure().isPresent()))
                .as("first appends to new entities")
                .isEmpty();
        for (var n = 0; n < CLIENTS; n++) assertThat(after.get(n)).isGreaterThan(before.get(n));
        var hedged = came.stream()
                .filter(arrival -> arrival.patience().compareTo(ASK_ANOTHER_AFTER) > 0)
                .count();
        assertThat(hedged).as("newcomers whom the frozen node was asked for").isPositive();
        return "one frozen for " + ONE_FROZEN.toSeconds() + " s: " + (sum(after) - sum(before)) + " appends, "
                + came.size() + " newcomers, none failed, " + hedged
                + " of those by way of the frozen node, the slowest took "
                + slowest(came).toMillis() + " ms";
    }

    private static String freezeAll(CassandraServers servers, EventStore store, SteadyLoad load, Newcomers newcomers)
            throws InterruptedException {
        // Whatever is started once by the first use of something has been started.
        for (var n = 0; n < CLIENTS; n++) new StoreClient(store).records("load/" + n + "-0");
        CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS, Runnable::run)
                .execute(() -> {});
        var heap = heapInUse();
        var threads = THREADS.getThreadCount();
        THREADS.resetPeakThreadCount();
        var frozen = System.nanoTime();
        servers.nodes().forEach(CassandraServers.Node::freeze);
        long measured;
        long queued;
        long growth;
        try {
            Thread.sleep(ALL_FROZEN.toMillis());
            measured = System.nanoTime();
            queued = store.stats().queued();
            growth = heapInUse() - heap;
        } finally {
            servers.nodes().forEach(CassandraServers.Node::thaw);
        }
        var thawed = System.nanoTime();
        var late = newcomers.between(frozen + BREAKER_OPEN.toNanos(), frozen + ALL_FROZEN.toNanos());
        assertThat(late).isNotEmpty();
        var sent = late.stream().filter(arrival -> !isRefusedUnsent(arrival)).toList();
        assertThat(sent.size()).as("let through to try: " + sent).isLessThanOrEqualTo(TRIES_MAX);
        var unanswered = newcomers.between(measured - PATIENCE_MAX.toNanos(), frozen + BREAKER_OPEN.toNanos());
        assertThat(queued).isLessThanOrEqualTo(CLIENTS + TRIES_MAX + unanswered.size());
        assertThat(growth).isLessThan(HEAP_GROWTH_MAX);
        var back = awaitFullService(load, newcomers, thawed);
        assertThat(THREADS.getPeakThreadCount()).as("threads").isLessThanOrEqualTo(threads + 4);
        return "all frozen for " + ALL_FROZEN.toSeconds() + " s: " + (late.size() - sent.size()) + " of " + late.size()
                + " refused without being sent, " + queued + " waiting, heap grown by " + growth / 1024
                + " KiB, threads "
                + threads
                + " and at most " + THREADS.getPeakThreadCount() + ", full service "
                + back.toMillis() + " ms after the thaw";
    }

    private static boolean isRefusedUnsent(Arrival arrival) {
        return arrival.isAnswered()
                && arrival.failure().filter(NotServing.class::isInstance).isPresent()
                && arrival.patience().compareTo(NOT_SENT) < 0;
    }

    /** Every client gets on, and of a second's newcomers none fails. */
    private static Duration awaitFullService(SteadyLoad load, Newcomers newcomers, long thawed)
            throws InterruptedException {
        while (System.nanoTime() - thawed < SERVICE_BACK.toNanos()) {
            load.takeFailures();
            var before = load.acknowledgedOfEach();
            var from = System.nanoTime();
            Thread.sleep(ROUND.toMillis());
            var after = load.acknowledgedOfEach();
            var came = newcomers.between(from, System.nanoTime() - AT_ONCE.toNanos());
            if (load.takeFailures().isEmpty()
                    && IntStream.range(0, CLIENTS).allMatch(n -> after.get(n) > before.get(n))
                    && came.stream()
                            .allMatch(
                                    each -> each.isAnswered() && each.failure().isEmpty()))
                return Duration.ofNanos(from - thawed);
        }
        throw new AssertionError("no full service within " + SERVICE_BACK + ": " + load.takeFailures());
    }

    private static Duration slowest(List<Arrival> arrivals) {
        return arrivals.stream().map(Arrival::patience).max(Duration::compareTo).orElseThrow();
    }

    private static long sum(List<Long> each) {
        return each.stream().mapToLong(n -> n).sum();
    }

    private static long heapInUse() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
