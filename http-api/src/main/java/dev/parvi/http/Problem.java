package dev.parvi.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.parvi.http.json.Text;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * One problem in the words of RFC 9457.
 *
 * @param detail what is wrong with this very request, for readers that show only this
 * @param faults the fields, headers or parameters at fault, if that is what is wrong
 * @param key the idempotency key to retry with, or empty
 * @param outcome the path that tells what became of the command, or empty
 * @param allow for 405, the methods that do fit, or empty
 * @param retryAfterSeconds when to come again, or 0
 */
record Problem(
        ProblemKind kind,
        String detail,
        List<Fault> faults,
        String key,
        String outcome,
        String allow,
        int retryAfterSeconds) {
    private static final JsonFactory JSON = new JsonFactory();

    static Problem of(ProblemKind kind, String detail) {
        return new Problem(kind, detail, List.of(), "", "", "", 0);
    }

    /** With an empty field it is about the request as a whole. */
    static Problem ofField(ProblemKind kind, String field, String message) {
        return field.isEmpty() ? of(kind, message) : ofFaults(kind, List.of(new Fault(field, "", message)));
    }

    /** Of at least one. */
    static Problem ofFaults(ProblemKind kind, List<Fault> faults) {
        var more = faults.size() == 1 ? "" : " (and " + (faults.size() - 1) + " more)";
        return new Problem(kind, faults.get(0).inWords() + more, faults, "", "", "", 0);
    }

    static Problem notAllowed(String detail, String allow) {
        return new Problem(ProblemKind.METHOD_NOT_ALLOWED, detail, List.of(), "", "", allow, 0);
    }

    static Problem busy(ProblemKind kind, String detail, int retryAfterSeconds) {
        return new Problem(kind, detail, List.of(), "", "", "", retryAfterSeconds);
    }

    Problem withKey(String other) {
        return new Problem(kind, detail, faults, other, outcome, allow, retryAfterSeconds);
    }

    Problem withOutcome(String path) {
        return new Problem(kind, detail, faults, key, path, allow, retryAfterSeconds);
    }

    byte[] toJson() {
        var bytes = new ByteArrayOutputStream(256);
        try (var json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("type", kind.uri());
            json.writeStringField("title", kind.title());
            json.writeNumberField("status", kind.status());
            json.writeStringField("code", kind.code());
            json.writeStringField("detail", wellFormed(detail));
            if (!faults.isEmpty()) writeFaults(json);
            json.writeBooleanField("retryable", kind.isRetryable());
            if (!key.isEmpty()) json.writeStringField("key", key);
            if (!outcome.isEmpty()) json.writeStringField("outcome", outcome);
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException("writing to memory failed", impossible);
        }
        return bytes.toByteArray();
    }

    private void writeFaults(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("fields");
        for (var fault : faults) {
            json.writeStartObject();
            json.writeStringField("field", wellFormed(fault.field));
            if (!fault.rule.isEmpty()) json.writeStringField("rule", wellFormed(fault.rule));
            json.writeStringField("message", wellFormed(fault.message));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** A detail may quote what the client sent, or what an author wrote: half a surrogate pair must not fail the answer. */
    private static String wellFormed(String text) {
        return Text.isWellFormed(text) ? text : Text.replaceLoneSurrogates(text);
    }

    /**
     * What is wrong with one part of the request.
     *
     * @param field the field, header or parameter; empty for what is about several
     * @param rule the id of the author's rule that it breaks, or empty
     */
    record Fault(String field, String rule, String message) {
        private String inWords() {
            return field.isEmpty() ? message : field + ": " + message;
        }
    }
}
