package dev.parvi.http.json;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;

/**
 * Writes protobuf's canonical JSON, without whitespace. A field that cannot be absent is always written, so a client finds
 * {@code {"balance":"0"}} and not {@code {}}; one with presence is written if it is set.
 */
final class JsonEncoder {
    private final WellKnownJson wellKnown;

    JsonEncoder(WellKnownJson wellKnown) {
        this.wellKnown = wellKnown;
    }

    byte[] encode(Message message, MessageShape shape) {
        var json = new JsonBytes();
        writeMessage(json, message, shape);
        return json.toBytes();
    }

    /** The value of one field alone; {@code null} if it is absent. */
    byte[] encodeField(Message message, MessageShape.Field field) {
        var json = new JsonBytes();
        if (field.descriptor().hasPresence() && !message.hasField(field.descriptor())) json.literal("null");
        else writeFieldValue(json, field, message.getField(field.descriptor()));
        return json.toBytes();
    }

    private void writeMessage(JsonBytes json, Message message, MessageShape shape) {
        switch (shape.form()) {
            case FIELDS -> {
                json.open('{');
                for (var field : shape.fields()) writeField(json, field, message);
                json.close('}');
            }
            case WRAPPER -> {
                var value = shape.fields().get(0);
                writeValue(json, value, message.getField(value.descriptor()));
            }
            case TEXT, TREE -> json.raw(print(message));
        }
    }

    private String print(Message message) {
        try {
            return wellKnown.print(message);
        } catch (InvalidProtocolBufferException unprintable) {
            throw new UncheckedIOException("a reply cannot be written as JSON", unprintable);
        }
    }

    private void writeField(JsonBytes json, MessageShape.Field field, Message message) {
        var descriptor = field.descriptor();
        if (descriptor.hasPresence() && !message.hasField(descriptor)) return;
        json.field(field.quotedName());
        writeFieldValue(json, field, message.getField(descriptor));
    }

    private void writeFieldValue(JsonBytes json, MessageShape.Field field, Object value) {
        var descriptor = field.descriptor();
        if (descriptor.isMapField()) writeMap(json, field, (List<?>) value);
        else if (descriptor.isRepeated()) writeList(json, field, (List<?>) value);
        else writeValue(json, field, value);
    }

    private void writeList(JsonBytes json, MessageShape.Field field, List<?> values) {
        json.open('[');
        for (var value : values) writeValue(json, field, value);
        json.close(']');
    }

    private void writeMap(JsonBytes json, MessageShape.Field field, List<?> entries) {
        var key = field.messageShape().fields().get(0).descriptor();
        var value = field.messageShape().fields().get(1);
        json.open('{');
        for (var entry : entries) {
            var message = (Message) entry;
            json.field(keyText(key, message.getField(key)));
            writeValue(json, value, message.getField(value.descriptor()));
        }
        json.close('}');
    }

    private static String keyText(FieldDescriptor key, Object value) {
        return switch (key.getType()) {
            case UINT32, FIXED32 -> Integer.toUnsignedString((Integer) value);
            case UINT64, FIXED64 -> Long.toUnsignedString((Long) value);
            default -> value.toString();
        };
    }

    private void writeValue(JsonBytes json, MessageShape.Field field, Object value) {
        switch (field.descriptor().getType()) {
            case INT32, SINT32, SFIXED32 -> json.literal(Integer.toString((Integer) value));
            case UINT32, FIXED32 -> json.literal(Integer.toUnsignedString((Integer) value));
            case INT64, SINT64, SFIXED64 -> json.quoted(Long.toString((Long) value));
            case UINT64, FIXED64 -> json.quoted(Long.toUnsignedString((Long) value));
            case DOUBLE -> writeFloating(json, value.toString(), Double.isFinite((Double) value));
            case FLOAT -> writeFloating(json, value.toString(), Float.isFinite((Float) value));
            case BOOL -> json.literal(value.toString());
            case STRING -> json.string((String) value);
            case BYTES -> json.quoted(Base64.getEncoder().encodeToString(((ByteString) value).toByteArray()));
            case ENUM -> writeEnum(json, (EnumValueDescriptor) value, field.isNullValue());
            case MESSAGE, GROUP -> writeMessage(json, (Message) value, field.messageShape());
        }
    }

    /** JSON has no word for NaN and the infinities: protobuf writes them as strings. */
    private static void writeFloating(JsonBytes json, String text, boolean isFinite) {
        if (isFinite) json.literal(text);
        else json.quoted(text);
    }

    /** A number that this release has no name for is written as it is. */
    private static void writeEnum(JsonBytes json, EnumValueDescriptor value, boolean isNull) {
        if (isNull) json.literal("null");
        else if (value.getIndex() < 0) json.literal(Integer.toString(value.getNumber()));
        else json.quoted(value.getName());
    }
}
