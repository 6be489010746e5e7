package dev.parvi.sharding;

import dev.parvi.entity.CommandPipeline;
import java.util.concurrent.atomic.LongAdder;

/** What the entity actors of one node share: settings, quarantine, counters. */
final class NodeEntities {
    private final ShardingSettings settings;
    private final CommandPipeline.Archive archive;
    private final Quarantine quarantine;
    private final LongAdder live = new LongAdder();
    private final LongAdder recovered = new LongAdder();
    private final LongAdder unstored = new LongAdder();

    NodeEntities(ShardingSettings settings, CommandPipeline.Archive archive) {
        this.settings = settings;
        this.archive = archive;
        this.quarantine = new Quarantine(settings.quarantineRetry());
    }

    ShardingSettings settings() {
        return settings;
    }

    CommandPipeline.Archive archive() {
        return archive;
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
