package dev.parvi.testkit.history;

import dev.parvi.testkit.history.Operation.End;
import dev.parvi.testkit.history.Operation.Kind;
import java.util.function.Consumer;

/** Every command's client knows in the end what became of it. Not to know counts as a failure; of a query it does not matter. */
final class UndecidedChecker implements Checker {
    @Override
    public String name() {
        return "undecided";
    }

    @Override
    public void check(Evidence evidence, Consumer<String> onViolation) {
        for (var operation : evidence.operations())
            if (operation.kind() == Kind.COMMAND && (operation.end() == End.OPEN || operation.end() == End.UNDECIDED))
                onViolation.accept("nobody knows what became of " + operation);
    }
}
