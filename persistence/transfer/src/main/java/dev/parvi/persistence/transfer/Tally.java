package dev.parvi.persistence.transfer;

/** Counts what several threads have gone through, and says so. */
final class Tally {
    private final Progress progress;
    private Totals totals;

    Tally(Progress progress, Totals totals) {
        this.progress = progress;
        this.totals = totals;
    }

    void add(Totals more) {
        progress.on(sum(more), -1);
    }

    /** Without a word: somebody else knows better how far it is. */
    synchronized Totals sum(Totals more) {
        totals = totals.plus(more);
        return totals;
    }

    synchronized Totals totals() {
        return totals;
    }
}
