package dev.parvi.testkit.history;

import dev.parvi.testkit.history.Operation.End;
import dev.parvi.testkit.history.Stored.Command;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A key has one effect and one outcome: it stands in the journal at most once, with an outcome of that revision; all who were told of
 * it were told the same; and if it was only ever refused, it is nowhere.
 */
final class OnceChecker implements Checker {
    @Override
    public String name() {
        return "once";
    }

    @Override
    public void check(Evidence evidence, Consumer<String> onViolation) {
        var sent = new HashMap<String, Sent>();
        for (var operation : evidence.operations())
            if (!operation.key().isEmpty())
                sent.computeIfAbsent(operation.key(), key -> new Sent()).add(operation, onViolation);
        checkStored(evidence, sent, onViolation);
    }

    private static void checkStored(Evidence evidence, Map<String, Sent> sent, Consumer<String> onViolation) {
        var byKey = new HashMap<String, Command>();
        for (var command : evidence.stored().commands()) {
            var place = evidence.entity() + " revision " + command.revision() + " ";
            if (command.toldRevision() != command.revision())
                onViolation.accept(place + "carries an outcome of revision " + command.toldRevision());
            if (command.key().isEmpty()) continue;
            var earlier = byKey.put(command.key(), command);
            if (earlier != null)
                onViolation.accept(place + "has the key " + command.key() + " of revision " + earlier.revision());
            var operations = sent.get(command.key());
            if (operations != null && operations.storesNothing && operations.any != null)
                onViolation.accept(place + "is of " + operations.any + ", of which nothing was to be stored");
        }
    }

    /** What was done with one key. */
    private static final class Sent {
        private @Nullable Operation any;
        private @Nullable Operation told;
        private boolean storesNothing = true;

        void add(Operation operation, Consumer<String> onViolation) {
            any = operation;
            storesNothing &= operation.storesNothing();
            if (operation.end() != End.ACKNOWLEDGED) return;
            if (told == null) {
                told = operation;
                return;
            }
            if (told.revision() != operation.revision())
                onViolation.accept(told + " was acknowledged at revision " + told.revision() + ", and " + operation
                        + " at revision " + operation.revision());
            else if (!ReplyHash.agree(told.replyHash(), operation.replyHash()))
                onViolation.accept(told + " and " + operation + " were told of revision " + told.revision()
                        + " with different replies");
        }
    }
}
