package dev.parvi.runtime.command;

import dev.parvi.persistence.transfer.Progress;
import dev.parvi.persistence.transfer.Totals;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** Tells a person how far long work is: on a terminal in one line that changes, elsewhere in a line now and then. */
final class ProgressLine implements Progress {
    private static final Duration ON_TERMINAL = Duration.ofMillis(200);
    private static final Duration IN_LOG = Duration.ofSeconds(5);
    private static final int BAR = 20;

    private final PrintWriter out;
    private final String what;
    private final boolean isTerminal;
    private final long begun = System.nanoTime();
    private long told = begun;
    private int width;

    ProgressLine(PrintWriter out, String what, boolean isTerminal) {
        this.out = out;
        this.what = what;
        this.isTerminal = isTerminal;
    }

    @Override
    public synchronized void on(Totals soFar, double share) {
        var now = System.nanoTime();
        if (now - told < (isTerminal ? ON_TERMINAL : IN_LOG).toNanos()) return;
        told = now;
        var line = line(soFar, share);
        if (!isTerminal) {
            out.println(line);
        } else {
            out.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
            width = line.length();
        }
        out.flush();
    }

    /** Takes the line away, so that the answer stands alone. */
    synchronized void end() {
        if (width > 0) out.print("\r" + " ".repeat(width) + "\r");
        out.flush();
    }

    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    private String line(Totals soFar, double share) {
        var seconds = Math.max(0.001, elapsed().toMillis() / 1e3);
        var counts = String.format(
                Locale.ROOT,
                "%s  %,d entities  %,d events  %,.0f/s",
                what,
                soFar.entities(),
                soFar.events(),
                soFar.events() / seconds);
        return share < 0 ? counts : counts + "  " + bar(share);
    }

    private static String bar(double share) {
        var full = (int) Math.round(Math.min(1, share) * BAR);
        return String.format(
                Locale.ROOT, "[%s%s] %3.0f %%", "=".repeat(full), " ".repeat(BAR - full), Math.min(1, share) * 100);
    }
}
