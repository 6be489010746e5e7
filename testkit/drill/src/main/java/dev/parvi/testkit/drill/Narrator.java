package dev.parvi.testkit.drill;

import dev.parvi.testkit.TestNode;
import dev.parvi.testkit.drill.Chronicle.Happening;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Tells a person what happens while it happens: on a terminal with a status line that changes, elsewhere with one now and then. */
final class Narrator {
    private static final Duration STATUS_IN_LOG = Duration.ofSeconds(10);

    private final PrintWriter out;
    private final boolean isTerminal;
    private final Set<String> frozen = new TreeSet<>();
    private Duration told = Duration.ZERO;
    private int width;

    Narrator(PrintWriter out, boolean isTerminal) {
        this.out = out;
        this.isTerminal = isTerminal;
    }

    synchronized void say(String line) {
        clear();
        out.println(line);
        out.flush();
    }

    synchronized void onHappening(Happening happening) {
        var words = happening.text().split(" ");
        if (happening.isFault() && words[0].equals("freeze")) frozen.add(words[1]);
        if (happening.isFault() && words[0].matches("thaw|restart")) frozen.remove(words[1]);
        say("  " + padded(happening.at()) + "  " + happening.text());
    }

    synchronized void status(DrillResult.Sample sample, List<TestNode> nodes) {
        if (!isTerminal && sample.at().minus(told).compareTo(STATUS_IN_LOG) < 0) return;
        told = sample.at();
        var line = String.format(
                Locale.ROOT,
                "  %s  %,d/s acknowledged, longest wait %.1f s, %s",
                padded(sample.at()),
                sample.acknowledged(),
                sample.waited().toMillis() / 1e3,
                up(nodes));
        if (isTerminal) {
            out.print('\r' + line + " ".repeat(Math.max(0, width - line.length())));
            width = line.length();
        } else {
            out.println(line);
        }
        out.flush();
    }

    private String up(List<TestNode> nodes) {
        var names = new TreeSet<String>();
        for (var n = 0; n < nodes.size(); n++)
            if (nodes.get(n).isAlive()) names.add(Script.names(nodes.size()).get(n));
        names.removeAll(frozen);
        var up = names.isEmpty() ? "no node up" : "up: " + String.join(" ", names);
        return frozen.isEmpty() ? up : up + ", frozen: " + String.join(" ", frozen);
    }

    private void clear() {
        if (width > 0) out.print('\r' + " ".repeat(width) + '\r');
        width = 0;
    }

    private static String padded(Duration at) {
        return String.format(Locale.ROOT, "%7s", Chronicle.clock(at));
    }
}
