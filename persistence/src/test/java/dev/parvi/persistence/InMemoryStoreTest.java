package dev.parvi.persistence;

/** The conformance suite without a disk. */
final class InMemoryStoreTest extends EventStoreConformance {
    @Override
    EventStore open() {
        return EventStore.open(StoreSettings.with("store = \"memory:\""));
    }
}
