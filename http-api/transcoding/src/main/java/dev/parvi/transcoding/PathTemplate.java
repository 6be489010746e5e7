package dev.parvi.transcoding;

import com.google.protobuf.Message;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A path with variables, such as {@code /v1/accounts/{id}/files/{file.name=**}:copy}. */
public final class PathTemplate {
    private final String text;
    private final List<Segment> segments;
    private final List<Variable> variables;
    private final String verb;

    PathTemplate(String text, List<Segment> segments, List<Variable> variables, String verb) {
        this.text = text;
        this.segments = List.copyOf(segments);
        this.variables = List.copyOf(variables);
        this.verb = verb;
    }

    /** Reads one. Throws an {@link IllegalArgumentException} that says what is wrong. */
    public static PathTemplate of(String text) {
        try {
            return new TemplateParser(text).parse();
        } catch (BadTemplate bad) {
            throw new IllegalArgumentException("the path \"" + text + "\" " + bad.fault(), bad);
        }
    }

    public List<Variable> variables() {
        return variables;
    }

    /** The variable of this name, or null. */
    public @Nullable Variable variable(String fieldPath) {
        return variables.stream()
                .filter(variable -> variable.fieldPath().equals(fieldPath))
                .findFirst()
                .orElse(null);
    }

    List<Segment> segments() {
        return segments;
    }

    /** Behind the colon, decoded; or empty. */
    String verb() {
        return verb;
    }

    /**
     * The path with these values in place of the variables, percent-encoded. Throws an {@link IllegalArgumentException} if a value does not
     * fit its variable: it is empty where a segment must be, say.
     */
    public String fill(Function<String, String> values) {
        var path = new StringBuilder();
        for (var i = 0; i < segments.size(); i++) {
            var variable = beginningAt(i);
            if (variable == null) {
                if (!segments.get(i).isLiteral()) throw unfilled(segments.get(i).toString(), "has no name");
                path.append('/').append(segments.get(i));
                continue;
            }
            var filled = fill(variable, values.apply(variable.fieldPath()));
            path.append(filled.isEmpty() ? "" : "/").append(filled);
            i = variable.to() - 1;
        }
        return verb.isEmpty()
                ? path.toString()
                : path.append(':').append(Percent.encode(verb)).toString();
    }

    /**
     * The path of a request to an entity, as {@link #fill(Function)}.
     *
     * @param idVariable the variable that names the entity
     */
    public String fill(String idVariable, String id, Message request) {
        return fill(name -> name.equals(idVariable) ? id : FieldText.at(name, request));
    }

    private @Nullable Variable beginningAt(int segment) {
        return variables.stream()
                .filter(variable -> variable.from() == segment)
                .findFirst()
                .orElse(null);
    }

    private String fill(Variable variable, String value) {
        var encoded = variable.isMulti() ? Percent.encodeButSlashes(value) : Percent.encode(value);
        var parts = encoded.split("/", -1);
        for (var part : parts)
            if (part.equals(".") || part.equals("..") || part.isEmpty() && !encoded.isEmpty())
                throw unfilled(variable.fieldPath(), "has an empty or a dot segment: " + value);
        if (encoded.isEmpty() ? !isRestOnly(variable) : !fits(variable, parts))
            throw unfilled(variable.fieldPath(), "must look like " + shape(variable) + ", not \"" + value + "\"");
        return encoded;
    }

    private boolean isRestOnly(Variable variable) {
        return variable.to() - variable.from() == 1
                && segments.get(variable.from()).isRest();
    }

    private boolean fits(Variable variable, String[] parts) {
        var wanted = segments.subList(variable.from(), variable.to());
        for (var i = 0; i < wanted.size(); i++) {
            if (wanted.get(i).isRest()) return true;
            if (i == parts.length) return false;
            if (wanted.get(i).isLiteral() && !wanted.get(i).literal().equals(Percent.decode(parts[i]))) return false;
        }
        return parts.length == wanted.size();
    }

    private static IllegalArgumentException unfilled(String variable, String message) {
        return new IllegalArgumentException(variable + ": " + message);
    }

    /** What a value of this variable looks like, such as {@code shelves/*}. */
    public String shape(Variable variable) {
        var shape = new StringBuilder();
        for (var segment : segments.subList(variable.from(), variable.to()))
            shape.append(shape.isEmpty() ? "" : "/").append(segment);
        return shape.toString();
    }

    /** What a request chooses, from the left: the wildcards, in variables and beside them. */
    public List<Slot> slots() {
        var slots = new ArrayList<Slot>();
        for (var i = 0; i < segments.size(); i++) {
            if (segments.get(i).isLiteral()) continue;
            var variable = around(i);
            slots.add(new Slot(
                    variable,
                    slotName(variable, i),
                    isAlone(variable),
                    segments.get(i).isRest()));
        }
        return slots;
    }

    private @Nullable Variable around(int segment) {
        return variables.stream()
                .filter(variable -> variable.from() <= segment && segment < variable.to())
                .findFirst()
                .orElse(null);
    }

    private static boolean isAlone(@Nullable Variable variable) {
        return variable != null && variable.to() - variable.from() == 1;
    }

    /** The variable's own, unless it has several wildcards. */
    private String slotName(@Nullable Variable variable, int segment) {
        if (variable == null) return "segment_" + (segment + 1);
        var wildcards = IntStream.range(variable.from(), variable.to())
                .filter(i -> !segments.get(i).isLiteral())
                .toArray();
        if (wildcards.length == 1) return variable.fieldPath();
        return variable.fieldPath() + "_" + (Arrays.binarySearch(wildcards, segment) + 1);
    }

    /** With a name in braces in place of each slot, as OpenAPI writes paths. */
    public String named(List<String> names) {
        var left = new ArrayDeque<>(names);
        var path = new StringBuilder();
        for (var segment : segments)
            path.append('/').append(segment.isLiteral() ? segment.toString() : "{" + left.remove() + "}");
        return verb.isEmpty()
                ? path.toString()
                : path.append(':').append(Percent.encode(verb)).toString();
    }

    /** As it was written. */
    @Override
    public String toString() {
        return text;
    }

    /**
     * A variable.
     *
     * @param fieldPath the field of the request that it fills, such as {@code file.name}
     * @param from the index of its first segment
     * @param to the index behind its last
     * @param isMulti whether its value may hold slashes
     */
    public record Variable(String fieldPath, int from, int to, boolean isMulti) {}

    /**
     * What a request chooses.
     *
     * @param variable that it is in, or null
     * @param name unlike those of the others
     * @param isAlone whether it is all of its variable
     * @param isRest whether it may be several segments, or none
     */
    public record Slot(@Nullable Variable variable, String name, boolean isAlone, boolean isRest) {}
}
