package dev.parvi.testkit.history;

import java.util.Locale;

/** Times for people: seconds since the history began. */
final class Times {
    private Times() {}

    static String text(long nanos) {
        return String.format(Locale.ROOT, "%.6f s", nanos / 1e9);
    }
}
