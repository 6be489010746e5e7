package dev.parvi.http.openapi;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.parvi.transcoding.Binding;

/** A message as a body, in both forms. */
final class Bodies {
    private static final String BINARY = "application/protobuf";

    private final HttpContract contract;
    private final Schemas schemas;
    private final Examples examples;

    Bodies(HttpContract contract, Schemas schemas, Examples examples) {
        this.contract = contract;
        this.schemas = schemas;
        this.examples = examples;
    }

    /** Not required: no body is a message with no field set. */
    JsonObject ofRequest(Descriptor message) {
        return ofRequest(of(message));
    }

    /** Of a path that an author has chosen; it has a body. */
    JsonObject ofRequest(Binding binding) {
        var message = binding.rpc().getInputType();
        var field = binding.bodyField();
        if (field != null) return ofRequest(of(field, schemas.of(field)));
        var inPath = binding.pathFields();
        return ofRequest(of(message, schemas.without(message, inPath), examples.without(message, inPath)));
    }

    private JsonObject ofRequest(JsonObject content) {
        return new JsonObject()
                .put("description", "At most " + contract.bodyBytesMax() + " bytes, and no Content-Encoding.")
                .put("content", content);
    }

    /** The content by media type. */
    JsonObject of(Descriptor message) {
        return of(message, schemas.of(message), examples.of(message));
    }

    /** The content of an answer that is one field. */
    JsonObject ofAnswer(FieldDescriptor field) {
        return of(field, schemas.ofAnswer(field));
    }

    /** What is no message has no binary form. */
    private JsonObject of(FieldDescriptor field, JsonObject schema) {
        if (Binding.isMessage(field)) return of(field.getMessageType(), schema, examples.of(field));
        var json = new JsonObject().put("schema", schema).put("example", examples.of(field));
        return new JsonObject().put("application/json", json);
    }

    private static JsonObject of(Descriptor message, JsonObject schema, JsonValue example) {
        var json = new JsonObject().put("schema", schema).put("example", example);
        var binary = new JsonObject()
                .put(
                        "schema",
                        new JsonObject()
                                .put("description", message.getFullName() + " in protobuf's binary form.")
                                .put("contentMediaType", BINARY));
        return new JsonObject().put("application/json", json).put(BINARY, binary);
    }
}
