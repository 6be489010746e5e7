package dev.parvi.persistence;

import dev.parvi.persistence.EventStore.Append;
import dev.parvi.persistence.EventStore.AppendResult;
import dev.parvi.persistence.EventStore.Fenced;
import dev.parvi.persistence.EventStore.Stats;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what a store does, and says aloud when a fence was lost. For many threads. */
public final class StoreCounters {
    private static final Logger LOG = LoggerFactory.getLogger(EventStore.class);

    private final LongAdder commits = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder appends = new LongAdder();
    private final LongAdder events = new LongAdder();
    private final LongAdder fenced = new LongAdder();

    /** An append was carried out: stored, or fenced. */
    public void onAnswered(Append append, AppendResult result) {
        result.fold(
                appended -> {
                    appends.increment();
                    events.add(append.records().size());
                    return appended;
                },
                lost -> {
                    onFenced(append, lost);
                    return lost;
                });
    }

    /** A transaction that wrote has been committed. */
    public void onCommitted() {
        commits.increment();
    }

    /** So many writes failed otherwise than by a lost fence. */
    public void onFailed(int writes) {
        failed.add(writes);
    }

    long commits() {
        return commits.sum();
    }

    /**
     * The figures so far.
     *
     * @param queued writes accepted and not yet answered
     * @param stalled how long the transaction in progress has been running
     */
    public Stats toStats(int queued, Duration stalled) {
        return new Stats(appends.sum(), events.sum(), commits.sum(), fenced.sum(), failed.sum(), queued, stalled);
    }

    private void onFenced(Append append, Fenced lost) {
        fenced.increment();
        LOG.warn(
                "fence lost: {} expected revision {} and found {}; another writer has been there, nothing was stored for writer {}",
                append.entity(),
                append.expectedRevision(),
                lost.headRevision(),
                append.writer());
    }
}
