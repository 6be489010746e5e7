package dev.parvi.persistence;

import com.google.protobuf.ByteString;
import com.sun.management.OperatingSystemMXBean;
import dev.parvi.persistence.EventStore.Append;
import dev.parvi.persistence.EventStore.Record;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Measures a store by hand: clients that each wait for their last append before the next, over 10,000 entities. Arguments: a folder,
 * how many microseconds of a processor each command costs besides, and the numbers of clients.
 */
final class StoreThroughput {
    private static final int ENTITIES = 10_000;
    private static final long SECONDS = 6;
    private static final long FIRST_KEY = 1_000_000_000_000_000L;

    private final EventStore store;
    private final long workNanos;
    private final long[] heads = new long[ENTITIES];
    private final boolean[] taken = new boolean[ENTITIES];
    private final ExecutorService edge = Executors.newFixedThreadPool(2);
    private final ByteString bytes = ByteString.copyFrom(new byte[150]);
    private final long[] latencies = new long[4_000_000];
    private final AtomicLong keys = new AtomicLong();
    private final AtomicInteger answered = new AtomicInteger();
    private volatile long end;

    private StoreThroughput(EventStore store, long workNanos) {
        this.store = store;
        this.workNanos = workNanos;
    }

    public static void main(String[] arguments) throws Exception {
        var folder = Files.createTempDirectory(Path.of(arguments[0]), "throughput");
        try (var store = EventStore.open(StoreSettings.configOn(folder.resolve("store.db")))) {
            var throughput = new StoreThroughput(store, Long.parseLong(arguments[1]) * 1_000);
            for (var clients : Arrays.copyOfRange(arguments, 2, arguments.length))
                System.out.println(throughput.measure(Integer.parseInt(clients)));
            throughput.edge.shutdown();
        }
    }

    private String measure(int clients) throws InterruptedException {
        var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        var before = store.stats();
        answered.set(0);
        var cpu = system.getProcessCpuTime();
        var start = System.nanoTime();
        end = start + SECONDS * 1_000_000_000L;
        var done = new CountDownLatch(clients);
        for (var client = 0; client < clients; client++) edge.execute(() -> next(done));
        done.await();
        var seconds = (System.nanoTime() - start) / 1e9;
        cpu = system.getProcessCpuTime() - cpu;
        var after = store.stats();
        var appends = after.appends() - before.appends();
        var commits = after.commits() - before.commits();
        var sorted = Arrays.copyOf(latencies, Math.min(answered.get(), latencies.length));
        Arrays.sort(sorted);
        return String.format(
                Locale.ROOT,
                "%4d clients %8.0f appends/s %7.0f syncs/s %6.1f a sync  p50 %6.2f ms  p99 %6.2f ms  cpu %5.1f us (%d of it the edge's)",
                clients,
                appends / seconds,
                commits / seconds,
                appends / (double) commits,
                sorted[sorted.length / 2] / 1e6,
                sorted[(int) (sorted.length * 0.99)] / 1e6,
                cpu / 1e3 / appends,
                workNanos / 1_000);
    }

    private void next(CountDownLatch done) {
        if (System.nanoTime() > end) {
            done.countDown();
            return;
        }
        work();
        var entity = take();
        var sent = System.nanoTime();
        var unused = store.append(new Append(
                        "account/" + entity, heads[entity], "7d9c7a1e-5c1a-4f6f-9a51-2f1c2a7b1e11", List.of(record())))
                .whenComplete((result, failure) -> {
                    var index = answered.getAndIncrement();
                    if (index < latencies.length) latencies[index] = System.nanoTime() - sent;
                    heads[entity]++;
                    give(entity);
                    edge.execute(() -> next(done));
                });
    }

    /** With an idempotency key as long as a UUID and never used before. */
    private Record record() {
        return new Record(bytes, "5c1a4f6f-9a51-2f1c-" + (FIRST_KEY + keys.getAndIncrement()));
    }

    private void work() {
        for (var until = System.nanoTime() + workNanos; System.nanoTime() < until; ) Thread.onSpinWait();
    }

    private synchronized int take() {
        while (true) {
            var entity = ThreadLocalRandom.current().nextInt(ENTITIES);
            if (taken[entity]) continue;
            taken[entity] = true;
            return entity;
        }
    }

    private synchronized void give(int entity) {
        taken[entity] = false;
    }
}
