package dev.parvi.persistence.pekkojournal;

import dev.parvi.persistence.pekkojournal.JournalFinding.Contested;
import dev.parvi.persistence.pekkojournal.JournalFinding.Gap;
import dev.parvi.persistence.pekkojournal.JournalFinding.Judged;
import dev.parvi.persistence.pekkojournal.JournalReport.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** Counts what is in a journal, and reports what is wrong in it, one persistence id after the other. */
final class Inspection {
    /** Findings of one persistence id that are reported together, so that those of several do not mix; more come in parts. */
    private static final int TOGETHER_MAX = 1_000;
    /** The order of Cassandra's timeuuid: by time, then by the signed bytes of the rest. */
    private static final Comparator<UUID> BY_TIME =
            Comparator.comparingLong(UUID::timestamp).thenComparing(Comparator.naturalOrder());

    private final long startNanos = System.nanoTime();
    private final Consumer<JournalFinding> onFinding;
    private final LongAdder ids = new LongAdder();
    private final LongAdder events = new LongAdder();
    private final LongAdder damagedIds = new LongAdder();
    private final LongAdder doubles = new LongAdder();
    private final LongAdder discarded = new LongAdder();
    private final LongAdder unread = new LongAdder();
    private final LongAdder notReached = new LongAdder();
    private final LongAdder gaps = new LongAdder();
    private final LongAdder missing = new LongAdder();

    Inspection(Consumer<JournalFinding> onFinding) {
        this.onFinding = onFinding;
    }

    /** For the history that begins a persistence id, or for another part of one. */
    OneId of(String persistenceId, boolean isBeginning) {
        return new OneId(persistenceId, isBeginning);
    }

    Progress progress() {
        return new Progress(ids.sum(), events.sum(), took());
    }

    JournalReport report() {
        return new JournalReport(
                ids.sum(),
                events.sum(),
                damagedIds.sum(),
                doubles.sum(),
                discarded.sum(),
                unread.sum(),
                notReached.sum(),
                gaps.sum(),
                missing.sum(),
                took());
    }

    private Duration took() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    private LongAdder counterOf(Fate fate) {
        return switch (fate) {
            case OLD_WRITER, OVERTAKEN, OUT_OF_ORDER -> discarded;
            case LAST_NUMBER, OTHER_PARTITION -> unread;
            default -> notReached;
        };
    }

    /** Gathers the rows of one number, since they are judged one by one. */
    final class OneId implements History.Sink {
        private final String persistenceId;
        private final List<Judged> number = new ArrayList<>();
        private final List<JournalFinding> findings = new ArrayList<>();
        private boolean isCounted;
        private boolean isDamaged;

        private OneId(String persistenceId, boolean isBeginning) {
            this.persistenceId = persistenceId;
            this.isCounted = !isBeginning;
        }

        @Override
        public void onRow(JournalEvent event, Fate fate) {
            if (!isCounted) ids.increment();
            isCounted = true;
            events.increment();
            if (fate != Fate.KEPT) counterOf(fate).increment();
            if (fate == Fate.OTHER_PARTITION) {
                // It comes late: its number has been reported, and higher ones may still be undecided.
                find(new Contested(persistenceId, event.sequenceNr(), List.of(new Judged(event, fate))));
                return;
            }
            if (!number.isEmpty() && number.get(0).event().sequenceNr() != event.sequenceNr()) closeNumber();
            number.add(new Judged(event, fate));
        }

        @Override
        public void onGap(long from, long to) {
            closeNumber();
            gaps.increment();
            missing.add(to - from + 1);
            find(new Gap(persistenceId, from, to));
        }

        /** Reports what has not been reported yet. */
        void end() {
            closeNumber();
            flush();
        }

        private void closeNumber() {
            if (number.isEmpty()) return;
            if (number.size() > 1) doubles.increment();
            var isContested = number.size() > 1 || isTakenBy(number.get(0).fate());
            if (isContested) {
                number.sort(Comparator.comparing(row -> row.event().timestamp(), BY_TIME));
                find(new Contested(persistenceId, number.get(0).event().sequenceNr(), number));
            }
            number.clear();
        }

        /** What lies behind a gap is no finding a number: the gap is. */
        private static boolean isTakenBy(Fate fate) {
            return fate != Fate.KEPT && fate != Fate.NOT_REACHED;
        }

        private void find(JournalFinding finding) {
            if (!isDamaged) damagedIds.increment();
            isDamaged = true;
            findings.add(finding);
            if (findings.size() == TOGETHER_MAX) flush();
        }

        private void flush() {
            synchronized (Inspection.this) {
                findings.forEach(onFinding);
            }
            findings.clear();
        }
    }
}
