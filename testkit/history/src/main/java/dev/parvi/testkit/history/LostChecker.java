package dev.parvi.testkit.history;

import dev.parvi.testkit.history.Operation.End;
import dev.parvi.testkit.history.Stored.Command;
import java.util.function.Consumer;

/**
 * What was acknowledged is stored: the command's outcome stands in the journal at the revision told, with its key, its method and
 * the reply told. What a query or a reply showed is stored too: no revision beyond the head was ever seen.
 */
final class LostChecker implements Checker {
    @Override
    public String name() {
        return "lost";
    }

    @Override
    public void check(Evidence evidence, Consumer<String> onViolation) {
        var stored = evidence.stored();
        for (var operation : evidence.operations()) {
            if (operation.end() == End.ANSWERED && operation.revision() > stored.head())
                onViolation.accept(operation + " showed revision " + operation.revision() + ", the journal ends at "
                        + stored.head());
            if (operation.end() == End.ACKNOWLEDGED) checkAcknowledged(operation, stored, onViolation);
        }
    }

    private static void checkAcknowledged(Operation operation, Stored stored, Consumer<String> onViolation) {
        var told = operation + " was acknowledged at revision " + operation.revision();
        if (operation.revision() > stored.head()) {
            onViolation.accept(told + ", the journal ends at " + stored.head());
            return;
        }
        var command = stored.at(operation.revision());
        if (command.isPresent()) compare(operation, command.get(), told, onViolation);
        else if (!stored.mayBeMissing(operation.revision()))
            onViolation.accept(told + ", where the journal has no outcome");
    }

    private static void compare(Operation operation, Command command, String told, Consumer<String> onViolation) {
        if (!operation.key().isEmpty() && !operation.key().equals(command.key()))
            onViolation.accept(told + ", where the journal has the key " + command.key());
        else if (!operation.method().equals(command.method()))
            onViolation.accept(told + ", where the journal has the method " + command.method());
        else if (!ReplyHash.agree(operation.replyHash(), command.replyHash()))
            onViolation.accept(told + " with the reply " + ReplyHash.text(operation.replyHash())
                    + ", where the journal has the reply " + ReplyHash.text(command.replyHash()) + " (hashes)");
    }
}
