package dev.parvi.persistence;

import com.typesafe.config.Config;
import org.apache.pekko.persistence.CapabilityFlag;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.snapshot.SnapshotStoreSpec;
import scala.collection.immutable.Seq;

/** Pekko's own specification of a snapshot store, for any store. */
public abstract class SnapshotStoreTck extends SnapshotStoreSpec {
    private static final int EVENTS = 100;

    protected SnapshotStoreTck(Config config) {
        super(config);
    }

    /** The specification saves snapshots of events that never were; ours must be backed by a journal. */
    @Override
    public Seq<SnapshotMetadata> writeSnapshots() {
        var records = new String[EVENTS];
        java.util.Arrays.fill(records, "event");
        new StoreClient(EventStoreExtension.of(system()).store()).append(pid(), 0, "writer", records);
        return super.writeSnapshots();
    }

    @Override
    public CapabilityFlag supportsMetadata() {
        return CapabilityFlag.on();
    }
}
