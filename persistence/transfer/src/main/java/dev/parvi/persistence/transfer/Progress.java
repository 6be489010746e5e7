package dev.parvi.persistence.transfer;

/** Whoever wants to know how far it is. Called often, by several threads, so it must be quick. */
@FunctionalInterface
public interface Progress {
    /**
     * So much has been gone through.
     *
     * @param share of the whole, between 0 and 1; negative if nobody knows how much there is
     */
    void on(Totals soFar, double share);

    /** For those who do not care. */
    static Progress silent() {
        return (soFar, share) -> {};
    }
}
