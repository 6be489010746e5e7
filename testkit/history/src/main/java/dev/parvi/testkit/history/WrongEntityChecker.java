package dev.parvi.testkit.history;

import java.util.HashSet;
import java.util.function.Consumer;

/** A command is stored by the entity that it was sent to: no key stands in this journal that was only ever sent to another entity. */
final class WrongEntityChecker implements Checker {
    @Override
    public String name() {
        return "wrong entity";
    }

    @Override
    public void check(Evidence evidence, Consumer<String> onViolation) {
        var own = new HashSet<String>();
        for (var operation : evidence.operations()) own.add(operation.key());
        for (var command : evidence.stored().commands()) {
            if (own.contains(command.key())) continue;
            evidence.addressee(command.key())
                    .ifPresent(entity -> onViolation.accept(evidence.entity() + " revision " + command.revision()
                            + " has the key " + command.key() + ", which was sent to " + entity));
        }
    }
}
