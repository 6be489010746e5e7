package dev.parvi.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;

/**
 * Writes protobuf's canonical JSON, without whitespace. A field that cannot be absent is always written, so a client finds
 * {@code {"balance":"0"}} and not {@code {}}; one with presence is written if it is set.
 */
final class JsonEncoder {
    private final JsonFactory json = new JsonFactory();
    private final WellKnownJson wellKnown;

    JsonEncoder(WellKnownJson wellKnown) {
        this.wellKnown = wellKnown;
    }

    byte[] encode(Message message, MessageShape shape) {
        var bytes = new ByteArrayOutputStream(128);
        try (var generator = json.createGenerator(bytes)) {
            writeMessage(generator, message, shape);
        } catch (IOException unprintable) {
            throw new UncheckedIOException("a reply cannot be written as JSON", unprintable);
        }
        return bytes.toByteArray();
    }

    private void writeMessage(JsonGenerator generator, Message message, MessageShape shape) throws IOException {
        switch (shape.form()) {
            case FIELDS -> {
                generator.writeStartObject();
                for (var field : shape.fields()) writeField(generator, field, message);
                generator.writeEndObject();
            }
            case WRAPPER -> {
                var value = shape.fields().get(0);
                writeValue(generator, value, message.getField(value.descriptor()));
            }
            case TEXT, TREE -> generator.writeRawValue(wellKnown.print(message));
        }
    }

    private void writeField(JsonGenerator generator, MessageShape.Field field, Message message) throws IOException {
        var descriptor = field.descriptor();
        if (descriptor.hasPresence() && !message.hasField(descriptor)) return;
        generator.writeFieldName(field.jsonName());
        var value = message.getField(descriptor);
        if (descriptor.isMapField()) writeMap(generator, field, (List<?>) value);
        else if (descriptor.isRepeated()) writeList(generator, field, (List<?>) value);
        else writeValue(generator, field, value);
    }

    private void writeList(JsonGenerator generator, MessageShape.Field field, List<?> values) throws IOException {
        generator.writeStartArray();
        for (var value : values) writeValue(generator, field, value);
        generator.writeEndArray();
    }

    private void writeMap(JsonGenerator generator, MessageShape.Field field, List<?> entries) throws IOException {
        var key = field.messageShape().fields().get(0).descriptor();
        var value = field.messageShape().fields().get(1);
        generator.writeStartObject();
        for (var entry : entries) {
            var message = (Message) entry;
            generator.writeFieldName(keyText(key, message.getField(key)));
            writeValue(generator, value, message.getField(value.descriptor()));
        }
        generator.writeEndObject();
    }

    private static String keyText(FieldDescriptor key, Object value) {
        return switch (key.getType()) {
            case UINT32, FIXED32 -> Integer.toUnsignedString((Integer) value);
            case UINT64, FIXED64 -> Long.toUnsignedString((Long) value);
            default -> value.toString();
        };
    }

    private void writeValue(JsonGenerator generator, MessageShape.Field field, Object value) throws IOException {
        switch (field.descriptor().getType()) {
            case INT32, SINT32, SFIXED32 -> generator.writeNumber((Integer) value);
            case UINT32, FIXED32 -> generator.writeNumber(Integer.toUnsignedLong((Integer) value));
            case INT64, SINT64, SFIXED64 -> generator.writeString(Long.toString((Long) value));
            case UINT64, FIXED64 -> generator.writeString(Long.toUnsignedString((Long) value));
            case DOUBLE -> writeFloating(generator, value.toString(), Double.isFinite((Double) value));
            case FLOAT -> writeFloating(generator, value.toString(), Float.isFinite((Float) value));
            case BOOL -> generator.writeBoolean((Boolean) value);
            case STRING -> generator.writeString((String) value);
            case BYTES -> generator.writeString(Base64.getEncoder().encodeToString(((ByteString) value).toByteArray()));
            case ENUM -> writeEnum(generator, (EnumValueDescriptor) value, field.isNullValue());
            case MESSAGE, GROUP -> writeMessage(generator, (Message) value, field.messageShape());
        }
    }

    /** JSON has no word for NaN and the infinities: protobuf writes them as strings. */
    private static void writeFloating(JsonGenerator generator, String text, boolean isFinite) throws IOException {
        if (!isFinite) generator.writeString(text);
        else generator.writeNumber(text);
    }

    private static void writeEnum(JsonGenerator generator, EnumValueDescriptor value, boolean isNull)
            throws IOException {
        if (isNull) generator.writeNull();
        else if (value.getIndex() < 0) generator.writeNumber(value.getNumber());
        else generator.writeString(value.getName());
    }
}
