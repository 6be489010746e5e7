package dev.parvi.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** From the start of {@code java} to the first 2xx of a durable command, on an empty data folder. */
final class StartUp {
    private final Path folder;
    private final int runs;

    StartUp(Path folder, int runs) {
        this.folder = folder;
        this.runs = runs;
    }

    Measurement run() {
        var seconds = new double[runs];
        for (var run = 0; run < runs; run++) {
            try (var node = MeasuredNode.start(folder.resolve("start-" + run), List.of())) {
                seconds[run] = node.awaitAnswer("POST", "/account/alice/deposit", "{\"amount\":1}")
                                .toMillis()
                        / 1e3;
            }
        }
        Arrays.sort(seconds);
        return Measurement.of("start to first 2xx")
                .with("median s", seconds[runs / 2])
                .with("worst s", seconds[runs - 1]);
    }
}
