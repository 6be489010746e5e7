package dev.parvi.testkit.history;

import dev.parvi.testkit.history.Operation.End;
import dev.parvi.testkit.history.Operation.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.function.Consumer;

/**
 * Revisions follow real time. What was told before a command was sent lies below that command's revision; a confirmed query does not
 * fall behind what was told before it was sent. A query that its owner answered from memory may be stale, and so may a command that
 * stored nothing; but what they showed was there, so later commands lie above it.
 *
 * <p>Operations with one key are one command: from the first that was sent to the first that was told.
 */
final class OrderChecker implements Checker {
    @Override
    public String name() {
        return "order";
    }

    @Override
    public void check(Evidence evidence, Consumer<String> onViolation) {
        var byBegin = spans(evidence.operations());
        var byEnd = new ArrayList<>(byBegin);
        byBegin.sort(Comparator.comparingLong(span -> span.begunNanos));
        byEnd.sort(Comparator.comparingLong(span -> span.endedNanos));
        Span newest = null;
        var ended = 0;
        for (var span : byBegin) {
            while (byEnd.get(ended).endedNanos < span.begunNanos) {
                var before = byEnd.get(ended++);
                if (newest == null || before.revision() > newest.revision()) newest = before;
            }
            if (newest != null && !span.mayFollow(newest.revision()))
                onViolation.accept(span.told + " was told revision " + span.revision() + ", after revision "
                        + newest.revision() + " had been told to " + newest.told);
        }
    }

    private static List<Span> spans(List<Operation> operations) {
        var byKey = new HashMap<String, Span>();
        var spans = new ArrayList<Span>();
        for (var operation : operations) {
            var isKeyed = !operation.key().isEmpty() && operation.end() != End.ANSWERED;
            var span =
                    isKeyed ? byKey.computeIfAbsent(operation.key(), key -> new Span(operation)) : new Span(operation);
            if (span.ends(operation)) spans.add(span);
        }
        return spans;
    }

    /** One command or query: when it was first sent, and when it was first told which revision. */
    private static final class Span {
        private final long begunNanos;
        private long endedNanos = Long.MAX_VALUE;
        private Operation told;

        Span(Operation first) {
            begunNanos = first.begunNanos();
            told = first;
        }

        /** Takes in one operation of the command; true if it is the first that was told a revision. */
        boolean ends(Operation operation) {
            if (operation.end() != End.ACKNOWLEDGED && operation.end() != End.ANSWERED) return false;
            var isFirst = endedNanos == Long.MAX_VALUE;
            if (operation.endedNanos() < endedNanos) {
                endedNanos = operation.endedNanos();
                told = operation;
            }
            return isFirst;
        }

        long revision() {
            return told.revision();
        }

        boolean mayFollow(long earlier) {
            if (told.end() == End.ACKNOWLEDGED) return revision() > earlier;
            return told.kind() != Kind.CONFIRMED_QUERY || revision() >= earlier;
        }
    }
}
