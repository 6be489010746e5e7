package dev.parvi.http.streams;

import dev.parvi.entity.Rejection;
import java.util.Set;

/**
 * Which entities of a type somebody wants to have listed.
 *
 * @param prefix of their ids; empty for all
 * @param cursor behind which to go on; empty to begin
 * @param limit how many on a page
 */
public record EntityQuery(String prefix, String cursor, int limit) {
    private static final Set<String> KNOWN = Set.of("prefix", "cursor", "limit");

    /**
     * Reads the parameters of a request. Throws a {@link Rejection} that names the one at fault.
     *
     * @param query as it was sent; empty if there is none
     */
    public static EntityQuery of(String query) {
        var parameters = Parameters.of(query, KNOWN, "a list");
        return new EntityQuery(text(parameters, "prefix"), text(parameters, "cursor"), parameters.limit());
    }

    /** No id holds such characters, and some stores cannot even be asked for them. */
    private static String text(Parameters parameters, String name) {
        var text = parameters.text(name);
        if (text.codePoints().anyMatch(EntityQuery::isForeign))
            throw Parameters.invalid(name, "holds a character that no id has");
        return text;
    }

    private static boolean isForeign(int c) {
        return Character.isISOControl(c) || c == '\uFFFD' || Character.getType(c) == Character.SURROGATE;
    }
}
