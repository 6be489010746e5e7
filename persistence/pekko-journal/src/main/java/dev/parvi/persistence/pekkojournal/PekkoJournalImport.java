package dev.parvi.persistence.pekkojournal;

import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.UnusableStore;
import dev.parvi.persistence.pekkojournal.JournalReport.Progress;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Puts the events that a stock replay delivers into an event store, as Parvi's own. Each entity is fenced: it must be new there, or
 * have been written by this import and nobody since. So an import that was interrupted is simply run again.
 *
 * <p>Run it while neither the journal's application nor a node of Parvi writes to these entities.
 */
public final class PekkoJournalImport {
    private final PekkoJournal journal;
    private final EventStore store;
    private final JournalMapping mapping;
    private final long startNanos = System.nanoTime();
    private final LongAdder entities = new LongAdder();
    private final LongAdder leftOut = new LongAdder();
    private final LongAdder stored = new LongAdder();
    private final LongAdder wereThere = new LongAdder();
    private final LongAdder refused = new LongAdder();

    private PekkoJournalImport(PekkoJournal journal, EventStore store, JournalMapping mapping) {
        this.journal = journal;
        this.store = store;
        this.mapping = mapping;
    }

    /** Is run once, with {@link #run}. */
    public static PekkoJournalImport of(PekkoJournal journal, EventStore store, JournalMapping mapping) {
        return new PekkoJournalImport(journal, store, mapping);
    }

    /**
     * Imports every persistence id that the mapping knows. An entity that cannot be taken over is refused, and the others go on.
     * Throws {@link UnusableStore} if the journal or the store does not answer for long.
     *
     * @param onRefusal told by one thread at a time
     * @param onProgress told about once a second
     */
    public Result run(Consumer<Refusal> onRefusal, Consumer<Progress> onProgress) {
        journal.forEach(
                replay -> take(replay, onRefusal),
                () -> onProgress.accept(new Progress(entities.sum(), stored.sum() + wereThere.sum(), took())));
        return new Result(entities.sum(), leftOut.sum(), stored.sum(), wereThere.sum(), refused.sum(), took());
    }

    /**
     * What an import has done.
     *
     * @param entities that are complete in the store
     * @param leftOut persistence ids that the mapping does not know
     * @param stored events that this run stored
     * @param wereThere events that an earlier run had stored
     * @param refused entities that could not be taken over, or not wholly
     */
    public record Result(long entities, long leftOut, long stored, long wereThere, long refused, Duration took) {}

    /** An entity that was not taken over, or not wholly, and why: a sentence that names it. */
    public record Refusal(String persistenceId, String sentence) {}

    private void take(PekkoJournal.Replay replay, Consumer<Refusal> onRefusal) {
        var persistenceId = replay.persistenceId();
        try {
            var target = mapped(persistenceId, () -> mapping.entity(persistenceId));
            if (target.isEmpty()) {
                leftOut.increment();
                return;
            }
            var writer = new EntityImport(store, persistenceId, target.get(), mapping);
            writer.begin();
            replay.obstacle().ifPresent(why -> {
                throw new EntityImport.Refused("the journal's " + persistenceId + " cannot be replayed, since " + why
                        + ": leave it out, or mend it");
            });
            try {
                replay.events(writer::onEvent);
                writer.end();
                entities.increment();
            } finally {
                stored.add(writer.stored());
                wereThere.add(writer.found());
            }
        } catch (EntityImport.Refused refusal) {
            refused.increment();
            synchronized (this) {
                onRefusal.accept(new Refusal(persistenceId, String.valueOf(refusal.getMessage())));
            }
        }
    }

    private static <T> T mapped(String persistenceId, Supplier<T> work) {
        try {
            return work.get();
        } catch (RuntimeException thrown) {
            throw new EntityImport.Refused("the mapping failed at " + persistenceId + ": " + thrown);
        }
    }

    private Duration took() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }
}
