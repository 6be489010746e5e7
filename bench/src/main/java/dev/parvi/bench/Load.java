package dev.parvi.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Runs {@code wrk} once against a node of this machine. */
final class Load {
    private static final Pattern RESULT = Pattern.compile(
            "RESULT requests=(\\d+) micros=(\\d+) p50=(\\d+) p99=(\\d+) max=(\\d+) status=(\\d+) socket=(\\d+)");

    private final Path script;

    Load(Path folder) {
        this.script = folder.resolve("load.lua");
        try (var lua = Load.class.getResourceAsStream("load.lua")) {
            if (lua == null) throw new IllegalStateException("load.lua is not on the class path");
            Files.write(script, lua.readAllBytes());
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot write " + script, failure);
        }
    }

    /** True if wrk can be started. */
    static boolean isInstalled() {
        try {
            new ProcessBuilder("wrk", "--version")
                    .redirectErrorStream(true)
                    .start()
                    .getInputStream()
                    .readAllBytes();
            return true;
        } catch (IOException missing) {
            return false;
        }
    }

    Result run(String url, Kind kind, int connections, int keys, String prefix, Duration duration) {
        var threads = Math.min(connections, 2);
        var command = List.of(
                "wrk",
                "--latency",
                "-t" + threads,
                "-c" + connections,
                "-d" + duration.toSeconds() + "s",
                "--timeout",
                "10s",
                "-s",
                script.toString(),
                url,
                "--",
                kind.word(),
                Integer.toString(keys),
                prefix);
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            var match = RESULT.matcher(output);
            if (process.waitFor() != 0 || !match.find()) throw new IllegalStateException("wrk failed: " + output);
            return new Result(
                    Long.parseLong(match.group(1)),
                    Duration.ofNanos(Long.parseLong(match.group(2)) * 1_000),
                    Duration.ofNanos(Long.parseLong(match.group(3)) * 1_000),
                    Duration.ofNanos(Long.parseLong(match.group(4)) * 1_000),
                    Duration.ofNanos(Long.parseLong(match.group(5)) * 1_000),
                    Long.parseLong(match.group(6)) + Long.parseLong(match.group(7)));
        } catch (IOException failure) {
            throw new UncheckedIOException("wrk could not be run: install Debian's package wrk", failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while wrk ran", interrupted);
        }
    }

    /** What is asked of the node. */
    enum Kind {
        ECHO,
        QUERY,
        COMMAND;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What wrk saw.
     *
     * @param failures answers other than 2xx and 3xx, and requests without an answer
     */
    record Result(long requests, Duration time, Duration p50, Duration p99, Duration max, long failures) {
        double rate() {
            return requests * 1e9 / time.toNanos();
        }
    }
}
