package dev.parvi.persistence;

/** A record is missing from the journal or is not what was stored. The message names the file, the entity and the revision. */
public final class DamagedRecord extends RuntimeException {
    private final String entity;
    private final long revision;
    private final String what;

    /** The message reads {@code store: the record of entity at revision n}, and then {@code what}. */
    public DamagedRecord(String store, String entity, long revision, String what) {
        super(store + ": the record of " + entity + " at revision " + revision + " " + what);
        this.entity = entity;
        this.revision = revision;
        this.what = what;
    }

    public String entity() {
        return entity;
    }

    public long revision() {
        return revision;
    }

    /** What is wrong with the record, to go on after its name. */
    public String what() {
        return what;
    }
}
