package dev.parvi.persistence.pekkojournal;

import java.util.ArrayList;
import java.util.List;

/**
 * One persistence id, row by row, as the plugin's replay meets it.
 *
 * <p>The plugin asks one partition after the other for the numbers that it has not seen yet, stops when it has pushed one row of the
 * highest number, and fails when a number is missing. What it reads goes through the {@link ReplayRule}.
 */
final class History {
    /** Told about every row that is not deleted, a number at a time and in their order; rows of one number in any order. */
    interface Sink {
        void onRow(JournalEvent event, Fate fate);

        void onGap(long from, long to);
    }

    private final Sink sink;
    private final boolean gapFree;
    private final ReplayRule rule;
    private final long deletedTo;
    /** Further rows of the number that was read last: replay reads them only if a higher number follows. */
    private final List<JournalEvent> held = new ArrayList<>();

    private long expected;
    private long floor;
    private boolean isStopped;

    /**
     * @param deletedTo the plugin's mark: events up to here are deleted, whether their rows are gone or not
     */
    History(long deletedTo, PekkoJournalSettings settings, Sink sink) {
        this.deletedTo = deletedTo;
        this.expected = deletedTo + 1;
        this.gapFree = settings.gapFree();
        this.rule = new ReplayRule(settings.filter(), sink::onRow);
        this.sink = sink;
    }

    /** The rest of a history after a partition without rows. Replay takes such a partition for the end. */
    static History behindHole(long lastNumber, PekkoJournalSettings settings, Sink sink) {
        var history = new History(lastNumber, settings, sink);
        history.isStopped = true;
        return history;
    }

    /** The rows of another partition follow. */
    void onPartition() {
        floor = expected;
    }

    /** The next row of the partition, in the order of number and time. */
    void onRow(JournalEvent event) {
        var number = event.sequenceNr();
        if (number <= deletedTo) return;
        if (number < floor) {
            sink.onRow(event, isStopped ? Fate.NOT_REACHED : Fate.OTHER_PARTITION);
        } else if (number == expected - 1) {
            held.add(event);
        } else {
            release();
            if (number > expected) onGap(number);
            expected = number + 1;
            offer(event);
        }
    }

    /** There is no further row. */
    void end() {
        var fate = isStopped ? Fate.NOT_REACHED : Fate.LAST_NUMBER;
        rule.end();
        held.forEach(event -> sink.onRow(event, fate));
        held.clear();
    }

    private void onGap(long found) {
        if (gapFree) isStopped = true;
        rule.settleBelow(found);
        sink.onGap(expected, found - 1);
    }

    private void release() {
        held.forEach(this::offer);
        held.clear();
    }

    private void offer(JournalEvent event) {
        rule.settleBelow(event.sequenceNr());
        if (isStopped) sink.onRow(event, Fate.NOT_REACHED);
        else rule.offer(event);
        isStopped |= rule.hasFailed();
    }
}
