package dev.parvi.http.openapi;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** An object of a document as it grows; fields stay in the order in which they came. */
final class JsonObject implements JsonValue {
    private final Map<String, JsonValue> fields = new LinkedHashMap<>();

    JsonObject put(String name, JsonValue value) {
        fields.put(name, value);
        return this;
    }

    JsonObject put(String name, String text) {
        return put(name, JsonValue.text(text));
    }

    JsonObject put(String name, long number) {
        return put(name, JsonValue.number(number));
    }

    JsonObject put(String name, boolean value) {
        return put(name, JsonValue.bool(value));
    }

    /** Leaves out an empty text. */
    JsonObject putIfAny(String name, String text) {
        return text.isEmpty() ? this : put(name, text);
    }

    /** Leaves out an object without fields. */
    JsonObject putIfAny(String name, JsonObject object) {
        return object.fields.isEmpty() ? this : put(name, object);
    }

    /** Leaves out what is false. */
    JsonObject putIf(String name, boolean value) {
        return value ? put(name, true) : this;
    }

    /** The object of this name, which is put here if it is not there yet. */
    JsonObject object(String name) {
        return (JsonObject) fields.computeIfAbsent(name, missing -> new JsonObject());
    }

    /** The value of a field that is there. */
    JsonValue value(String name) {
        return Objects.requireNonNull(fields.get(name), name);
    }

    Set<String> names() {
        return fields.keySet();
    }

    boolean has(String name) {
        return fields.containsKey(name);
    }

    @Override
    public void writeTo(JsonGenerator json) throws IOException {
        json.writeStartObject();
        for (var field : fields.entrySet()) {
            json.writeFieldName(field.getKey());
            field.getValue().writeTo(json);
        }
        json.writeEndObject();
    }
}
