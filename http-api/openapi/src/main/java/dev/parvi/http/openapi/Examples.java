package dev.parvi.http.openapi;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Makes a plausible message of each type: every field has a value, a oneof its first, and what would never end, ends. */
final class Examples {
    private static final int DEPTH_MAX = 4;

    private final Words words;

    Examples(Words words) {
        this.words = words;
    }

    JsonValue of(Descriptor message) {
        return of(message, new ArrayDeque<>());
    }

    /** The same without these fields. */
    JsonValue without(Descriptor message, List<String> fields) {
        return of(message, fields, new ArrayDeque<>());
    }

    /** A value of one field. */
    JsonValue of(FieldDescriptor field) {
        var outer = new ArrayDeque<Descriptor>();
        outer.push(field.getContainingType());
        var example = new JsonObject();
        add(field, example, outer);
        return example.names().isEmpty() ? new JsonObject() : example.value(field.getJsonName());
    }

    private JsonValue of(Descriptor message, Deque<Descriptor> outer) {
        return of(message, List.of(), outer);
    }

    private JsonValue of(Descriptor message, List<String> without, Deque<Descriptor> outer) {
        if (WellKnown.is(message)) return WellKnown.example(message);
        outer.push(message);
        var example = new JsonObject();
        for (var field : message.getFields()) {
            if (without.contains(field.getName())) continue;
            var oneof = field.getRealContainingOneof();
            if (oneof == null || oneof.getField(0).equals(field)) add(field, example, outer);
        }
        outer.pop();
        return example;
    }

    private void add(FieldDescriptor field, JsonObject example, Deque<Descriptor> outer) {
        var value = field.isMapField() ? field.getMessageType().findFieldByNumber(2) : field;
        var isTooMuch = value.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                && (WellKnown.isAny(value.getMessageType())
                        || outer.contains(value.getMessageType())
                        || outer.size() == DEPTH_MAX);
        var name = field.getJsonName();
        if (field.isMapField()) {
            var entries = new JsonObject();
            if (!isTooMuch)
                entries.put(
                        Scalars.keyExample(field.getMessageType().findFieldByNumber(1)), single(field, value, outer));
            example.put(name, entries);
        } else if (field.isRepeated())
            example.put(name, JsonValue.list(isTooMuch ? List.of() : List.of(single(field, field, outer))));
        else if (!isTooMuch) example.put(name, single(field, field, outer));
    }

    private JsonValue single(FieldDescriptor field, FieldDescriptor value, Deque<Descriptor> outer) {
        if (value.getJavaType() == FieldDescriptor.JavaType.MESSAGE) return of(value.getMessageType(), outer);
        var given = words.example(value.getFullName());
        return given.isEmpty()
                ? Constraints.example(field, value).orElseGet(() -> Scalars.example(value, ""))
                : Scalars.example(value, given);
    }
}
