package dev.parvi.testkit.drill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** On what a drill was run, for those who read its report. */
record Machine(int cores, String memory, String jdk, String system) {
    static Machine here() {
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                totalMemory(),
                Runtime.version() + ", " + System.getProperty("java.vendor", ""),
                System.getProperty("os.name", "") + ' ' + System.getProperty("os.version", "") + ", "
                        + System.getProperty("os.arch", ""));
    }

    /** Linux says it in a file; elsewhere the report goes without. */
    private static String totalMemory() {
        try (var lines = Files.lines(Path.of("/proc/meminfo"))) {
            return lines.filter(line -> line.startsWith("MemTotal:"))
                    .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .map(kilobytes -> String.format(Locale.ROOT, "%.1f GiB", kilobytes / 1024.0 / 1024.0))
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException elsewhere) {
            return "unknown";
        }
    }
}
