package dev.parvi.http;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What the codecs need to know of one message type, looked up once at start. Types may contain themselves. */
final class MessageShape {
    private static final String PACKAGE = "google.protobuf.";
    private static final Set<String> WRAPPERS = Set.of(
            "DoubleValue",
            "FloatValue",
            "Int64Value",
            "UInt64Value",
            "Int32Value",
            "UInt32Value",
            "BoolValue",
            "StringValue",
            "BytesValue");
    private static final Set<String> AS_TEXT = Set.of("Timestamp", "Duration", "FieldMask");
    private static final Set<String> AS_TREE = Set.of("Any", "Struct", "Value", "ListValue");

    private final Descriptor descriptor;
    private final Form form;
    private List<Field> fields = List.of();
    private Map<String, Field> byName = Map.of();

    private MessageShape(Descriptor descriptor) {
        this.descriptor = descriptor;
        this.form = Form.of(descriptor);
    }

    /** Describes the message and all that it contains; {@code known} is shared between messages. */
    static MessageShape of(Descriptor descriptor, Map<Descriptor, MessageShape> known) {
        var seen = known.get(descriptor);
        if (seen != null) return seen;
        var shape = new MessageShape(descriptor);
        known.put(descriptor, shape);
        shape.fields = fields(descriptor, known);
        shape.byName = new HashMap<>();
        for (var field : shape.fields) {
            shape.byName.put(field.descriptor().getName(), field);
            shape.byName.put(field.descriptor().getJsonName(), field);
        }
        return shape;
    }

    private static List<Field> fields(Descriptor descriptor, Map<Descriptor, MessageShape> known) {
        var fields = new ArrayList<Field>();
        for (var field : descriptor.getFields()) {
            var message = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
            fields.add(new Field(
                    fields.size(),
                    field,
                    JsonBytes.name(field.getJsonName()),
                    message ? of(field.getMessageType(), known) : null));
        }
        return List.copyOf(fields);
    }

    Descriptor descriptor() {
        return descriptor;
    }

    Form form() {
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

    /** What one could have written instead, for messages. */
    String fieldNames() {
        var names = new TreeSet<String>();
        fields.forEach(field -> names.add(field.descriptor().getJsonName()));
        return names.isEmpty() ? descriptor.getName() + " has no fields" : "known are " + String.join(", ", names);
    }

    /** How a message looks in JSON. */
    enum Form {
        /** An object of its fields. */
        FIELDS,
        /** The value inside, as with {@code Int64Value}. */
        WRAPPER,
        /** A string, as with {@code Timestamp}. */
        TEXT,
        /** Any JSON, as with {@code Struct}. */
        TREE;

        static Form of(Descriptor descriptor) {
            if (!descriptor.getFullName().startsWith(PACKAGE)) return FIELDS;
            var name = descriptor.getFullName().substring(PACKAGE.length());
            if (WRAPPERS.contains(name)) return WRAPPER;
            if (AS_TEXT.contains(name)) return TEXT;
            return AS_TREE.contains(name) ? TREE : FIELDS;
        }
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
            return message != null && message.descriptor.getFullName().equals(PACKAGE + "Value");
        }

        boolean isNullValue() {
            return descriptor.getJavaType() == FieldDescriptor.JavaType.ENUM
                    && descriptor.getEnumType().getFullName().equals(PACKAGE + "NullValue");
        }
    }
}
