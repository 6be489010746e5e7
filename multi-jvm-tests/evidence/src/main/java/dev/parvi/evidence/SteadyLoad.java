package dev.parvi.evidence;

import dev.parvi.testkit.TestNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A constant load of deposits: each key is written to once a period, as long as its last request was answered, by clients that
 * never repeat a request. A key whose entity is away has one request that waits, so the longest wait is how long it was away.
 */
final class SteadyLoad implements AutoCloseable {
    private static final Duration PERIOD = Duration.ofMillis(100);
    private static final Duration ANSWER_MAX = Duration.ofSeconds(30);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger turn = new AtomicInteger();
    private final List<Answer> answers = new ArrayList<>();
    private final Supplier<List<TestNode>> targets;
    private volatile boolean isOver;

    private SteadyLoad(Supplier<List<TestNode>> targets) {
        this.targets = targets;
    }

    /** Writes to so many keys, through the nodes that {@code targets} names at each moment, in turn. */
    static SteadyLoad start(int keys, Supplier<List<TestNode>> targets) {
        var load = new SteadyLoad(targets);
        for (var key = 0; key < keys; key++) {
            var number = key;
            var delay = PERIOD.toNanos() * key / keys;
            load.timer.schedule(() -> load.send(number), delay, TimeUnit.NANOSECONDS);
        }
        return load;
    }

    private void send(int key) {
        if (isOver) return;
        var nodes = targets.get();
        if (nodes.isEmpty()) {
            schedule(key, System.nanoTime());
            return;
        }
        var node = nodes.get(Math.floorMod(turn.getAndIncrement(), nodes.size()));
        var request = HttpRequest.newBuilder(URI.create(node.url() + "/account/e" + key + "/deposit"))
                .POST(BodyPublishers.ofString("{\"amount\":1}"))
                .header("Content-Type", "application/json")
                .timeout(ANSWER_MAX)
                .build();
        var sent = System.nanoTime();
        http.sendAsync(request, BodyHandlers.ofString())
                .whenCompleteAsync((answer, failure) -> done(key, sent, answer, failure), timer);
    }

    private void done(int key, long sent, @Nullable HttpResponse<String> answer, @Nullable Throwable failure) {
        synchronized (answers) {
            answers.add(new Answer(
                    key,
                    sent,
                    System.nanoTime(),
                    answer == null ? 0 : answer.statusCode(),
                    answer == null ? String.valueOf(failure) : answer.body()));
        }
        schedule(key, sent);
    }

    private void schedule(int key, long last) {
        if (isOver) return;
        var pause = Math.max(0, last + PERIOD.toNanos() - System.nanoTime());
        timer.schedule(() -> send(key), Math.max(pause, TimeUnit.MILLISECONDS.toNanos(5)), TimeUnit.NANOSECONDS);
    }

    /** What was answered until now. */
    List<Answer> answers() {
        synchronized (answers) {
            return List.copyOf(answers);
        }
    }

    @Override
    public void close() {
        isOver = true;
        timer.shutdownNow();
    }
}
