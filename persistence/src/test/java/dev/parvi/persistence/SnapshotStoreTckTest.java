package dev.parvi.persistence;

/** Pekko's own specification of a snapshot store, on a file. */
public final class SnapshotStoreTckTest extends SnapshotStoreTck {
    public SnapshotStoreTckTest() {
        super(TckConfig.fresh());
    }
}
