package dev.parvi.persistence.pekkojournal;

import java.util.List;
import java.util.function.Function;

/** One thing that is wrong in a journal. */
public sealed interface JournalFinding {
    String persistenceId();

    /** Takes the one case that this finding is. */
    <T> T fold(Function<Contested, T> onContested, Function<Gap, T> onGap);

    /** A sequence number that was written more than once, or whose only event is discarded because of what another writer did. */
    record Contested(String persistenceId, long sequenceNr, List<Judged> rows) implements JournalFinding {
        public Contested {
            rows = List.copyOf(rows);
        }

        /** How many writers wrote the number, as far as replay sees them. */
        public long writers() {
            return rows.stream().map(row -> row.event().writer()).distinct().count();
        }

        @Override
        public <T> T fold(Function<Contested, T> onContested, Function<Gap, T> onGap) {
            return onContested.apply(this);
        }
    }

    /** Numbers that nobody wrote, or that are gone, although higher ones are there. A stock replay fails at the first of them. */
    record Gap(String persistenceId, long from, long to) implements JournalFinding {
        @Override
        public <T> T fold(Function<Contested, T> onContested, Function<Gap, T> onGap) {
            return onGap.apply(this);
        }
    }

    /** One row, in the order of their times, and what becomes of it. */
    record Judged(JournalEvent event, Fate fate) {}
}
