package dev.parvi.bench;

import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients that each write the next event of a random entity, wait until it is stored, and go on. No entity has two writes under way,
 * but for the hot one, where all clients meet.
 */
final class Appends implements AutoCloseable {
    /** Longer than a round and its last answer. */
    private static final Duration ANSWER_MAX = Duration.ofMinutes(3);

    private static final int LATENCIES_MAX = 2_000_000;

    private final Way way;
    private final List<Long> servers;
    private final int hot;
    private final long[] revisions;
    private final BitSet taken = new BitSet();
    private final ExecutorService clients = Executors.newFixedThreadPool(2);
    private final long[] latencies = new long[LATENCIES_MAX];

    /** {@code servers} are the processes whose time is taken. */
    Appends(Way way, int entities, List<Long> servers) {
        this.way = way;
        this.servers = servers;
        this.hot = entities;
        this.revisions = new long[entities + 1];
    }

    /** So many clients over all entities. */
    Measurement run(String name, int count, Duration time) {
        return measure(name, count, time, false);
    }

    /** All clients at one entity. */
    Measurement runHot(String name, int count, Duration time) {
        return measure(name, count, time, true);
    }

    private Measurement measure(String name, int count, Duration time, boolean isHot) {
        var serverTime = serverTime();
        var clientTime = clientTime();
        var begin = System.nanoTime();
        var round = new Round(begin + time.toNanos(), isHot, new CountDownLatch(count));
        for (var client = 0; client < count; client++) clients.execute(() -> next(round));
        round.await();
        var seconds = (System.nanoTime() - begin) / 1e9;
        var stored = Math.max(1, Math.min(round.stored.get(), LATENCIES_MAX));
        Arrays.sort(latencies, 0, stored);
        return Measurement.of(name)
                .with("per s", round.stored.get() / seconds)
                .with("p50 ms", latencies[stored / 2] / 1e6)
                .with("p99 ms", latencies[(int) (stored * 0.99)] / 1e6)
                .with("server CPU us", serverTime().minus(serverTime).toNanos() / 1e3 / stored)
                .with("client CPU us", clientTime().minus(clientTime).toNanos() / 1e3 / stored)
                .with("failed", round.failed.get());
    }

    private void next(Round round) {
        if (System.nanoTime() > round.end) {
            round.clients.countDown();
            return;
        }
        var entity = round.isHot ? hot : take();
        var sent = System.nanoTime();
        var write = round.isHot ? writeNextInOrder() : way.write("account/" + entity, ++revisions[entity]);
        var unused = write.whenCompleteAsync(
                (stored, failure) -> {
                    if (failure == null) {
                        latencies[round.stored.getAndIncrement() % LATENCIES_MAX] = System.nanoTime() - sent;
                        if (!round.isHot) give(entity);
                        next(round);
                    } else {
                        // What is there now is not known, so the entity is left alone.
                        round.failed.incrementAndGet();
                        if (round.isHot) round.clients.countDown();
                        else next(round);
                    }
                },
                clients);
    }

    private synchronized CompletableFuture<?> writeNextInOrder() {
        return way.write("account/hot", ++revisions[hot]);
    }

    private synchronized int take() {
        while (true) {
            var entity = ThreadLocalRandom.current().nextInt(hot);
            if (taken.get(entity)) continue;
            taken.set(entity);
            return entity;
        }
    }

    private synchronized void give(int entity) {
        taken.clear(entity);
    }

    private Duration serverTime() {
        return servers.stream().map(ProcessorTime::of).reduce(Duration.ZERO, Duration::plus);
    }

    private static Duration clientTime() {
        return ProcessorTime.of(ProcessHandle.current().pid());
    }

    @Override
    public void close() {
        clients.shutdown();
        way.close();
    }

    private static final class Round {
        private final long end;
        private final boolean isHot;
        private final CountDownLatch clients;
        private final AtomicInteger stored = new AtomicInteger();
        private final AtomicInteger failed = new AtomicInteger();

        Round(long end, boolean isHot, CountDownLatch clients) {
            this.end = end;
            this.isHot = isHot;
            this.clients = clients;
        }

        void await() {
            try {
                if (!clients.await(ANSWER_MAX.toSeconds(), TimeUnit.SECONDS))
                    throw new IllegalStateException("a client got no answer");
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while clients wrote", interrupted);
            }
        }
    }
}
