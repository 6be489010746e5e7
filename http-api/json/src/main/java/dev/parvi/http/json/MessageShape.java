package dev.parvi.http.json;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What the codecs need to know of one message type, looked up once at start. Types may contain themselves. */
public final class MessageShape {
    private final Descriptor descriptor;
    private final JsonForm form;
    private List<Field> fields = List.of();
    private Map<String, Field> byName = Map.of();

    private MessageShape(Descriptor descriptor) {
        this.descriptor = descriptor;
        this.form = JsonForm.of(descriptor);
    }

    /** Describes the message and all that it contains; {@code known} is shared between messages. */
    public static MessageShape of(Descriptor descriptor, Map<Descriptor, MessageShape> known) {
        return of(descriptor, field -> true, known);
    }

    /** The same, of the fields that pass the filter only. */
    static MessageShape of(
            Descriptor descriptor, Predicate<FieldDescriptor> filter, Map<Descriptor, MessageShape> known) {
        var seen = known.get(descriptor);
        if (seen != null) return seen;
        var shape = new MessageShape(descriptor);
        known.put(descriptor, shape);
        shape.fields = fields(descriptor, filter, known);
        shape.byName = new HashMap<>();
        for (var field : shape.fields) {
            shape.byName.put(field.descriptor().getName(), field);
            shape.byName.put(field.descriptor().getJsonName(), field);
        }
        return shape;
    }

    private static List<Field> fields(
            Descriptor descriptor, Predicate<FieldDescriptor> filter, Map<Descriptor, MessageShape> known) {
        var fields = new ArrayList<Field>();
        for (var field : descriptor.getFields()) {
            if (!filter.test(field)) continue;
            var message = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
            fields.add(new Field(
                    fields.size(),
                    field,
                    JsonBytes.name(field.getJsonName()),
                    message ? of(field.getMessageType(), filter, known) : null));
        }
        return List.copyOf(fields);
    }

    /** The type that it describes. */
    public Descriptor descriptor() {
        return descriptor;
    }

    JsonForm form() {
        return form;
    }

    List<Field> fields() {
        return fields;
    }

    /** The field with this JSON name or {@code .proto} name, or null. */
    @Nullable
    Field field(String name) {
        return byName.get(name);
    }

    /** The field with this name, which must be there. */
    Field knownField(String name) {
        var field = field(name);
        if (field == null) throw new IllegalArgumentException(descriptor.getFullName() + " has no field " + name);
        return field;
    }

    /** What one could have written instead, for messages. */
    String fieldNames() {
        var names = new TreeSet<String>();
        fields.forEach(field -> names.add(field.descriptor().getJsonName()));
        return names.isEmpty() ? descriptor.getName() + " has no fields" : "known are " + String.join(", ", names);
    }

    /**
     * One field.
     *
     * @param ordinal its place in the message, from 0
     * @param quotedName its JSON name in quotes, with the colon
     * @param message the shape of its message, for message and map fields
     */
    @SuppressWarnings("ArrayRecordComponent") // written once, compared never
    record Field(
            int ordinal,
            FieldDescriptor descriptor,
            byte[] quotedName,
            @Nullable MessageShape message) {

        /** The shape of a field that is known to hold a message. */
        MessageShape messageShape() {
            if (message == null) throw new IllegalStateException(descriptor.getFullName() + " is no message");
            return message;
        }

        boolean holdsMessage() {
            return message != null;
        }

        boolean takesNull() {
            return isValue() || isNullValue();
        }

        boolean isValue() {
            return message != null && message.descriptor.getFullName().equals("google.protobuf.Value");
        }

        boolean isNullValue() {
            return descriptor.getJavaType() == FieldDescriptor.JavaType.ENUM
                    && descriptor.getEnumType().getFullName().equals("google.protobuf.NullValue");
        }
    }
}
