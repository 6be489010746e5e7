package dev.parvi.persistence;

/** The conformance suite without a disk. */
final class InMemoryStoreTest extends EventStoreConformance {
    @Override
    protected EventStore open() {
        return EventStore.open(StoreSettings.config("store = \"memory:\""));
    }
}
