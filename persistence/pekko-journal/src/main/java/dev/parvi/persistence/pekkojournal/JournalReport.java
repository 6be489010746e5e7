package dev.parvi.persistence.pekkojournal;

import java.time.Duration;

/**
 * What an inspection saw, in numbers.
 *
 * @param persistenceIds that have events
 * @param events rows that are not deleted
 * @param damagedIds persistence ids with at least one finding; one whose events go on behind a missing partition counts again
 * @param doubles sequence numbers with rows of more than one write
 * @param discarded events that the replay filter drops
 * @param unread events that a replay does not read although it passes them by
 * @param notReached events behind a gap, or behind the place where the filter fails
 * @param gaps stretches of missing numbers
 * @param missing numbers in them
 */
public record JournalReport(
        long persistenceIds,
        long events,
        long damagedIds,
        long doubles,
        long discarded,
        long unread,
        long notReached,
        long gaps,
        long missing,
        Duration took) {

    /** Events that were stored, so acknowledged to all that is known, and that no replay delivers. */
    public long lost() {
        return discarded + unread + notReached;
    }

    /** Whether nothing at all was found. */
    public boolean isClean() {
        return doubles == 0 && gaps == 0 && lost() == 0;
    }

    /** How far an inspection or an import has come. */
    public record Progress(long persistenceIds, long events, Duration since) {
        /** Events a second since it began. */
        public long rate() {
            return events * 1_000 / Math.max(1, since.toMillis());
        }
    }
}
