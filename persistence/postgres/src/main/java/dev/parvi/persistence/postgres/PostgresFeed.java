package dev.parvi.persistence.postgres;

import dev.parvi.entity.NotServing;
import dev.parvi.persistence.DamagedRecord;
import dev.parvi.persistence.EventStore.EntityPage;
import dev.parvi.persistence.EventStore.FeedPage;
import dev.parvi.persistence.EventStore.LostCursor;
import dev.parvi.persistence.EventStore.Slices;
import dev.parvi.persistence.EventStore.StoredEvent;
import dev.parvi.persistence.RecordChecksum;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The change feed: events in the order of (xact, position), below a horizon. Every writer that may still commit has a number at or above
 * the horizon, and labels its events with that or more, so nothing comes in behind a reader. Not for several threads.
 *
 * <p>A server counts the transactions of all its databases alike, and a stranger's may run for hours. The horizon passes over those that
 * are no writers of events: seen to have a number, later seen to hold no lock on the tables, and still running when the snapshot was
 * taken. A writer has locked a table before it has a number, and holds that lock for as long as it runs.
 */
final class PostgresFeed {
    /** How many events a page looks at: a reader of few of them must not hold up the others. */
    static final int ROWS_MAX = 10_000;

    private static final int FETCH_SIZE = 100;
    private static final int SLICE_BYTE = Long.BYTES - 1;

    private final PostgresUrl url;
    private final PostgresReads reads;
    private final PreparedStatement findOrigin;
    private final PreparedStatement findSnapshot;
    private final PreparedStatement findRows;
    private final PreparedStatement findBeyond;
    private final PreparedStatement findNumbered;
    private final PreparedStatement findLocking;
    /** Which server this is, once the labels are known to be its own. */
    private String system = "";

    PostgresFeed(Connection connection, PostgresUrl url, PostgresReads reads) throws SQLException {
        this.url = url;
        this.reads = reads;
        findOrigin = connection.prepareStatement("SELECT here.system_identifier, feed_origin.system_identifier"
                + " FROM pg_control_system() AS here, feed_origin");
        findSnapshot = connection.prepareStatement("SELECT pg_snapshot_xmax(now)::text::bigint, running::text::bigint"
                + " FROM pg_current_snapshot() AS now LEFT JOIN LATERAL pg_snapshot_xip(now) AS running ON true");
        findRows = connection.prepareStatement("SELECT event.revision, CASE WHEN wanted THEN event.writer END,"
                + " CASE WHEN wanted THEN event.record END, event.checksum, event.xact::text::bigint, event.position, id"
                + " FROM (SELECT * FROM event WHERE (xact, position) > (?::xid8, ?) AND xact < ?::xid8"
                + " ORDER BY xact, position LIMIT ?) AS event,"
                + " LATERAL (SELECT id, event.revision > deleted AND id >= ? AND id < ?"
                + " AND (? OR (get_byte(sha256(convert_to(id, 'UTF8')), " + SLICE_BYTE + ") & " + (Slices.COUNT - 1)
                + ") BETWEEN ? AND ?) AS wanted FROM entity WHERE number = event.entity OFFSET 0) AS entity"
                + " ORDER BY event.xact, event.position");
        findRows.setFetchSize(FETCH_SIZE);
        findBeyond = connection.prepareStatement("SELECT EXISTS (SELECT FROM event WHERE xact >= ?::xid8)");
        findNumbered = connection.prepareStatement("SELECT virtualtransaction, transactionid::text::bigint"
                + " FROM pg_locks WHERE locktype = 'transactionid' AND mode = 'ExclusiveLock' AND granted");
        findLocking = connection.prepareStatement("SELECT virtualtransaction FROM pg_locks WHERE locktype = 'relation'"
                + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
                + " AND relation IN ('entity'::regclass, 'event'::regclass)");
    }

    FeedPage read(Slices slices, String prefix, String cursor, int max) throws SQLException {
        requireOwnLabels();
        var from = Position.of(cursor, system);
        var wanted = new Wanted(slices, prefix, max);
        var page = reads.inTransaction(() -> read(wanted, from, horizon(from, Set.of())));
        if (!page.isHeldUp) return page.found;
        var strangers = strangers();
        return reads.inTransaction(() -> read(wanted, from, horizon(from, strangers))).found;
    }

    /** What is acknowledged from now on has a label at or above the horizon. */
    String end() throws SQLException {
        requireOwnLabels();
        var strangers = strangers();
        var horizon = reads.inTransaction(() -> horizon(Position.START, strangers));
        return new Position(horizon, 0).toCursor(system);
    }

