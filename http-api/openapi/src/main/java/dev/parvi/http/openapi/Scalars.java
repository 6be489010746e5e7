package dev.parvi.http.openapi;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.List;

/** Numbers, texts, bytes and the keys of maps, as protobuf's canonical JSON writes them. */
final class Scalars {
    private static final long UINT32_MAX = 0xFFFF_FFFFL;

    private Scalars() {}

    /** What one value of this field looks like; enums have names of their own, see {@link Schemas}. */
    static JsonObject schema(FieldDescriptor field) {
        return switch (field.getType()) {
            case INT32, SINT32, SFIXED32 -> type("integer").put("format", "int32");
            case UINT32, FIXED32 -> type("integer").put("minimum", 0).put("maximum", UINT32_MAX);
            case INT64, SINT64, SFIXED64 ->
                type("string").put("format", "int64").put("pattern", "^-?[0-9]+$");
            case UINT64, FIXED64 -> type("string").put("format", "uint64").put("pattern", "^[0-9]+$");
            case DOUBLE -> floating().put("format", "double");
            case FLOAT -> floating().put("format", "float");
            case BOOL -> type("boolean");
            case STRING -> type("string");
            case BYTES -> type("string").put("contentEncoding", "base64").put("format", "byte");
            case ENUM, MESSAGE, GROUP -> throw new IllegalArgumentException(field.getFullName() + " is no scalar");
        };
    }

    /** JSON has no word for NaN and the infinities: they are written as strings. */
    private static JsonObject floating() {
        return new JsonObject()
                .put("type", JsonValue.texts(List.of("number", "string")))
                .put("pattern", "^(NaN|-?Infinity)$");
    }

    /** What the keys of a map look like; in JSON, all of them are strings. */
    static JsonObject keySchema(FieldDescriptor key) {
        return switch (key.getType()) {
            case BOOL -> new JsonObject().put("enum", JsonValue.texts(List.of("true", "false")));
            case UINT32, FIXED32, UINT64, FIXED64 -> new JsonObject().put("pattern", "^[0-9]+$");
            case STRING -> new JsonObject();
            default -> new JsonObject().put("pattern", "^-?[0-9]+$");
        };
    }

    static String keyExample(FieldDescriptor key) {
        return switch (key.getJavaType()) {
            case BOOLEAN -> "true";
            case STRING -> "key";
            default -> "1";
        };
    }

    /** A plausible value. {@code words} is what the author gave as an example, or empty. */
    static JsonValue example(FieldDescriptor field, String words) {
        return switch (field.getType()) {
            case INT32, SINT32, SFIXED32, UINT32, FIXED32 -> JsonValue.number(1);
            case INT64, SINT64, SFIXED64, UINT64, FIXED64 -> JsonValue.text("1");
            case DOUBLE, FLOAT -> JsonValue.fraction(1.5);
            case BOOL -> JsonValue.bool(true);
            case STRING -> JsonValue.text(words.isEmpty() ? field.getName().replace('_', '-') : words);
            case BYTES -> JsonValue.text("AQID");
            case ENUM -> example(field.getEnumType().getValues());
            case MESSAGE, GROUP -> throw new IllegalArgumentException(field.getFullName() + " is no scalar");
        };
    }

    /** The second value: the first mostly says that there is none. */
    private static JsonValue example(List<EnumValueDescriptor> values) {
        var type = values.get(0).getType();
        if (Schemas.isNull(type)) return JsonValue.nothing();
        return JsonValue.text(values.get(Math.min(1, values.size() - 1)).getName());
    }

    private static JsonObject type(String name) {
        return new JsonObject().put("type", name);
    }
}
