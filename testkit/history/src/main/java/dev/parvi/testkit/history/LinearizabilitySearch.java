package dev.parvi.testkit.history;

import dev.parvi.testkit.history.Linearizability.Action;
import dev.parvi.testkit.history.Linearizability.Answer;
import dev.parvi.testkit.history.Linearizability.Observation;
import dev.parvi.testkit.history.Linearizability.Result;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One search. Beginnings and ends stand in a list by time. The search takes out an operation that may come next, with its two
 * entries, and begins anew at the front; at an end whose operation is still there it has come too far, and puts the last one back.
 * Of an operation whose outcome is unknown there is no end, so it may stay.
 */
final class LinearizabilitySearch {
    private static final int SHOWN_MAX = 8;

    private final List<Observation> operations;
    private final long stepsMax;
    private final Entry front = new Entry(-1, false, Long.MIN_VALUE);
    private final Deque<Taken> taken = new ArrayDeque<>();
    private final BitSet done = new BitSet();
    private final Set<Visited> visited = new HashSet<>();
    private long held;
    private long steps;
    private int endsLeft;
    private int deepest = -1;
    private String deepestText = "";

    LinearizabilitySearch(List<Observation> operations, long initial, long stepsMax) {
        this.operations = List.copyOf(operations);
        this.held = initial;
        this.stepsMax = stepsMax;
        link();
    }

    Result run() {
        var entry = firstToTry();
        while (endsLeft > 0) {
            if (entry != null && !entry.isEnd) {
                if (++steps > stepsMax) return undecided();
                entry = takes(entry) ? firstToTry() : nextToTry(entry);
                continue;
            }
            if (entry != null) noteStuck(entry);
            if (taken.isEmpty()) return new Result(Answer.NOT_LINEARIZABLE, steps, deepestText);
            entry = nextToTry(putBack());
        }
        return new Result(Answer.LINEARIZABLE, steps, "an order of " + taken.size() + " operations explains all");
    }

    /**
     * What looks only, and fits, is taken first: it is never worse than later. Otherwise what was begun first.
     */
    private @Nullable Entry firstToTry() {
        for (var entry = front.next; entry != null && !entry.isEnd; entry = entry.next) if (isLook(entry)) return entry;
        return front.next;
    }

    /** Instead of what was to be taken first, nothing else needs to be tried. */
    private @Nullable Entry nextToTry(Entry entry) {
        if (!isLook(entry)) return entry.next;
        var end = entry.next;
        while (end != null && !end.isEnd) end = end.next;
        return end;
    }

    private boolean isLook(Entry entry) {
        var operation = operations.get(entry.operation);
        return operation.fits(held) && (operation.action() == Action.READ || operation.action() == Action.KEEP);
    }

    private Result undecided() {
        return new Result(
                Answer.UNDECIDED,
                stepsMax,
                "no order was found in " + stepsMax + " steps, and not all were tried; at the farthest, "
                        + deepestText);
    }

    /** Takes the operation out if it fits and leads where the search has not been. */
    private boolean takes(Entry begin) {
        var operation = operations.get(begin.operation);
        if (!operation.fits(held) || isInVain(operation)) return false;
        done.set(begin.operation);
        var after = operation.after(held);
        if (!visited.add(new Visited((BitSet) done.clone(), after))) {
            done.clear(begin.operation);
            return false;
        }
        taken.push(new Taken(begin, held));
        held = after;
        begin.unlink();
        if (begin.end != null) {
            begin.end.unlink();
            endsLeft--;
        }
        return true;
    }

    /** What nobody knows, and nobody saw before it was overwritten, can as well not have taken effect. */
    private boolean isInVain(Observation operation) {
        return operation.action() == Action.WRITE
                && !taken.isEmpty()
                && operations.get(taken.peek().begin.operation).isUnknown();
    }

    private Entry putBack() {
        var last = taken.pop();
        held = last.heldBefore;
        done.clear(last.begin.operation);
        if (last.begin.end != null) {
            last.begin.end.relink();
            endsLeft++;
        }
        last.begin.relink();
        return last.begin;
    }

    /** Remembers the farthest place at which an end came before its operation could. */
    private void noteStuck(Entry end) {
        if (taken.size() <= deepest) return;
        deepest = taken.size();
        var waiting = new ArrayList<String>();
        for (var entry = front.next; entry != end && entry != null; entry = entry.next)
            if (entry.operation != end.operation)
                waiting.add(operations.get(entry.operation).toString());
        deepestText = "after " + deepest + " of " + operations.size() + " operations the register holds " + held
                + ", and no place is left for: " + operations.get(end.operation)
                + (waiting.isEmpty() ? "" : "; also open then: " + shown(waiting));
    }

    private static String shown(List<String> waiting) {
        var first = waiting.stream().limit(SHOWN_MAX).collect(Collectors.joining(", "));
        return waiting.size() > SHOWN_MAX ? first + " and " + (waiting.size() - SHOWN_MAX) + " more" : first;
    }

    /** At the same time a beginning comes before an end: the two operations overlap. */
    private void link() {
        var entries = new ArrayList<Entry>();
        for (var index = 0; index < operations.size(); index++) {
            var operation = operations.get(index);
            var begin = new Entry(index, false, operation.begunNanos());
            entries.add(begin);
            if (operation.isUnknown()) continue;
            begin.end = new Entry(index, true, operation.endedNanos());
            entries.add(begin.end);
            endsLeft++;
        }
        entries.sort(Comparator.<Entry>comparingLong(entry -> entry.nanos).thenComparing(entry -> entry.isEnd));
        var last = front;
        for (var entry : entries) {
            last.next = entry;
            entry.previous = last;
            last = entry;
        }
    }

    /** A beginning or an end, in its place in time. What is taken out remembers where it was. */
    private static final class Entry {
        private final int operation;
        private final boolean isEnd;
        private final long nanos;
        private @Nullable Entry end;
        private @Nullable Entry previous;
        private @Nullable Entry next;

        Entry(int operation, boolean isEnd, long nanos) {
            this.operation = operation;
            this.isEnd = isEnd;
            this.nanos = nanos;
        }

        void unlink() {
            if (previous != null) previous.next = next;
            if (next != null) next.previous = previous;
        }

        void relink() {
            if (previous != null) previous.next = this;
            if (next != null) next.previous = this;
        }
    }

    private record Taken(Entry begin, long heldBefore) {}

    /** Where the search has been: who has taken effect, and what the register held then. */
    private record Visited(BitSet done, long held) {}
}
