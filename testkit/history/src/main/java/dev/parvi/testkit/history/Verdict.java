package dev.parvi.testkit.history;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What came out.
 *
 * @param counts of what was judged
 * @param violations how many there are, by the name of the checker that found them; every checker is there
 * @param sentences the first of each kind, bounded; the counts are not
 */
public record Verdict(Counts counts, Map<String, Long> violations, List<String> sentences) {
    public Verdict {
        violations = Collections.unmodifiableMap(new LinkedHashMap<>(violations));
        sentences = List.copyOf(sentences);
    }

    /** Whether nothing breaks a promise. */
    public boolean holds() {
        return violationCount() == 0;
    }

    public long violationCount() {
        return violations.values().stream().mapToLong(Long::longValue).sum();
    }

    /** How many violations this checker found. */
    public long violationsOf(String checker) {
        return violations.getOrDefault(checker, 0L);
    }

    /** One line for people. */
    @Override
    public String toString() {
        var found = violations.entrySet().stream()
                .filter(entry -> entry.getValue() > 0)
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", "));
        return (found.isEmpty() ? "holds" : "BROKEN: " + found) + " (" + counts + ")";
    }

    /**
     * What was judged.
     *
     * @param acknowledged commands whose clients were told that they are stored; those told again included
     * @param replayed of these, told from the stored outcome of an earlier attempt
     * @param answered queries, and commands that had nothing to store
     * @param refused commands and queries
     * @param undecided commands and queries that nobody knows the end of
     * @param retried operations of which an attempt went without an answer
     * @param stored commands in the journals of these entities
     * @param strangers of these, of clients that wrote nothing down
     * @param deleted entities that ended with a tombstone
     * @param seen events that streams showed
     */
    public record Counts(
            long entities,
            long acknowledged,
            long replayed,
            long answered,
            long refused,
            long undecided,
            long retried,
            long stored,
            long strangers,
            long deleted,
            long streams,
            long seen) {
        /** One line for people. */
        @Override
        public String toString() {
            return entities + " entities, " + deleted + " of them deleted; " + acknowledged + " acknowledged, "
                    + replayed + " of them again; " + answered + " answered, " + refused + " refused, " + undecided
                    + " undecided, " + retried + " retried; " + stored + " commands stored, " + strangers
                    + " of them by strangers; " + seen + " events in " + streams + " streams";
        }
    }
}
