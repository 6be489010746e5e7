package dev.parvi.testkit.history;

import dev.parvi.persistence.EventStore;
import dev.parvi.protobuf.EventRecord;
import java.util.Set;

/**
 * What was stored, read when all is over: the truth that a history is held against. A port: a store, or whatever else can tell all
 * events of an entity.
 */
public interface Journal {
    /** The journal in this store. It waits up to a minute for a store that is busy. */
    static Journal of(EventStore store) {
        return new StoredJournal(store);
    }

    /**
     * Hands over all events of the entity, from the first that is there to the last.
     *
     * @return the revision of the last event that the entity ever had, 0 if it had none
     */
    long read(String entity, Reader reader);

    /**
     * All entities of a type that are there: also those that no client has sent anything to are judged, since a command may have
     * gone astray. Empty if this journal cannot tell.
     */
    default Set<String> entities(String type) {
        return Set.of();
    }

    /** Who reads one entity. */
    interface Reader {
        /** The next event that is there. */
        void onEvent(long revision, EventRecord event);

        /**
         * The event of this revision is not there or not what was stored, and nobody removed it on purpose.
         *
         * @param what goes on after "the record of the entity at this revision"
         */
        void onDamage(long revision, String what);
    }
}
