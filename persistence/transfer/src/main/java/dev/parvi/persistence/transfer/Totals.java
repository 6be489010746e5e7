package dev.parvi.persistence.transfer;

import dev.parvi.protobuf.ExportTotals;

/** How much was gone through. */
public record Totals(long entities, long events, long snapshots) {
    static final Totals NONE = new Totals(0, 0, 0);

    Totals plus(Totals others) {
        return new Totals(entities + others.entities, events + others.events, snapshots + others.snapshots);
    }

    static Totals of(ExportTotals stored) {
        return new Totals(stored.getEntities(), stored.getEvents(), stored.getSnapshots());
    }

    ExportTotals toStored() {
        return ExportTotals.newBuilder()
                .setEntities(entities)
                .setEvents(events)
                .setSnapshots(snapshots)
                .build();
    }
}
