package dev.parvi.persistence.postgres;

import dev.parvi.persistence.SnapshotStoreTck;

/** Pekko's own specification of a snapshot store, on PostgreSQL. */
public final class PostgresSnapshotStoreTckTest extends SnapshotStoreTck {
    public PostgresSnapshotStoreTckTest() {
        super(PostgresTck.fresh());
    }
}
