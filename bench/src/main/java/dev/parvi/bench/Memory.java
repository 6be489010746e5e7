package dev.parvi.bench;

import java.time.Duration;
import java.util.stream.IntStream;

/** What an entity costs while it is alive and idle. */
final class Memory {
    private static final int SENDERS = 16;

    private final MeasuredNode node;

    private final int entities;

    Memory(MeasuredNode node, int entities) {
        this.node = node;
        this.entities = entities;
    }

    /** Each entity has had one command, so it holds one outcome and a state of a few bytes. */
    Measurement run() {
        touch("warm-", 200);
        settle();
        var before = node.liveBytes();
        touch("idle-", entities);
        settle();
        var bytes = node.liveBytes() - before;
        return Measurement.of("live idle entity")
                .with("entities", entities)
                .with("bytes each", bytes / (double) entities);
    }

    private void touch(String prefix, int count) {
        IntStream.range(0, SENDERS).parallel().forEach(sender -> {
            for (var n = sender; n < count; n += SENDERS)
                node.timed("POST", "/account/" + prefix + n + "/deposit", "{\"amount\":1}");
        });
    }

    /** Buffers of requests that just ended are not the entities'. */
    private static void settle() {
        try {
            Thread.sleep(Duration.ofSeconds(2).toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
