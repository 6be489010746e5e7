package dev.parvi.http.streams;

import dev.parvi.entity.Rejection;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The parameters of a request. Whatever is wrong is a {@link Rejection} that names the one at fault. */
final class Parameters {
    private static final int LIMIT = 100;
    private static final int DIGITS_MAX = 18;

    private final Map<String, String> values;

    private Parameters(Map<String, String> values) {
        this.values = values;
    }

    /**
     * Reads a query.
     *
     * @param query as it was sent; empty if there is none
     * @param what has these parameters, for people
     */
    static Parameters of(String query, Set<String> known, String what) {
        var values = new HashMap<String, String>();
        if (query.isEmpty()) return new Parameters(values);
        for (var part : query.split("&", -1)) {
            var equals = part.indexOf('=');
            var name = equals < 0 ? part : part.substring(0, equals);
            if (!known.contains(name))
                throw invalid(name, "is no parameter of " + what + ": write one of " + sorted(known));
            if (values.put(name, decoded(name, equals < 0 ? "" : part.substring(equals + 1))) != null)
                throw invalid(name, "stands there twice");
        }
        return new Parameters(values);
    }

    /** The text of a parameter; empty if it is not there. */
    String text(String name) {
        return values.getOrDefault(name, "");
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /** Whether a parameter is true; false if it is not there. */
    boolean flag(String name) {
        var text = values.getOrDefault(name, "false");
        if (!text.equals("true") && !text.equals("false")) throw invalid(name, "must be true or false");
        return text.equals("true");
    }

    long number(String name, long otherwise) {
        var text = values.get(name);
        return text == null ? otherwise : number(name, text);
    }

    /** How many are wanted on a page. */
    int limit() {
        var limit = (int) Math.min(Integer.MAX_VALUE, number("limit", LIMIT));
        if (limit == 0) throw invalid("limit", "must be at least 1");
        return limit;
    }

    static long number(String name, String text) {
        if (text.isEmpty() || text.length() > DIGITS_MAX || !text.chars().allMatch(c -> c >= '0' && c <= '9'))
            throw invalid(name, "must be a number from 0, of at most " + DIGITS_MAX + " digits");
        return Long.parseLong(text);
    }

    static Rejection invalid(String name, String what) {
        return Rejection.ofField(Rejection.Code.INVALID_ARGUMENT, name, what);
    }

    private static String sorted(Set<String> names) {
        return String.join(", ", names.stream().sorted().toList());
    }

    private static String decoded(String name, String value) {
        try {
            return URLDecoder.decode(value, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw invalid(name, "is not percent-encoded as it should be");
        }
    }
}
