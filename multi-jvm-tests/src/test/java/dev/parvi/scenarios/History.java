package dev.parvi.scenarios;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** What clients were told, and the judgement over it. Each command adds one to its entity, so a revision is also a balance. */
final class History {
    private final List<Acknowledgement> acknowledgements = new ArrayList<>();
    private final List<String> undecided = new ArrayList<>();
    private long requestsFailed;

    synchronized void acknowledged(Acknowledgement acknowledgement) {
        acknowledgements.add(acknowledgement);
    }

    /** A command of which nobody knows what became: counts as a violation. */
    synchronized void undecided(String entity, String key) {
        undecided.add(entity + " " + key);
    }

    /** A node that lives did not answer a request with 2xx, though it may have answered the retry. */
    synchronized void requestFailed() {
        requestsFailed++;
    }

    synchronized long requestsFailed() {
        return requestsFailed;
    }

    synchronized int size() {
        return acknowledgements.size();
    }

    /** The longest time between two acknowledgements of one entity, and the first after {@code sinceNanos} among them. */
    synchronized Duration longestGap(long sinceNanos) {
        var last = new HashMap<String, Long>();
        var longest = 0L;
        for (var acknowledgement : acknowledgements) {
            var before = last.put(acknowledgement.entity(), acknowledgement.atNanos());
            if (acknowledgement.atNanos() < sinceNanos) continue;
            longest = Math.max(longest, acknowledgement.atNanos() - Math.max(sinceNanos, before == null ? 0 : before));
        }
        return Duration.ofNanos(longest);
    }

    /**
     * Everything that breaks the promise, in words.
     *
     * @param revisions the revision of each entity at the end, read from the store through a node
     */
    synchronized List<String> violations(Map<String, Long> revisions) {
        var violations = new ArrayList<String>();
        undecided.forEach(command -> violations.add("undecided: " + command));
        var keyOf = new HashMap<String, String>();
        var revisionOf = new HashMap<String, Long>();
        var keys = new HashMap<String, HashSet<String>>();
        for (var told : acknowledgements) {
            var place = told.entity() + " revision " + told.revision();
            var otherKey = keyOf.putIfAbsent(place, told.key());
            if (otherKey != null && !otherKey.equals(told.key()))
                violations.add("twice: " + place + " to " + otherKey + " and " + told.key());
            var otherRevision = revisionOf.putIfAbsent(told.entity() + " " + told.key(), told.revision());
            if (otherRevision != null && otherRevision != told.revision())
                violations.add("applied twice: " + told.key() + " at " + otherRevision + " and at " + told.revision());
            if (told.balance() != told.revision())
                violations.add("wrong state: " + place + " with balance " + told.balance());
            keys.computeIfAbsent(told.entity(), entity -> new HashSet<>()).add(told.key());
        }
        keys.forEach((entity, known) -> {
            var revision = revisions.getOrDefault(entity, 0L);
            if (revision < known.size())
                violations.add("lost: " + entity + " is at " + revision + " after " + known.size() + " commands");
            if (revision > known.size())
                violations.add(
                        "applied twice: " + entity + " is at " + revision + " after " + known.size() + " commands");
        });
        return violations;
    }

    /** How many commands more were acknowledged than these revisions account for; an entity that is not among them has none. */
    synchronized long gone(Map<String, Long> revisions) {
        var keys = new HashMap<String, HashSet<String>>();
        for (var told : acknowledgements)
            keys.computeIfAbsent(told.entity(), entity -> new HashSet<>()).add(told.key());
        return keys.entrySet().stream()
                .mapToLong(known -> Math.max(0, known.getValue().size() - revisions.getOrDefault(known.getKey(), 0L)))
                .sum();
    }

    /** One 2xx. */
    record Acknowledgement(String entity, String key, long revision, long balance, long atNanos) {}
}
