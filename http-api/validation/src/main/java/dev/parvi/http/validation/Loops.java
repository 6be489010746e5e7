package dev.parvi.http.validation;

import build.buf.validate.FieldRules;
import build.buf.validate.Rule;
import build.buf.validate.ValidateProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelComprehension;
import dev.cel.common.ast.CelExprVisitor;
import dev.cel.parser.CelParser;
import dev.cel.parser.CelParserFactory;
import dev.cel.parser.CelStandardMacro;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Whether the rules of a message, and of those in its fields, loop over what a client sends. */
enum Loops {
    NO_RULES,
    /** There are rules, and each looks at every value at most once. */
    NONE,
    /** An expression has a loop, which may stand in one other. */
    SOME;

    private static final int DEPTH_MAX = 2;
    private static final CelParser PARSER = CelParserFactory.standardCelParserBuilder()
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .build();

    /** Throws an {@link IllegalArgumentException} if loops nest too deep. */
    static Loops in(Descriptor message) {
        return in(message, new HashSet<>());
    }

    private static Loops in(Descriptor message, Set<Descriptor> seen) {
        if (!seen.add(message)) return NO_RULES;
        var all = NO_RULES;
        var options = message.getOptions();
        if (options.hasExtension(ValidateProto.message)) {
            var rules = options.getExtension(ValidateProto.message);
            all = most(NONE, of(expressions(rules.getCelList(), rules.getCelExpressionList()), message.getFullName()));
        }
        for (var oneof : message.getRealOneofs())
            if (oneof.getOptions().hasExtension(ValidateProto.oneof)) all = most(all, NONE);
        for (var field : message.getFields()) {
            var fieldOptions = field.getOptions();
            if (fieldOptions.hasExtension(ValidateProto.field))
                all = most(all, most(NONE, in(fieldOptions.getExtension(ValidateProto.field), field.getFullName())));
            if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE)
                all = most(all, in(field.getMessageType(), seen));
        }
        return all;
    }

    private static Loops in(FieldRules rules, String name) {
        var all = of(expressions(rules.getCelList(), rules.getCelExpressionList()), name);
        for (var set : rules.getAllFields().entrySet())
            if (set.getValue() instanceof Message kind) all = most(all, ofPredefined(kind, name));
        if (rules.hasRepeated()) all = most(all, in(rules.getRepeated().getItems(), name));
        if (rules.hasMap())
            all = most(
                    all,
                    most(in(rules.getMap().getKeys(), name), in(rules.getMap().getValues(), name)));
        return all;
    }

    /** Of the rules that authors have added to those of a kind of value. */
    private static Loops ofPredefined(Message kind, String name) {
        var all = NONE;
        for (var rule : kind.getAllFields().keySet())
            if (rule.isExtension() && rule.getOptions().hasExtension(ValidateProto.predefined))
                all = most(
                        all,
                        of(
                                expressions(
                                        rule.getOptions()
                                                .getExtension(ValidateProto.predefined)
                                                .getCelList(),
                                        List.of()),
                                name));
        return all;
    }

    private static List<String> expressions(List<Rule> rules, List<String> bare) {
        var all = new ArrayList<>(bare);
        for (var rule : rules) all.add(rule.getExpression());
        return all;
    }

    private static Loops of(List<String> expressions, String name) {
        var all = NONE;
        for (var expression : expressions) {
            var depth = depth(expression, name);
            if (depth > DEPTH_MAX)
                throw new IllegalArgumentException("a rule of " + name + " nests loops " + depth + " deep, and "
                        + DEPTH_MAX + " is the most: \"" + expression + '"');
            if (depth > 0) all = SOME;
        }
        return all;
    }

    private static int depth(String expression, String name) {
        try {
            var depth = new Depth();
            depth.visit(PARSER.parse(expression).getAst());
            return depth.most;
        } catch (CelValidationException unreadable) {
            throw new IllegalArgumentException(
                    "a rule of " + name + " is no expression: " + unreadable.getMessage(), unreadable);
        }
    }

    private static Loops most(Loops one, Loops other) {
        return one.compareTo(other) < 0 ? other : one;
    }

    /** How deep loops nest. Macros such as {@code all} and {@code filter} are loops when they are parsed. */
    private static final class Depth extends CelExprVisitor {
        private int current;
        private int most;

        @Override
        protected void visit(CelExpr expression, CelComprehension loop) {
            current++;
            most = Math.max(most, current);
            super.visit(expression, loop);
            current--;
        }
    }
}
