package dev.parvi.sharding;

import java.util.concurrent.atomic.LongAdder;

/** What the entity actors of one node share: settings, quarantine, counters. */
final class NodeEntities {
    private final ShardingSettings settings;
    private final Quarantine quarantine;
    private final LongAdder live = new LongAdder();
    private final LongAdder recovered = new LongAdder();
    private final LongAdder unstored = new LongAdder();

    NodeEntities(ShardingSettings settings) {
        this.settings = settings;
        this.quarantine = new Quarantine(settings.quarantineRetry());
    }

    ShardingSettings settings() {
        return settings;
    }

    Quarantine quarantine() {
        return quarantine;
    }

    void onStarted() {
        live.increment();
    }

    void onStopped() {
        live.decrement();
    }

    void onRecovered() {
        recovered.increment();
    }

    void onUnstored() {
        unstored.increment();
    }

    EntityCounts counts() {
        return new EntityCounts(live.sum(), recovered.sum(), unstored.sum(), quarantine.size());
    }
}
