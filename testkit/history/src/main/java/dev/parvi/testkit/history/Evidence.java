package dev.parvi.testkit.history;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Everything that is known of one entity: what clients did and were told, what streams showed, and what is stored. */
public final class Evidence {
    private final String entity;
    private final List<Operation> operations;
    private final List<Sightings> streams;
    private final Journal journal;
    private final Stored stored;
    private final Function<String, Optional<String>> addressee;

    Evidence(
            String entity,
            List<Operation> operations,
            List<Sightings> streams,
            Journal journal,
            Function<String, Optional<String>> addressee) {
        this.entity = entity;
        this.operations = operations;
        this.streams = streams;
        this.journal = journal;
        this.addressee = addressee;
        this.stored = Stored.of(entity, journal);
    }

    /** Type, slash and id, as the store knows them. */
    public String entity() {
        return entity;
    }

    /** In the order in which they were begun. */
    public List<Operation> operations() {
        return operations;
    }

    public List<Sightings> streams() {
        return streams;
    }

    /** What the journal says of its commands. */
    public Stored stored() {
        return stored;
    }

    /** Reads the entity's events once more. */
    public long read(Journal.Reader reader) {
        return journal.read(entity, reader);
    }

    /** To which entity a command with this key was sent; empty if nobody wrote down that he sent one. */
    public Optional<String> addressee(String key) {
        return addressee.apply(key);
    }
}
