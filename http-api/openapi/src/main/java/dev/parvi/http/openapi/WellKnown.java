package dev.parvi.http.openapi;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.parvi.http.json.JsonForm;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The messages of protobuf's own with a JSON form of their own, such as {@code Timestamp}. */
final class WellKnown {
    private static final Map<String, Form> FORMS = Map.of(
            "google.protobuf.Timestamp",
            new Form(() -> text().put("format", "date-time"), JsonValue.text("2026-01-02T03:04:05Z")),
            "google.protobuf.Duration",
            new Form(() -> text().put("pattern", "^-?[0-9]+(\\.[0-9]{1,9})?s$"), JsonValue.text("1.500s")),
            "google.protobuf.FieldMask",
            new Form(WellKnown::text, JsonValue.text("name")),
            "google.protobuf.Struct",
            new Form(() -> new JsonObject().put("type", "object"), new JsonObject().put("name", "value")),
            "google.protobuf.Value",
            new Form(() -> new JsonObject().put("description", "Any JSON."), JsonValue.text("value")),
            "google.protobuf.ListValue",
            new Form(
                    () -> new JsonObject().put("type", "array").put("items", new JsonObject()),
                    JsonValue.texts(List.of("value"))),
            "google.protobuf.Any",
            new Form(WellKnown::any, new JsonObject()));

    private WellKnown() {}

    /** True if the message has no fields of its own in JSON. */
    static boolean is(Descriptor message) {
        return JsonForm.of(message) != JsonForm.FIELDS;
    }

    /** The field whose value stands for the whole, as in {@code Int64Value}. */
    static boolean isWrapper(Descriptor message) {
        return JsonForm.of(message) == JsonForm.WRAPPER;
    }

    static FieldDescriptor wrapped(Descriptor message) {
        return message.getFields().get(0);
    }

    static JsonObject schema(Descriptor message) {
        return isWrapper(message)
                ? Scalars.schema(wrapped(message))
                : form(message).schema.get();
    }

    static JsonValue example(Descriptor message) {
        return isWrapper(message) ? Scalars.example(wrapped(message), "") : form(message).example;
    }

    /** True if it can be written as a query parameter. */
    static boolean isText(Descriptor message) {
        return isWrapper(message) || JsonForm.of(message) == JsonForm.TEXT;
    }

    /** {@code Any} names a type that its reader must know, so there is no example that always holds. */
    static boolean isAny(Descriptor message) {
        return message.getFullName().equals("google.protobuf.Any");
    }

    private static Form form(Descriptor message) {
        var form = FORMS.get(message.getFullName());
        if (form == null) throw new IllegalArgumentException(message.getFullName() + " is a message like others");
        return form;
    }

    private static JsonObject text() {
        return new JsonObject().put("type", "string");
    }

    private static JsonObject any() {
        return new JsonObject()
                .put("type", "object")
                .put("properties", new JsonObject().put("@type", text()))
                .put("required", JsonValue.texts(List.of("@type")));
    }

    private record Form(Supplier<JsonObject> schema, JsonValue example) {}
}
