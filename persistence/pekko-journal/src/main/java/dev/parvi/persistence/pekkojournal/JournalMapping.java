package dev.parvi.persistence.pekkojournal;

import com.google.protobuf.Message;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Says what a stock journal means in Parvi: which persistence id is which entity, and which stored payload is which event. An author
 * writes one, with a public constructor without parameters, and names it in {@code
 * META-INF/services/dev.parvi.persistence.pekkojournal.JournalMapping}.
 *
 * <p>Both methods are called from several threads at once, and must give the same answer whenever they are asked: an import that was
 * interrupted goes on by asking again.
 */
public interface JournalMapping {
    /** The entity that this persistence id becomes; empty if it is to be left out. No two may become the same. */
    Optional<Target> entity(String persistenceId);

    /**
     * The event as that entity's event message. Whatever this throws ends the import of this entity with a sentence; what was stored of
     * it stays, and the next import goes on after it.
     */
    Message event(Target entity, JournalEvent stored);

    /** Finds the one mapping that this loader knows. Throws an {@link IllegalArgumentException} with a sentence if it is not one. */
    static JournalMapping find(ClassLoader loader) {
        var found = ServiceLoader.load(JournalMapping.class, loader).stream().toList();
        if (found.size() == 1) return found.get(0).get();
        var file = "META-INF/services/" + JournalMapping.class.getName();
        throw new IllegalArgumentException(
                found.isEmpty()
                        ? "there is no JournalMapping: put a jar with a " + file + " beside the entities"
                        : "there is more than one JournalMapping: "
                                + found.stream()
                                        .map(each -> each.type().getName())
                                        .toList());
    }

    /**
     * An entity of Parvi.
     *
     * @param type as in its address: {@code account}
     * @param id as in its address, decoded
     */
    record Target(String type, String id) {
        public Target {
            if (type.isEmpty() || type.startsWith(".") || type.contains("/"))
                throw new IllegalArgumentException("\"" + type + "\" is no entity type");
            if (id.isEmpty()) throw new IllegalArgumentException("an entity of type " + type + " without an id");
        }

        /** Its name in the event store. */
        public String persistenceId() {
            return type + "/" + id;
        }
    }
}
