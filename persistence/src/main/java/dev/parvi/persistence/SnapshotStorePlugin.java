package dev.parvi.persistence;

import dev.parvi.persistence.EventStore.SnapshotRange;
import dev.parvi.persistence.EventStore.StoredEvent;
import dev.parvi.protobuf.SnapshotRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.apache.pekko.persistence.snapshot.japi.SnapshotStore;
import scala.concurrent.Future;

/**
 * Pekko's snapshot store over the {@link EventStore}: plugin id {@code parvi.snapshot-store}. Of an entity's own snapshots the newest
 * few are kept; other users of Pekko Persistence delete theirs themselves.
 */
final class SnapshotStorePlugin extends SnapshotStore {
    private final EventStore store;
    private final RecordCodec codec;
    private final int kept;

    SnapshotStorePlugin() {
        var system = (ExtendedActorSystem) context().system();
        var extension = EventStoreExtension.of(system);
        this.store = extension.store();
        this.codec = new RecordCodec(system);
        this.kept = extension.settings().snapshotsKept();
    }

    @Override
    public Future<Optional<SelectedSnapshot>> doLoadAsync(String entity, SnapshotSelectionCriteria criteria) {
        return ScalaFutures.of(store.load(entity, toRange(criteria)).thenApply(found -> found.map(codec::decode)));
    }

    @Override
    public Future<Void> doSaveAsync(SnapshotMetadata metadata, Object snapshot) {
        if (!(snapshot instanceof SnapshotRecord own))
            return ScalaFutures.of(store.save(codec.encode(metadata, snapshot), Integer.MAX_VALUE));
        // A snapshot of events that are not stored yet would outlive them if they never are.
        if (own.getRevision() != metadata.sequenceNr())
            throw new IllegalArgumentException("a snapshot of " + metadata.persistenceId() + " after "
                    + own.getRevision() + " events, of which " + metadata.sequenceNr() + " are stored");
        return ScalaFutures.of(store.save(codec.encode(metadata, own), kept)
                .thenCompose(saved -> removeIfDeleted(metadata.persistenceId(), own.getRevision())));
    }

    /**
     * An entity removes its events only when it is deleted, and its snapshots after them. An owner that was frozen meanwhile may save one
     * more: then it finds here that the event is gone that its snapshot ends with, and takes the snapshot back.
     */
    private CompletableFuture<Void> removeIfDeleted(String entity, long revision) {
        var last = new ArrayList<StoredEvent>(1);
        return store.replay(entity, revision, revision, 1, last::add)
                .thenCompose(done -> last.isEmpty()
                        ? store.deleteSnapshots(entity, SnapshotRange.at(revision))
                        : CompletableFuture.completedFuture(null));
    }

    @Override
    public Future<Void> doDeleteAsync(SnapshotMetadata metadata) {
        return ScalaFutures.of(
                store.deleteSnapshots(metadata.persistenceId(), SnapshotRange.at(metadata.sequenceNr())));
    }

    @Override
    public Future<Void> doDeleteAsync(String entity, SnapshotSelectionCriteria criteria) {
        return ScalaFutures.of(store.deleteSnapshots(entity, toRange(criteria)));
    }

    private static SnapshotRange toRange(SnapshotSelectionCriteria criteria) {
        return new SnapshotRange(
                criteria.minSequenceNr(),
                criteria.maxSequenceNr(),
                Instant.ofEpochMilli(criteria.minTimestamp()),
                Instant.ofEpochMilli(criteria.maxTimestamp()));
    }
}
