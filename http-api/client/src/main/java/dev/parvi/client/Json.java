package dev.parvi.client;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Reads the JSON of nodes. What is none of it is a {@link ParviException}. */
final class Json {
    private Json() {}

    static JsonObject object(byte[] utf8) {
        return object(new String(utf8, StandardCharsets.UTF_8));
    }

    static JsonObject object(String text) {
        try {
            return JsonParser.parseString(text).getAsJsonObject();
        } catch (JsonParseException | IllegalStateException malformed) {
            throw foreign("it is no JSON object: " + text);
        }
    }

    /** The text of a field; empty if it is not there. */
    static String text(JsonObject object, String name) {
        var value = object.get(name);
        return value != null && value.isJsonPrimitive() ? value.getAsString() : "";
    }

    static boolean flag(JsonObject object, String name) {
        return text(object, name).equals("true");
    }

    static long number(JsonObject object, String name) {
        try {
            return Long.parseLong(text(object, name));
        } catch (NumberFormatException malformed) {
            throw foreign(name + " is no number in " + object);
        }
    }

    static Instant time(JsonObject object, String name) {
        try {
            return Instant.parse(text(object, name));
        } catch (DateTimeParseException malformed) {
            throw foreign(name + " is no time in " + object);
        }
    }

    static JsonArray array(JsonObject object, String name) {
        var value = object.get(name);
        return value != null && value.isJsonArray() ? value.getAsJsonArray() : new JsonArray();
    }

    /** A message in its canonical form; what cannot be absent and has its default value is left out. */
    static JsonObject of(Message message) {
        var known =
                TypeRegistry.newBuilder().add(message.getDescriptorForType()).build();
        try {
            return object(JsonFormat.printer().usingTypeRegistry(known).print(message));
        } catch (InvalidProtocolBufferException unwritable) {
            throw new IllegalArgumentException("request: " + unwritable.getMessage(), unwritable);
        }
    }

    /**
     * The fields of a message as query parameters: empty, or with a question mark. Throws an {@link IllegalArgumentException} for a list of
     * messages, which none can be.
     *
     * @param elsewhere the paths of fields that are left out, in the names of the {@code .proto}
     */
    static String query(Message message, Collection<String> elsewhere) {
        var object = of(message);
        for (var path : elsewhere) remove(path, message.getDescriptorForType(), object);
        var parameters = new ArrayList<String>();
        addParameters("", object, parameters);
        return parameters.isEmpty() ? "" : "?" + String.join("&", parameters);
    }

    private static void remove(String path, Descriptor type, JsonObject object) {
        var dot = path.indexOf('.');
        var field = type.findFieldByName(dot < 0 ? path : path.substring(0, dot));
        if (field == null) return;
        if (dot < 0) object.remove(field.getJsonName());
        else if (object.has(field.getJsonName()))
            remove(path.substring(dot + 1), field.getMessageType(), object.getAsJsonObject(field.getJsonName()));
    }

    private static void addParameters(String name, JsonElement value, List<String> parameters) {
        if (value.isJsonPrimitive()) parameters.add(name + "=" + ParviClient.encoded(value.getAsString()));
        else if (value.isJsonArray())
            for (var element : value.getAsJsonArray()) {
                if (!element.isJsonPrimitive())
                    throw new IllegalArgumentException(name + ": a list of messages has no place in a URL");
                addParameters(name, element, parameters);
            }
        else if (value.isJsonObject())
            value.getAsJsonObject()
                    .entrySet()
                    .forEach(field -> addParameters(
                            name.isEmpty() ? field.getKey() : name + "." + field.getKey(),
                            field.getValue(),
                            parameters));
    }

    /** Reads messages of this type. Fields that this program does not know yet are passed over. */
    static JsonFormat.Parser parserOf(Message prototype) {
        var known =
                TypeRegistry.newBuilder().add(prototype.getDescriptorForType()).build();
        return JsonFormat.parser().usingTypeRegistry(known).ignoringUnknownFields();
    }

    /** A message in its canonical form. */
    static <M extends Message> M message(JsonObject object, M prototype, JsonFormat.Parser parser) {
        var builder = prototype.newBuilderForType();
        try {
            parser.merge(object.toString(), builder);
        } catch (InvalidProtocolBufferException malformed) {
            throw foreign("it is no " + prototype.getDescriptorForType().getFullName() + ": " + malformed.getMessage());
        }
        return cast(builder.build());
    }

    /** The builder came from a message of this very class. */
    @SuppressWarnings("unchecked")
    static <M extends Message> M cast(Message message) {
        return (M) message;
    }

    static ParviException foreign(String what) {
        return new ParviException("a node of Parvi would not answer this: " + what, Problem.ofSilence(what), "");
    }
}
