package dev.parvi.persistence.cassandra;

import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.EventStoreConformance;

/** The conformance suite on a real Cassandra. */
final class CassandraStoreIT extends EventStoreConformance {
    @Override
    protected EventStore open() {
        return OneNode.open(OneNode.emptyUrl(getClass()));
    }
}
