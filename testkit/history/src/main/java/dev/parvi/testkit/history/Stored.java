package dev.parvi.testkit.history;

import dev.parvi.entity.CommandPipeline;
import dev.parvi.protobuf.EventRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The commands that the journal holds of one entity.
 *
 * @param head the revision of the last event that the entity ever had, 0 if it had none
 * @param tombstone the revision at which the entity was deleted, 0 if it is not. What lies before may be missing, and rightly so
 * @param commands those that have an outcome, in the order of their revisions
 * @param damages what is not there or not as it was stored, in sentences; none of what may be missing
 */
public record Stored(long head, long tombstone, List<Command> commands, List<String> damages) {
    public Stored {
        commands = Collections.unmodifiableList(commands);
        damages = List.copyOf(damages);
    }

    static Stored of(String entity, Journal journal) {
        var collector = new Collector(entity);
        var head = journal.read(entity, collector);
        return new Stored(head, collector.tombstone, collector.commands, collector.damages());
    }

    /** The command whose last event has this revision. */
    public Optional<Command> at(long revision) {
        var index = Collections.binarySearch(
                commands, new Command(revision, "", "", 0, 0), Comparator.comparingLong(Command::revision));
        return index < 0 ? Optional.empty() : Optional.of(commands.get(index));
    }

    /** Whether it may be missing: it lies before the tombstone. */
    public boolean mayBeMissing(long revision) {
        return revision < tombstone;
    }

    /**
     * One command as its outcome tells.
     *
     * @param revision of its last event
     * @param key the idempotency key
     * @param method the rpc's name
     * @param toldRevision what the stored outcome says itself
     * @param replyHash of the stored reply
     */
    public record Command(long revision, String key, String method, long toldRevision, long replyHash) {}

    /** Reads one entity. */
    private static final class Collector implements Journal.Reader {
        private final String entity;
        private final List<Command> commands = new ArrayList<>();
        private final TreeMap<Long, String> damages = new TreeMap<>();
        private long tombstone;

        Collector(String entity) {
            this.entity = entity;
        }

        @Override
        public void onEvent(long revision, EventRecord event) {
            if (CommandPipeline.isTombstone(event)) tombstone = revision;
            if (!event.hasOutcome()) return;
            var outcome = event.getOutcome();
            commands.add(new Command(
                    revision,
                    outcome.getIdempotencyKey(),
                    outcome.getMethod(),
                    outcome.getRevision(),
                    ReplyHash.of(outcome.getReply())));
        }

        @Override
        public void onDamage(long revision, String what) {
            damages.put(revision, "the record of " + entity + " at revision " + revision + " " + what);
        }

        List<String> damages() {
            return List.copyOf(damages.tailMap(tombstone).values());
        }
    }
}
