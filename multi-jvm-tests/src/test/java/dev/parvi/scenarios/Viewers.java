package dev.parvi.scenarios;

import dev.parvi.testkit.TestNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A bounded load on viewers of the playback sample: titles are watched, each under a key of its own, while viewers are deleted, and
 * what was acknowledged is now and then sent again. Whatever gets no answer is sent again with its key until its outcome is known.
 */
final class Viewers implements AutoCloseable {
    private static final Duration DECIDE_MAX = Duration.ofSeconds(60);
    private static final int COMMANDS_MAX = 20_000;
    private static final int OK = 200;
    private static final int DELETED = 204;
    private static final int GONE = 410;

    private final List<TestNode> nodes;
    private final int viewers;
    private final Deletions told;
    private final AtomicBoolean isRunning = new AtomicBoolean(true);
    private final List<Thread> threads = new ArrayList<>();

    private Viewers(List<TestNode> nodes, int viewers, Deletions told) {
        this.nodes = nodes;
        this.viewers = viewers;
        this.told = told;
    }

    /** Half of the viewers may be deleted. */
    static Viewers start(List<TestNode> nodes, int clients, int viewers, Deletions told) {
        var load = new Viewers(nodes, viewers, told);
        for (var client = 0; client < clients; client++) load.run("watcher-" + client, load::watch);
        load.run("deleter-0", load::delete);
        load.run("deleter-1", load::delete);
        return load;
    }

    private void run(String name, Runnable work) {
        var thread = new Thread(work, name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    /** Stops the load and waits until everything that was sent is decided. */
    @Override
    public void close() {
        isRunning.set(false);
        try {
            for (var thread : threads) thread.join(DECIDE_MAX.plusSeconds(20).toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void watch() {
        for (var n = 0; n < COMMANDS_MAX && isRunning.get(); n++) {
            var random = ThreadLocalRandom.current();
            var viewer = "v" + random.nextInt(viewers);
            var key = Thread.currentThread().getName() + "-" + n;
            watch(viewer, key);
            if (random.nextInt(4) == 0) told.acknowledgedAmong(viewer).ifPresent(earlier -> watch(viewer, earlier));
        }
    }

    private void watch(String viewer, String key) {
        var began = System.nanoTime();
        var answer = decide(
                node -> TestNode.send(
                        "POST",
                        node.url() + "/playback/" + viewer + "/watch",
                        "{\"titleId\":\"" + key + "\",\"positionSeconds\":100,\"lengthSeconds\":1000}",
                        "Idempotency-Key",
                        key,
                        "Request-Timeout",
                        "8"),
                OK,
                GONE);
        if (answer == null) told.undecided("watch " + viewer + " " + key);
        else if (answer.statusCode() == OK) told.watched(viewer, key, Driver.revision(answer), began);
        else told.gone(viewer);
    }

    private void delete() {
        while (isRunning.get()) {
            pause(Duration.ofMillis(150));
            var viewer = "v" + 2 * ThreadLocalRandom.current().nextInt(viewers / 2);
            var key = Thread.currentThread().getName() + "-" + System.nanoTime();
            var answer = decide(node -> deletion(node, viewer, key), DELETED, GONE, 404);
            if (answer == null) told.undecided("delete " + viewer + " " + key);
            else if (answer.statusCode() == DELETED) told.deleted(viewer, key, Driver.revision(answer));
        }
    }

    static HttpResponse<String> deletion(TestNode node, String viewer, String key) throws IOException {
        return TestNode.send(
                "DELETE", node.url() + "/playback/" + viewer, "", "Idempotency-Key", key, "Request-Timeout", "8");
    }

    /** Null if nobody gave one of these answers in time. */
    private HttpResponse<String> decide(Call call, int... decisive) {
        var until = System.nanoTime() + DECIDE_MAX.toNanos();
        while (System.nanoTime() < until) {
            try {
                var node = nodes.get(ThreadLocalRandom.current().nextInt(nodes.size()));
                var answer = call.send(node);
                for (var status : decisive) if (answer.statusCode() == status) return answer;
            } catch (IOException noAnswer) {
                // Through another node, then.
            }
            pause(Duration.ofMillis(20));
        }
        return null;
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private interface Call {
        HttpResponse<String> send(TestNode node) throws IOException;
    }
}
