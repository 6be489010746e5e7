package dev.parvi.scenarios;

import dev.parvi.testkit.TestNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;

/** Follows one entity as a browser would: when its stream breaks it goes to another node, and says what it has seen last. */
final class Watcher implements AutoCloseable {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private final List<TestNode> nodes;
    private final String path;
    private final List<Long> seen = new CopyOnWriteArrayList<>();
    private final List<String> snapshots = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile boolean isOver;
    private volatile int connections;
    private volatile String doing = "nothing";

    private Watcher(List<TestNode> nodes, String entity, String query) {
        this.nodes = nodes;
        this.path = "/account/" + entity + "/events" + query;
        this.thread = new Thread(this::run, "watcher-" + entity);
        thread.setDaemon(true);
    }

    static Watcher start(List<TestNode> nodes, String entity) {
        return start(new Watcher(nodes, entity, ""));
    }

    /** Begins with what the entity is now. */
    static Watcher startWithSnapshot(List<TestNode> nodes, String entity) {
        return start(new Watcher(nodes, entity, "?snapshot=true"));
    }

    private static Watcher start(Watcher watcher) {
        watcher.thread.start();
        return watcher;
    }

    /** What the snapshots said. */
    List<String> snapshots() {
        return new ArrayList<>(snapshots);
    }

    /** The revisions, in the order in which they came; that of a snapshot too. */
    List<Long> seen() {
        return new ArrayList<>(seen);
    }

    int connections() {
        return connections;
    }

    /** Where it is, for a person. */
    @Override
    public String toString() {
        return path + " after " + connections + " connections, now " + doing;
    }

    private void run() {
        while (!isOver) {
            var node = nodes.get(ThreadLocalRandom.current().nextInt(nodes.size()));
            try {
                if (node.isAlive()) follow(node);
                Thread.sleep(50);
            } catch (IOException | UncheckedIOException broken) {
                // As browsers do: again, elsewhere.
                doing = "waiting after " + broken;
            } catch (InterruptedException over) {
                return;
            }
        }
    }

    private void follow(TestNode node) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(node.url() + path)).header("Accept", "text/event-stream");
        if (!seen.isEmpty()) request.header("Last-Event-ID", Long.toString(seen.get(seen.size() - 1)));
        doing = "connecting to " + node.url();
        var answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofLines());
        connections++;
        doing = "reading from " + node.url() + ", which said " + answer.statusCode();
        try (var lines = answer.body()) {
            if (answer.statusCode() != 200) return;
            lines.forEach(this::read);
        }
    }

    private void read(String line) {
        if (line.startsWith("id: ")) seen.add(Long.parseLong(line.substring(4)));
        if (line.startsWith("data: ") && line.contains("\"snapshot\":")) snapshots.add(line.substring(6));
    }

    @Override
    public void close() {
        isOver = true;
        thread.interrupt();
    }
}
