package dev.parvi.persistence.pekkojournal;

import dev.parvi.persistence.pekkojournal.PekkoJournalSettings.Filter;
import dev.parvi.persistence.pekkojournal.PekkoJournalSettings.Mode;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.function.BiConsumer;

/**
 * Decides which events of overlapping writers a replay delivers, as Pekko's {@code ReplayFilter} does: the newest writer wins, and one
 * is newer if its first event comes later. Events wait in a window, in case a newer writer takes their number.
 */
final class ReplayRule {
    private final Filter filter;
    private final BiConsumer<JournalEvent, Fate> onJudged;
    private final ArrayDeque<JournalEvent> window = new ArrayDeque<>();
    private final LinkedHashSet<String> oldWriters = new LinkedHashSet<>();
    private String writer = "";
    private long highest = -1;
    private boolean hasFailed;

    ReplayRule(Filter filter, BiConsumer<JournalEvent, Fate> onJudged) {
        this.filter = filter;
        this.onJudged = onJudged;
    }

    /** The next event that the journal delivers. */
    void offer(JournalEvent event) {
        if (filter.mode() == Mode.OFF) {
            onJudged.accept(event, Fate.KEPT);
            return;
        }
        if (hasFailed) {
            onJudged.accept(event, Fate.NOT_REACHED);
            return;
        }
        if (window.size() == filter.windowSize()) keep(window.removeFirst());
        if (event.writer().equals(writer)) onSameWriter(event);
        else if (oldWriters.contains(event.writer())) object(event, Fate.OLD_WRITER);
        else onNewWriter(event);
    }

    /** Nothing with a lower number will be offered any more: what waits below it is decided. */
    void settleBelow(long sequenceNr) {
        while (!window.isEmpty() && window.getFirst().sequenceNr() < sequenceNr) keep(window.removeFirst());
    }

    /** The journal has delivered everything. */
    void end() {
        while (!window.isEmpty()) keep(window.removeFirst());
    }

    /** Whether the mode is {@code fail} and there was a reason: then nothing is replayed at all. */
    boolean hasFailed() {
        return hasFailed;
    }

    private void onSameWriter(JournalEvent event) {
        if (event.sequenceNr() < highest) {
            object(event, Fate.OUT_OF_ORDER);
            return;
        }
        window.addLast(event);
        highest = event.sequenceNr();
    }

    private void onNewWriter(JournalEvent event) {
        if (!writer.isEmpty()) oldWriters.add(writer);
        if (oldWriters.size() > filter.oldWritersMax())
            oldWriters.remove(oldWriters.iterator().next());
        writer = event.writer();
        highest = event.sequenceNr();
        var overtaken = window.stream()
                .filter(waiting -> waiting.sequenceNr() >= highest)
                .toList();
        if (!overtaken.isEmpty() && filter.mode() == Mode.FAIL) {
            fail(event);
            return;
        }
        if (filter.mode() == Mode.REPAIR_BY_DISCARD_OLD) {
            window.removeIf(waiting -> waiting.sequenceNr() >= highest);
            overtaken.forEach(gone -> onJudged.accept(gone, Fate.OVERTAKEN));
        }
        window.addLast(event);
    }

    private void object(JournalEvent event, Fate fate) {
        if (filter.mode() == Mode.FAIL) fail(event);
        else if (filter.mode() == Mode.WARN) window.addLast(event);
        else onJudged.accept(event, fate);
    }

    private void fail(JournalEvent event) {
        hasFailed = true;
        window.forEach(waiting -> onJudged.accept(waiting, Fate.NOT_REACHED));
        window.clear();
        onJudged.accept(event, Fate.NOT_REACHED);
    }

    private void keep(JournalEvent event) {
        onJudged.accept(event, Fate.KEPT);
    }
}
