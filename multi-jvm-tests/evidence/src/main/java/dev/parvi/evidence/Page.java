package dev.parvi.evidence;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** The figures as a page of documentation. */
final class Page {
    private static final Duration ROLL_GOAL = Duration.ofMillis(500);

    private final PrintWriter out;
    private final String options;

    /** @param options what the command was told */
    Page(PrintWriter out, String options) {
        this.out = out;
        this.options = options;
    }

    void print(Map<Failure, List<Waits>> failures, List<Waits> rolling, List<String> skipped) {
        out.println("# Evidence: how long clients wait when nodes fail");
        out.println();
        out.println("Printed by `" + command() + "`. Three nodes on one store; 40 entities, each written to ten times");
        out.println(
                "a second through the nodes that stay, by clients that repeat nothing. *Failed* is every answer that");
        out.println(
                "is not a 200. The *worst answer* is the longest that a request waited, the *gap* the longest that one entity went");
        out.println(
                "without an acknowledgement, the tenth of a second between its requests included. A frozen node and a");
        out.println("lost host keep the lock of their data folder: their silence is all that the others have.");
        out.println();
        out.println(
                "| failure | runs | requests | failed | worst answer: median, worst | longest gap: median, worst | wanted |");
        out.println("|---|---|---|---|---|---|---|");
        failures.forEach((failure, waits) -> row(failure.title(), waits, failure.goal()));
        if (!rolling.isEmpty()) row("rolling restart of all three", rolling, ROLL_GOAL);
        out.println();
        skipped.forEach(sentence -> out.println(sentence + System.lineSeparator()));
        out.println(machine());
        out.flush();
    }

    private void row(String title, List<Waits> waits, Duration goal) {
        out.printf(
                Locale.ROOT,
                "| %s | %d | %d | %d | %s | %s | %s |%n",
                title,
                waits.size(),
                waits.stream().mapToInt(Waits::requests).sum(),
                waits.stream().mapToLong(Waits::failed).sum(),
                medianAndWorst(waits, Waits::worst),
                medianAndWorst(waits, Waits::gap),
                seconds(goal));
    }

    private String command() {
        return ("multi-jvm-tests/evidence/run " + options).strip();
    }

    private static String machine() {
        return LocalDate.now(ZoneOffset.UTC) + ", " + Runtime.getRuntime().availableProcessors() + " cores, "
                + System.getProperty("os.name") + ' ' + System.getProperty("os.arch") + ", JDK "
                + Runtime.version().feature() + ". Nodes, clients and store share the machine.";
    }

    private static String medianAndWorst(List<Waits> waits, Function<Waits, Duration> figure) {
        var sorted = waits.stream().map(figure).sorted().toList();
        return seconds(sorted.get(sorted.size() / 2)) + ", " + seconds(sorted.get(sorted.size() - 1));
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.2f s", time.toMillis() / 1000.0);
    }
}
