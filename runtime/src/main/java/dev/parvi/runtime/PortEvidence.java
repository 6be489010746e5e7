package dev.parvi.runtime;

import dev.parvi.runtime.Handshakes.Answer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Judges by several handshakes in a row which nodes are gone. A node whose port refuses has no process. One that the failure
 * detector misses and whose machine does not even accept connections is lost, or cut off. Neither is said unless the nodes that are
 * left are more than half of all: who is alone may be the one that was cut off.
 *
 * @param <N> how nodes are told apart
 */
final class PortEvidence<N> {
    static final int REFUSALS = 2;
    static final int SILENCES = 3;

    private final Map<N, Integer> refusals = new HashMap<>();
    private final Map<N, Integer> silences = new HashMap<>();

    /** The observer itself stood still: what it has seen tells nothing. */
    void forget() {
        refusals.clear();
        silences.clear();
    }

    /**
     * The nodes that are gone, as far as another round of handshakes tells.
     *
     * @param answers of the others that are watched
     * @param missed those that the failure detector misses
     * @param all how many nodes there are
     */
    Set<N> judge(Map<N, Answer> answers, Set<N> missed, int all) {
        count(refusals, answers, Answer.REFUSED);
        count(silences, answers, Answer.NONE);
        var gone = new HashSet<N>();
        refusals.forEach((node, times) -> {
            if (times >= REFUSALS) gone.add(node);
        });
        silences.forEach((node, times) -> {
            if (times >= SILENCES && missed.contains(node)) gone.add(node);
        });
        var absent = new HashSet<>(missed);
        answers.forEach((node, answer) -> {
            if (answer != Answer.ACCEPTED) absent.add(node);
        });
        return (all - absent.size()) * 2 > all ? gone : Set.of();
    }

    private static <N> void count(Map<N, Integer> times, Map<N, Answer> answers, Answer counted) {
        times.keySet().retainAll(answers.keySet());
        answers.forEach((node, answer) -> {
            if (answer == counted) times.merge(node, 1, Integer::sum);
            else times.remove(node);
        });
    }
}
