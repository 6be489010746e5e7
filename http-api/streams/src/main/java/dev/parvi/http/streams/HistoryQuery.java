package dev.parvi.http.streams;

import dev.parvi.entity.EntityType;
import dev.parvi.entity.Rejection;
import java.util.Set;

/**
 * What somebody wants to know of the past.
 *
 * @param id of the entity; empty for all of the type
 * @param after events of the entity behind this revision
 * @param cursor events of the type behind this; empty for all
 * @param limit how many on a page
 * @param beginsWithSnapshot what the entity is now is wanted first, and the events behind that
 */
public record HistoryQuery(
        EntityType<?, ?> type, String id, long after, String cursor, int limit, boolean beginsWithSnapshot) {
    /** The parameter that asks for {@link #beginsWithSnapshot}. */
    public static final String SNAPSHOT = "snapshot";

    private static final String AFTER = "after";
    private static final Set<String> OF_AN_ENTITY = Set.of(AFTER, "limit", SNAPSHOT);
    private static final Set<String> OF_A_TYPE = Set.of("cursor", "limit");

    /**
     * Reads the parameters of a request. Throws a {@link Rejection} that names the one at fault.
     *
     * @param id empty for all of the type
     * @param query as it was sent; empty if there is none
     * @param lastEventId the header of a client that connects again; it counts more than the parameters
     */
    public static HistoryQuery of(EntityType<?, ?> type, String id, String query, String lastEventId) {
        var isFeed = id.isEmpty();
        var parameters = Parameters.of(query, isFeed ? OF_A_TYPE : OF_AN_ENTITY, "a history");
        var limit = parameters.limit();
        if (isFeed) {
            var cursor = lastEventId.isEmpty() ? parameters.text("cursor") : lastEventId;
            return new HistoryQuery(type, id, 0, cursor, limit, false);
        }
        var wantsSnapshot = parameters.flag(SNAPSHOT);
        if (wantsSnapshot && parameters.has(AFTER))
            throw Parameters.invalid(SNAPSHOT, "goes on behind its own revision: leave out the parameter after");
        if (lastEventId.isEmpty())
            return new HistoryQuery(type, id, parameters.number(AFTER, 0), "", limit, wantsSnapshot);
        return new HistoryQuery(type, id, Parameters.number("Last-Event-ID", lastEventId), "", limit, false);
    }

    /** Whether it is for all entities of the type. */
    public boolean isFeed() {
        return id.isEmpty();
    }
}
