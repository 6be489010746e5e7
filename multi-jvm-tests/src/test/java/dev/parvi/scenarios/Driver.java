package dev.parvi.scenarios;

import dev.parvi.scenarios.History.Acknowledgement;
import dev.parvi.testkit.TestNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * A bounded load of deposits of one, each with its own key, to random entities through random nodes. A command without an answer
 * is sent again with its key, through another node, until its outcome is known.
 */
final class Driver implements AutoCloseable {
    private static final Pattern BALANCE = Pattern.compile("\"balance\":\"(\\d+)\"");
    private static final Duration DECIDE_MAX = Duration.ofSeconds(60);
    private static final Duration AVOID = Duration.ofSeconds(10);
    private static final int COMMANDS_MAX = 20_000;
    private static final int BURST_THREADS = 40;

    private final List<TestNode> nodes;
    private final History history;
    private final AtomicBoolean isRunning = new AtomicBoolean(true);
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger bursts = new AtomicInteger();
    private volatile int entities;
    private final Map<TestNode, Long> avoidedUntil = new ConcurrentHashMap<>();

    private Driver(List<TestNode> nodes, int entities, History history) {
        this.nodes = nodes;
        this.entities = entities;
        this.history = history;
    }

    static Driver start(List<TestNode> nodes, int clients, int entities, History history) {
        var driver = new Driver(nodes, entities, history);
        for (var client = 0; client < clients; client++) {
            var thread = new Thread(driver::run, "client-" + client);
            thread.setDaemon(true);
            driver.threads.add(thread);
            thread.start();
        }
        return driver;
    }

    /** From now on there are so many entities. */
    void widen(int more) {
        entities = more;
    }

    /** Sends so many commands to this node at once; those that it does not answer are sent again through any. */
    CompletableFuture<Void> burst(TestNode first, int commands) {
        var name = "burst-" + bursts.incrementAndGet() + "-";
        var pool = Executors.newFixedThreadPool(BURST_THREADS);
        var all = new ArrayList<CompletableFuture<Void>>();
        for (var n = 0; n < commands; n++) {
            var entity = "e" + n % entities;
            var key = name + n;
            all.add(CompletableFuture.runAsync(
                    () -> {
                        if (!sendOnce(first, entity, key)) decide(entity, key);
                    },
                    pool));
        }
        pool.shutdown();
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
    }

    /** Stops the load and waits until every command that was sent is decided. */
    @Override
    public void close() {
        isRunning.set(false);
        try {
            for (var thread : threads) thread.join(DECIDE_MAX.plusSeconds(20).toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The revision of every entity, read through this node; none of one that the node cannot read. */
    Map<String, Long> revisions(TestNode node) throws IOException {
        var revisions = new HashMap<String, Long>();
        for (var entity = 0; entity < entities; entity++) {
            var answer = TestNode.send("GET", node.url() + "/account/e" + entity, "");
            if (answer.statusCode() == 200) revisions.put("e" + entity, revision(answer));
            else System.out.println("e" + entity + " answers " + answer.body());
        }
        return revisions;
    }

    static long revision(HttpResponse<?> answer) {
        return Long.parseLong(answer.headers().firstValue("ETag").orElseThrow().replace("\"", ""));
    }

    private void run() {
        for (var n = 0; n < COMMANDS_MAX && isRunning.get(); n++) {
            var random = ThreadLocalRandom.current();
            var key = Thread.currentThread().getName() + "-" + n;
            decide("e" + random.nextInt(entities), key);
        }
    }

    private void decide(String entity, String key) {
        var until = System.nanoTime() + DECIDE_MAX.toNanos();
        while (System.nanoTime() < until) {
            var node = choose();
            if (sendOnce(node, entity, key)) return;
            if (node.isAlive()) history.requestFailed();
            avoidedUntil.put(node, System.nanoTime() + AVOID.toNanos());
            pause();
        }
        history.undecided(entity, key);
    }

    /** As a load balancer does, leaves out a node that has just failed, unless all have. */
    private TestNode choose() {
        var now = System.nanoTime();
        var good = nodes.stream()
                .filter(node -> now - avoidedUntil.getOrDefault(node, now) >= 0)
                .toList();
        var candidates = good.isEmpty() ? nodes : good;
        return candidates.get(ThreadLocalRandom.current().nextInt(candidates.size()));
    }

    private boolean sendOnce(TestNode node, String entity, String key) {
        try {
            var answer = TestNode.send(
                    "POST",
                    node.url() + "/account/" + entity + "/deposit",
                    "{\"amount\":1}",
                    "Idempotency-Key",
                    key,
                    "Request-Timeout",
                    "8");
            if (answer.statusCode() != 200) return false;
            var balance = BALANCE.matcher(answer.body());
            if (!balance.find()) throw new IllegalStateException("200 with " + answer.body());
            history.acknowledged(new Acknowledgement(
                    entity, key, revision(answer), Long.parseLong(balance.group(1)), System.nanoTime()));
            return true;
        } catch (IOException noAnswer) {
            return false;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
