package dev.parvi.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Processor time as the kernel counts it. */
final class ProcessorTime {
    /** Clock ticks a second in /proc, the same on every Linux that Java runs on. */
    private static final long TICKS = 100;

    private ProcessorTime() {}

    /** What a process has used so far, in all its threads. */
    static Duration of(long pid) {
        try {
            var stat = Files.readString(Path.of("/proc", "" + pid, "stat"));
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            var ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
            return Duration.ofMillis(ticks * 1_000 / TICKS);
        } catch (IOException failure) {
            throw new UncheckedIOException("the processor time of process " + pid + " cannot be read", failure);
        }
    }
}
