package dev.parvi.testkit.drill;

import dev.parvi.testkit.history.Sightings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Follows one entity as a browser does: when its stream breaks or falls silent it goes to another node, and says what it saw last. */
final class StreamReader implements Runnable {
    /** Nodes say something every 15 seconds. */
    private static final Duration SILENCE_MAX = Duration.ofSeconds(20);

    private static final Duration PAUSE = Duration.ofMillis(200);

    private final Nodes nodes;
    private final Sender sender;
    private final String type;
    private final String id;
    private final Sightings sightings;
    private final Random random = new Random();
    private final AtomicReference<@Nullable InputStream> connection = new AtomicReference<>();
    private volatile long last;
    private volatile long heardNanos = System.nanoTime();
    private volatile boolean isOver;

    StreamReader(Nodes nodes, Sender sender, String type, String id, Sightings sightings) {
        this.nodes = nodes;
        this.sender = sender;
        this.type = type;
        this.id = id;
        this.sightings = sightings;
    }

    /** As the store knows it. */
    String entity() {
        return type + '/' + id;
    }

    /** The revision of the last event that it has seen. */
    long last() {
        return last;
    }

    @Override
    public void run() {
        while (!isOver) {
            try {
                follow(nodes.choose(random));
                Thread.sleep(PAUSE.toMillis());
            } catch (IOException | UncheckedIOException broken) {
                heardNanos = System.nanoTime();
            } catch (InterruptedException over) {
                return;
            }
        }
    }

    private void follow(String node) throws IOException, InterruptedException {
        heardNanos = System.nanoTime();
        var answer = sender.events(nodes.url(node), type, id, last);
        try (var body = answer.body();
                var lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            connection.set(body);
            if (answer.statusCode() != 200) return;
            for (var line = lines.readLine(); line != null && !isOver; line = lines.readLine()) read(line);
        } finally {
            connection.set(null);
        }
    }

    private void read(String line) {
        heardNanos = System.nanoTime();
        if (!line.startsWith("id: ")) return;
        last = Long.parseLong(line.substring(4));
        sightings.saw(last);
    }

    /** Gives up a connection that says nothing; to be called now and then. */
    void leaveSilence() {
        if (System.nanoTime() - heardNanos > SILENCE_MAX.toNanos()) leave();
    }

    /** Reads no more: all that is stored has had time to come. */
    void close() {
        isOver = true;
        sightings.ranToTheEnd();
        leave();
    }

    private void leave() {
        var open = connection.getAndSet(null);
        if (open == null) return;
        try {
            open.close();
        } catch (IOException broken) {
            heardNanos = System.nanoTime();
        }
    }
}
