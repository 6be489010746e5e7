package dev.parvi.testkit.history;

import dev.parvi.testkit.history.Operation.End;
import java.util.HashMap;
import java.util.function.Consumer;

/** A revision is acknowledged to one key only: two owners would each have told their client that it is his. */
final class TwiceChecker implements Checker {
    @Override
    public String name() {
        return "twice";
    }

    @Override
    public void check(Evidence evidence, Consumer<String> onViolation) {
        var byRevision = new HashMap<Long, Operation>();
        for (var operation : evidence.operations()) {
            if (operation.end() != End.ACKNOWLEDGED) continue;
            var other = byRevision.putIfAbsent(operation.revision(), operation);
            if (other != null && !isSameCommand(operation, other))
                onViolation.accept(evidence.entity() + " revision " + operation.revision() + " was acknowledged to "
                        + other + " and to " + operation);
        }
    }

    /** Without a key, every operation is a command of its own. */
    private static boolean isSameCommand(Operation operation, Operation other) {
        return !operation.key().isEmpty() && operation.key().equals(other.key());
    }
}
