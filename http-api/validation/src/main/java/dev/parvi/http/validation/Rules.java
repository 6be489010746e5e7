package dev.parvi.http.validation;

import build.buf.protovalidate.Config;
import build.buf.protovalidate.Validator;
import build.buf.protovalidate.ValidatorFactory;
import build.buf.protovalidate.exceptions.CompilationException;
import build.buf.protovalidate.exceptions.ValidationException;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Message;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The rules of some message types, compiled. They are written in the proto files, as options of
 * <a href="https://protovalidate.com">protovalidate</a>; a type without rules costs a look into a table.
 *
 * <p>Time is bounded: an expression may loop over lists at most two deep, and then the lists and maps of one message hold at most so many
 * elements. Everything else takes a time that grows with the size of the message.
 */
public final class Rules {
    private static final int VIOLATIONS_MAX = 20;
    private static final String TOO_MANY = "elements_max";
    private static final String NOT_CHECKED = "not_checked";

    private final Validator validator;
    private final Map<Descriptor, Shape> shapes;
    private final int elementsMax;

    private Rules(Validator validator, Map<Descriptor, Shape> shapes, int elementsMax) {
        this.validator = validator;
        this.shapes = shapes;
        this.elementsMax = elementsMax;
    }

    /**
     * Throws an {@link IllegalArgumentException} that names the message whose rules cannot be used.
     *
     * @param messages whose rules are wanted; those of the messages in their fields come along
     * @param elementsMax how many elements the lists and maps of a message may hold together if a rule loops over them
     */
    public static Rules of(Collection<Descriptor> messages, int elementsMax) {
        var shapes = new IdentityHashMap<Descriptor, Shape>();
        for (var message : messages) {
            var loops = Loops.in(message);
            if (loops != Loops.NO_RULES) shapes.put(message, new Shape(loops == Loops.SOME, Circles.in(message)));
        }
        // Without any rules it is never asked, and cannot be made ahead of time.
        var validator =
                shapes.isEmpty() ? ValidatorFactory.newBuilder().build() : compiled(List.copyOf(shapes.keySet()));
        return new Rules(validator, shapes, elementsMax);
    }

    private static Validator compiled(List<Descriptor> messages) {
        var config = Config.newBuilder().build();
        try {
            return ValidatorFactory.newBuilder().withConfig(config).buildWithDescriptors(messages, true);
        } catch (CompilationException unusable) {
            throw new IllegalArgumentException(
                    "the rules of " + nameOfFirstUnusable(messages, config) + " cannot be used: "
                            + unusable.getMessage(),
                    unusable);
        }
    }

    private static String nameOfFirstUnusable(List<Descriptor> messages, Config config) {
        for (var message : messages) {
            try {
                ValidatorFactory.newBuilder().withConfig(config).buildWithDescriptors(List.of(message), true);
            } catch (CompilationException unusable) {
                return message.getFullName();
            }
        }
        return "the messages";
    }

    /** The rules that the message breaks, at most the first twenty; none if it keeps them all. */
    public List<Violation> check(Message message) {
        var shape = shapes.get(message.getDescriptorForType());
        if (shape == null) return List.of();
        if (shape.hasLoops && Nested.elements(message) > elementsMax)
            return List.of(new Violation(
                    "",
                    TOO_MANY,
                    "its lists and maps hold more than " + elementsMax + " elements, and its rules loop over them"));
        var violations = new LinkedHashSet<Violation>();
        addViolations(message, "", violations);
        if (!shape.circles.isEmpty())
            Nested.visit(message, "", (path, nested) -> {
                if (shape.circles.contains(nested.getDescriptorForType())) addViolations(nested, path, violations);
            });
        return List.copyOf(violations);
    }

    private void addViolations(Message message, String path, Set<Violation> all) {
        if (all.size() >= VIOLATIONS_MAX) return;
        try {
            for (var violation : validator.validate(message).getViolations()) {
                if (all.size() >= VIOLATIONS_MAX) return;
                all.add(told(violation.toProto(), message.getDescriptorForType(), path));
            }
        } catch (ValidationException | RuntimeException unchecked) {
            // For instance a division by zero: what no rule can judge is not accepted.
            all.add(new Violation(path, NOT_CHECKED, "its rules cannot be applied to it: " + unchecked.getMessage()));
        }
    }

    private static Violation told(build.buf.validate.Violation broken, Descriptor message, String path) {
        var words = broken.getMessage();
        return new Violation(
                FieldPaths.inJson(broken.getField(), message, path),
                broken.getRuleId(),
                words.isEmpty() ? "breaks the rule " + broken.getRuleId() : words);
    }

    /** What is known of a message with rules: whether they loop, and which of the messages in it can contain themselves. */
    private record Shape(boolean hasLoops, Set<Descriptor> circles) {}
}
