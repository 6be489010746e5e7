package dev.parvi.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * One problem in the words of RFC 9457.
 *
 * @param message what is wrong with this very request, or with its {@code field}
 * @param field the field, header or parameter at fault, or empty
 * @param key the idempotency key to retry with, or empty
 * @param allow for 405, the methods that do fit, or empty
 */
record Problem(ProblemKind kind, String message, String field, String key, String allow) {
    private static final JsonFactory JSON = new JsonFactory();

    static Problem of(ProblemKind kind, String message) {
        return new Problem(kind, message, "", "", "");
    }

    static Problem ofField(ProblemKind kind, String field, String message) {
        return new Problem(kind, message, field, "", "");
    }

    static Problem notAllowed(String message, String allow) {
        return new Problem(ProblemKind.METHOD_NOT_ALLOWED, message, "", "", allow);
    }

    Problem withKey(String other) {
        return new Problem(kind, message, field, other, allow);
    }

    /** The message with its field in front, for readers that show only this. */
    String detail() {
        return field.isEmpty() ? message : field + ": " + message;
    }

    byte[] toJson() {
        var bytes = new ByteArrayOutputStream(256);
        try (var json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("type", kind.uri());
            json.writeStringField("title", kind.title());
            json.writeNumberField("status", kind.status());
            json.writeStringField("code", kind.code());
            json.writeStringField("detail", wellFormed(detail()));
            if (!field.isEmpty()) writeField(json);
            json.writeBooleanField("retryable", kind.isRetryable());
            if (!key.isEmpty()) json.writeStringField("key", key);
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException("writing to memory failed", impossible);
        }
        return bytes.toByteArray();
    }

    private void writeField(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("fields");
        json.writeStartObject();
        json.writeStringField("field", wellFormed(field));
        json.writeStringField("message", wellFormed(message));
        json.writeEndObject();
        json.writeEndArray();
    }

    /** A detail may quote what the client sent, or what an author wrote: half a surrogate pair must not fail the answer. */
    private static String wellFormed(String text) {
        return Text.isWellFormed(text) ? text : Text.replaceLoneSurrogates(text);
    }
}
