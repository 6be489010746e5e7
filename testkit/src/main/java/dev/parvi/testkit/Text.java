package dev.parvi.testkit;

import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import dev.parvi.entity.CommandOutcome;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What failures say, for people. */
final class Text {
    private static final TextFormat.Printer PRINTER = TextFormat.printer().emittingSingleLine(true);

    private Text() {}

    static String of(Message message) {
        var fields = PRINTER.printToString(message).strip();
        return typeOf(message) + (fields.isEmpty() ? " {}" : " { " + fields + " }");
    }

    static String of(List<? extends Message> messages) {
        return messages.isEmpty() ? "none" : messages.stream().map(Text::of).collect(Collectors.joining(", "));
    }

    static String of(CommandOutcome outcome) {
        return outcome.fold(
                completed -> of(completed.reply()),
                rejection -> rejection.code()
                        + (rejection.field().isEmpty() ? "" : " of the field " + rejection.field())
                        + ": " + rejection.message(),
                notServing -> "not serving: " + notServing.reason(),
                unknown -> "outcome unknown: " + unknown.reason());
    }

    static String typeOf(Message message) {
        return message.getDescriptorForType().getName();
    }

    /** With what the author's code threw, if it did. */
    static AssertionError failure(String what, String expected, String actual, @Nullable CommandOutcome outcome) {
        var failure = new AssertionError(what + "\n  expected: " + expected + "\n  but was:  " + actual);
        if (outcome != null)
            outcome.fold(c -> failure, r -> failure.initCause(r.getCause()), n -> failure, u -> failure);
        return failure;
    }
}
