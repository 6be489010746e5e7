package dev.parvi.persistence;

import dev.parvi.persistence.EventStore.Append;
import dev.parvi.persistence.EventStore.AppendResult;
import dev.parvi.persistence.EventStore.Fenced;
import dev.parvi.persistence.EventStore.Stats;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what a store does, and says aloud when a fence was lost. */
final class StoreCounters {
    private static final Logger LOG = LoggerFactory.getLogger(EventStore.class);

    final LongAdder commits = new LongAdder();
    final LongAdder failed = new LongAdder();
    private final LongAdder appends = new LongAdder();
    private final LongAdder events = new LongAdder();
    private final LongAdder fenced = new LongAdder();

    void onAnswered(Append append, AppendResult result) {
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

    Stats toStats(int queued, Duration stalled) {
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
