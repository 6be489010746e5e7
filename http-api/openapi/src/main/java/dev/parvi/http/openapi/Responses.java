package dev.parvi.http.openapi;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.parvi.http.openapi.HttpContract.Call;
import dev.parvi.http.openapi.HttpContract.Problem;
import dev.parvi.protobuf.CacheControl;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What comes back: the reply, 304, and each problem that the call can end with. */
final class Responses {
    private static final String PROBLEM = "parvi.http.Problem";
    private static final int NOT_SERVING = 503;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int OUTCOME_UNKNOWN = 504;

    private final HttpContract contract;
    private final Components components;
    private final Bodies bodies;
    private final Words words;

    Responses(HttpContract contract, Components components, Bodies bodies, Words words) {
        this.contract = contract;
        this.components = components;
        this.bodies = bodies;
        this.words = words;
    }

    JsonObject of(Call call, Descriptor reply, String caching) {
        return of(call, words.firstSentence(reply.getFullName()), bodies.of(reply), caching);
    }

    /** Of an answer that is one field of the reply. */
    JsonObject of(Call call, FieldDescriptor field, String caching) {
        return of(call, words.firstSentence(field.getFullName()), bodies.ofAnswer(field), caching);
    }

    private JsonObject of(Call call, String description, JsonObject content, String caching) {
        var success = new JsonObject()
                .put("description", description.isEmpty() ? "The reply." : description)
                .put("headers", headers(call, caching))
                .put("content", content);
        var responses = new JsonObject().put("200", success);
        if (call == Call.QUERY) responses.put("304", notModified(caching));
        return addProblems(responses, call);
    }

    JsonObject ofDeletion() {
        var success = new JsonObject()
                .put("description", "It is deleted, and nothing of it is left but that it is.")
                .put("headers", headers(Call.DELETION, CacheControl.OF_A_COMMAND));
        return addProblems(new JsonObject().put("204", success), Call.DELETION);
    }

    /** What comes back if all goes well, and the problems. */
    JsonObject with(JsonObject success, Call call) {
        return addProblems(new JsonObject().put("200", success), call);
    }

    private JsonObject addProblems(JsonObject responses, Call call) {
        var byStatus = contract.problems().stream()
                .filter(problem -> problem.sentBy().contains(call))
                .collect(Collectors.groupingBy(Problem::status, TreeMap::new, Collectors.toList()));
        byStatus.keySet()
                .forEach(status -> responses.put(
                        String.valueOf(status), components.response("Problem" + status, () -> problems(status))));
        return responses;
    }

    private JsonObject headers(Call call, String caching) {
        var headers = new JsonObject().put("ETag", revision()).put("Cache-Control", caching(caching));
        if (call == Call.COMMAND || call == Call.DELETION)
            headers.put("Idempotency-Key", key()).put("Idempotency-Replayed", replayed());
        return headers;
    }

    private JsonObject notModified(String caching) {
        return new JsonObject()
                .put("description", "The entity is still at the revision that If-None-Match names.")
                .put("headers", new JsonObject().put("ETag", revision()).put("Cache-Control", caching(caching)));
    }

    /** Of what is read from the store: it holds until something else happens. */
    JsonObject ofLookup() {
        return new JsonObject().put("Cache-Control", caching("no-cache"));
    }

    private JsonObject caching(String value) {
        return components.header(
                "Cache-Control." + value.replaceAll("[^a-z0-9-]+", "."),
                () -> new JsonObject()
                        .put("description", "What caches may do with the answer.")
                        .put("schema", text().put("const", value)));
    }

    JsonObject revision() {
        var schema = text().put("pattern", "^\"[0-9]+\"$");
        return header("ETag", "The revision, in quotes: how many events the entity has.", schema);
    }

    private JsonObject key() {
        return header("Idempotency-Key", "The key of this command, the client's or the server's.", text());
    }

    private JsonObject replayed() {
        return header(
                "Idempotency-Replayed",
                "There if this command was carried out before; the reply is the stored one.",
                text().put("const", "true"));
    }

    private JsonObject retryAfter() {
        return header("Retry-After", "How many seconds to wait.", new JsonObject().put("type", "integer"));
    }

    private JsonObject header(String name, String description, JsonObject schema) {
        return components.header(
                name, () -> new JsonObject().put("description", description).put("schema", schema));
    }

    private static JsonObject text() {
        return new JsonObject().put("type", "string");
    }

    private JsonObject problems(int status) {
        var kinds = contract.problems().stream()
                .filter(kind -> kind.status() == status && !kind.sentBy().isEmpty())
                .toList();
        var description = kinds.stream()
                .map(kind -> "- `" + kind.code() + "`: " + kind.title() + (kind.isRetryable() ? ". Send it again" : "")
                        + ".")
                .collect(Collectors.joining("\n"));
        var headers = new JsonObject().put("Cache-Control", caching(CacheControl.OF_A_COMMAND));
        if (kinds.stream().anyMatch(Problem::isOutcome)) headers.put("Idempotency-Key", key());
        if (status == NOT_SERVING || status == TOO_MANY_REQUESTS) headers.put("Retry-After", retryAfter());
        var media = new JsonObject().put("schema", schema()).put("example", example(kinds.get(0)));
        return new JsonObject()
                .put("description", description)
                .put("headers", headers)
                .put("content", new JsonObject().put("application/problem+json", media));
    }

    private static JsonObject example(Problem kind) {
        var example = new JsonObject()
                .put("type", kind.uri())
                .put("title", kind.title())
                .put("status", kind.status())
                .put("code", kind.code())
                .put("detail", "What is wrong with this very request.")
                .put("retryable", kind.isRetryable());
        var isKeyed = kind.status() == NOT_SERVING || kind.status() == OUTCOME_UNKNOWN;
        return isKeyed ? example.put("key", "k1") : example;
    }

    private JsonObject schema() {
        return components.schema(
                PROBLEM,
                () -> new JsonObject()
                        .put("type", "object")
                        .put("description", "Whatever is not a reply, in the words of RFC 9457.")
                        .put("properties", properties())
                        .put(
                                "required",
                                JsonValue.texts(List.of("type", "title", "status", "code", "detail", "retryable"))));
    }

    private JsonObject properties() {
        var codes = contract.problems().stream().map(Problem::code).toList();
        var field = new JsonObject()
                .put("type", "object")
                .put(
                        "properties",
                        new JsonObject()
                                .put(
                                        "field",
                                        text().put("description", "Its path; empty if the rule is about the whole."))
                                .put(
                                        "rule",
                                        text().put(
                                                        "description",
                                                        "The id of the broken rule, if it is a rule of the type."))
                                .put("message", text()))
                .put("required", JsonValue.texts(List.of("field", "message")));
        return new JsonObject()
                .put("type", text().put("description", "The code as a URI. A name and not a place."))
                .put("title", text())
                .put("status", new JsonObject().put("type", "integer"))
                .put("code", text().put("description", "What programs look at.").put("enum", JsonValue.texts(codes)))
                .put("detail", text().put("description", "What is wrong with this very request."))
                .put(
                        "fields",
                        new JsonObject()
                                .put("type", "array")
                                .put("description", "The fields, parameters or headers at fault.")
                                .put("items", field))
                .put(
                        "retryable",
                        new JsonObject()
                                .put("type", "boolean")
                                .put("description", "True if the same request may succeed. Send it with the same key."))
                .put("key", text().put("description", "The idempotency key to send it again with."))
                .put("outcome", text().put("description", "The path that tells what became of the command."));
    }
}
