package dev.parvi.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The first answer of an entity that has a history and is not in memory. */
final class ColdActivation {
    private static final int EVENTS = 1_000;

    private final Path folder;
    private final int entities;

    ColdActivation(Path folder, int entities) {
        this.folder = folder;
        this.entities = entities;
    }

    Measurement withSnapshots() {
        return measure("cold, snapshot at 100", 100);
    }

    Measurement withoutSnapshots() {
        return measure("cold, no snapshot", Integer.MAX_VALUE);
    }

    private Measurement measure(String name, int snapshotEvery) {
        var data = folder.resolve("cold-" + snapshotEvery);
        var settings = List.of("parvi.sharding.snapshot-every=" + snapshotEvery);
        try (var writer = MeasuredNode.start(data, settings)) {
            writer.awaitAnswer("GET", "/account/first", "");
            for (var entity = 0; entity < entities; entity++) {
                var path = "/account/old-" + entity + "/deposit";
                IntStream.range(0, EVENTS).parallel().forEach(n -> writer.timed("POST", path, "{\"amount\":1}"));
            }
        }
        try (var reader = MeasuredNode.start(data, settings)) {
            reader.awaitAnswer("GET", "/account/first", "");
            for (var n = 0; n < 200; n++) reader.timed("GET", "/account/new-" + n, "");
            var times = new double[entities];
            for (var entity = 0; entity < entities; entity++)
                times[entity] =
                        reader.timed("GET", "/account/old-" + entity, "").toNanos() / 1e6;
            Arrays.sort(times);
            return Measurement.of(name)
                    .with("events", EVENTS)
                    .with("p50 ms", times[entities / 2])
                    .with("p99 ms", times[(int) Math.ceil(entities * 0.99) - 1]);
        }
    }
}
