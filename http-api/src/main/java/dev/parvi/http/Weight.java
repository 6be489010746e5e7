package dev.parvi.http;

import dev.parvi.http.json.Text;
import java.util.Locale;

/** How much a client wants one of several things: the {@code q} of RFC 9110. */
final class Weight {
    private static final int WHOLE = 1000;

    private Weight() {}

    /** What a list of ranges gives to this name, in thousandths; 0 if it is not in there by name. */
    static int named(String ranges, String name) {
        for (var range : ranges.split(",", -1)) {
            var parts = range.split(";", 2);
            if (parts[0].strip().equalsIgnoreCase(name)) return parts.length == 1 ? WHOLE : of(parts[1]);
        }
        return 0;
    }

    /** Reads {@code q=0.7}, in thousandths; anything unreadable counts as 1, as if it were not there. */
    static int of(String parameters) {
        for (var parameter : parameters.split(";", -1)) {
            var text = parameter.strip().toLowerCase(Locale.ROOT);
            if (!text.startsWith("q=") || text.length() > 7) continue;
            var thousandths = 0;
            var unit = WHOLE;
            for (var i = 2; i < text.length(); i++) {
                var c = text.charAt(i);
                if (c == '.') continue;
                if (!Text.isDigit(c)) return WHOLE;
                thousandths += (c - '0') * unit;
                unit /= 10;
            }
            return Math.min(thousandths, WHOLE);
        }
        return WHOLE;
    }
}
