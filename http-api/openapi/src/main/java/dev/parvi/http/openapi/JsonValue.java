package dev.parvi.http.openapi;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** One value of a document, which knows how to write itself. */
@FunctionalInterface
interface JsonValue {
    JsonFactory FACTORY = new JsonFactory();

    void writeTo(JsonGenerator json) throws IOException;

    static JsonValue text(String text) {
        return json -> json.writeString(text);
    }

    static JsonValue number(long number) {
        return json -> json.writeNumber(number);
    }

    static JsonValue fraction(double number) {
        return json -> json.writeNumber(number);
    }

    static JsonValue bool(boolean value) {
        return json -> json.writeBoolean(value);
    }

    static JsonValue nothing() {
        return JsonGenerator::writeNull;
    }

    static JsonValue list(List<? extends JsonValue> values) {
        return json -> {
            json.writeStartArray();
            for (var value : values) value.writeTo(json);
            json.writeEndArray();
        };
    }

    static JsonValue texts(List<String> texts) {
        return list(texts.stream().map(JsonValue::text).toList());
    }

    default byte[] toBytes() {
        var bytes = new ByteArrayOutputStream();
        try (var json = FACTORY.createGenerator(bytes)) {
            writeTo(json);
        } catch (IOException impossible) {
            throw new UncheckedIOException("writing to memory failed", impossible);
        }
        return bytes.toByteArray();
    }
}