    private Page read(Wanted wanted, Position from, long horizon) throws SQLException {
        var limit = ask(wanted, from, horizon);
        var events = new ArrayList<StoredEvent>();
        var damaged = new ArrayList<DamagedRecord>();
        var reached = from;
        var bytes = 0L;
        var seen = 0;
        var isFull = false;
        try (var rows = findRows.executeQuery()) {
            while (!isFull && rows.next()) {
                seen++;
                reached = new Position(rows.getLong(5), rows.getLong(6));
                if (rows.getString(2) != null) bytes += tell(rows, events, damaged);
                isFull = events.size() + damaged.size() == wanted.max || bytes > FeedPage.BYTES_MAX || seen == limit;
            }
        }
        // Writers that are under way hold it up for a moment. Then it says that this is all, so that its reader does
        // not spin.
        var isMoreBeyond = !isFull && isBeyond(horizon);
        var isLast = !isFull && (seen == 0 || !isMoreBeyond);
        return new Page(new FeedPage(events, damaged, reached.toCursor(system), isLast), isMoreBeyond && seen == 0);
    }

    /** Returns how many rows are looked at. */
    private int ask(Wanted wanted, Position from, long horizon) throws SQLException {
        var isEverything = wanted.slices.equals(Slices.ALL);
        var limit = isEverything && wanted.prefix.isEmpty() ? Math.min(wanted.max, ROWS_MAX) : ROWS_MAX;
        findRows.setString(1, Long.toString(from.xact));
        findRows.setLong(2, from.position);
        findRows.setString(3, Long.toString(horizon));
        findRows.setInt(4, limit);
        findRows.setString(5, wanted.prefix);
        findRows.setString(6, EntityPage.behind(wanted.prefix));
        findRows.setBoolean(7, isEverything);
        findRows.setInt(8, wanted.slices.first());
        findRows.setInt(9, wanted.slices.last());
        return limit;
    }

    /** Returns what the event weighs. */
    private long tell(ResultSet rows, List<StoredEvent> events, List<DamagedRecord> damaged) throws SQLException {
        var entity = PostgresReads.text(rows, 7);
        try {
            var event = reads.event(rows, entity, RecordChecksum.entityBytes(entity), rows.getLong(1));
            events.add(event);
            return event.record().size();
        } catch (DamagedRecord record) {
            damaged.add(record);
            return 0;
        }
    }

    /** Of the snapshot that the transaction reads by: the least number of a writer that may still commit. */
    private long horizon(Position from, Set<Integer> strangers) throws SQLException {
        var horizon = 0L;
        try (var rows = findSnapshot.executeQuery()) {
            while (rows.next()) {
                // The first number that was not given out yet, the same in all rows.
                if (horizon == 0) horizon = rows.getLong(1);
                if (from.xact > rows.getLong(1))
                    throw new LostCursor(
                            from.toCursor(system),
                            url + " has come to transaction " + rows.getLong(1)
                                    + " only: it was set back to an earlier time");
                var running = rows.getLong(2);
                if (!rows.wasNull() && !strangers.contains((int) running)) horizon = Math.min(horizon, running);
            }
        }
        return horizon;
    }

    /**
     * The transactions that have a number and, looked at after that, no lock on the tables. Those of them that a later snapshot still
     * sees running have held all their locks at both looks, and are none of ours.
     */
    private Set<Integer> strangers() throws SQLException {
        var numbered = new HashMap<String, Integer>();
        try (var rows = findNumbered.executeQuery()) {
            while (rows.next()) numbered.put(PostgresReads.text(rows, 1), (int) rows.getLong(2));
        }
        try (var rows = findLocking.executeQuery()) {
            while (rows.next()) numbered.remove(PostgresReads.text(rows, 1));
        }
        return Set.copyOf(numbered.values());
    }

    private boolean isBeyond(long horizon) throws SQLException {
        findBeyond.setString(1, Long.toString(horizon));
        try (var rows = findBeyond.executeQuery()) {
            return rows.next() && rows.getBoolean(1);
        }
    }

    private void requireOwnLabels() throws SQLException {
        if (!system.isEmpty()) return;
        try (var rows = findOrigin.executeQuery()) {
            if (!rows.next() || rows.getLong(1) != rows.getLong(2))
                throw new NotServing(
                        url + ": the events were stored on another server, whose transactions say nothing about"
                                + " their order here: run \"parvi store migrate\"");
            system = Long.toString(rows.getLong(1));
        }
    }

    /** What a reader asks for. */
    private record Wanted(Slices slices, String prefix, int max) {}

    /** What there is, and whether everything that is left waits for writers, or strangers. */
    private record Page(FeedPage found, boolean isHeldUp) {}

    /** A place in the order of the feed. */
    private record Position(long xact, long position) {
        static final Position START = new Position(0, 0);
        private static final Pattern CURSOR = Pattern.compile("(\\d{1,18})\\.(\\d{1,18})@(-?\\d+)");

        static Position of(String cursor, String system) {
            if (cursor.isEmpty()) return START;
            var parts = CURSOR.matcher(cursor);
            if (!parts.matches()) throw new LostCursor(cursor, "it is none of a PostgreSQL store");
            if (!parts.group(3).equals(system))
                throw new LostCursor(cursor, "it was given by another server than " + system);
            return new Position(Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2)));
        }

        String toCursor(String system) {
            return xact + "." + position + "@" + system;
        }
    }
}
