package dev.parvi.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Holds answers against the OpenAPI document: status, headers, media type, and each field of the body. */
final class ContractCheck {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String HERE = "https://example.org/openapi";
    private static final Set<String> OURS =
            Set.of("cache-control", "etag", "idempotency-key", "idempotency-replayed", "retry-after");

    private final JsonNode document;
    private final SchemaRegistry schemas;

    ContractCheck(String openApi) {
        document = read(openApi);
        // Clients should take new fields as they come, so the document lets them; here, a field that it does not know
        // is a fault.
        for (var schema : document.path("components").path("schemas"))
            if (schema.has("properties")) ((ObjectNode) schema).put("additionalProperties", false);
        schemas = SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(Map.of(HERE, document.toString())));
    }

    JsonNode document() {
        return document;
    }

    /** Fails if the document does not describe this answer. What is no call of a method may only be answered with a problem. */
    void require(String method, String path, int status, Map<String, List<String>> headers, String body) {
        var operation = operation(method, path);
        var call = method + " " + path + " -> " + status;
        var type = headers.getOrDefault("content-type", List.of("")).get(0);
        if (operation.isMissingNode()) {
            if (!method.equals("HEAD") && type.equals("application/problem+json"))
                requireValid(call, "/components/schemas/parvi.http.Problem", body);
            return;
        }
        var response = resolved(operation.path("responses").path(String.valueOf(status)));
        assertThat(response.isMissingNode())
                .as(call + " is not in the document")
                .isFalse();
        headers.keySet().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .filter(OURS::contains)
                .forEach(name -> assertThat(names(response.path("headers")))
                        .as(call + " sends " + name)
                        .contains(name));
        requireCaching(call, response, headers);
        if (status == 204 || status == 304 || method.equals("HEAD")) return;
        assertThat(names(response.path("content"))).as(call).contains(type);
        if (type.endsWith("json"))
            requireValid(
                    call,
                    response.path("content")
                            .path(type)
                            .path("schema")
                            .path("$ref")
                            .asText()
                            .substring(1),
                    body);
    }

    /** A header that is described with one value has that value. */
    private void requireCaching(String call, JsonNode response, Map<String, List<String>> headers) {
        var described = resolved(response.path("headers").path("Cache-Control"));
        if (!described.isMissingNode())
            assertThat(headers.getOrDefault("cache-control", List.of()))
                    .as(call)
                    .containsExactly(described.path("schema").path("const").asText());
    }

    /** What is wrong with a value, if it should look like the schema at this place of the document. */
    List<Error> errors(String pointer, String json) {
        return schemas.getSchema(SchemaLocation.of(HERE + "#" + pointer)).validate(read(json));
    }

    private void requireValid(String call, String pointer, String body) {
        assertThat(errors(pointer, body)).as(call + " answers " + body).isEmpty();
    }

    /** Whether the document knows what is called so. */
    boolean describes(String method, String target) {
        return !operation(method, target).isMissingNode();
    }

    private JsonNode operation(String method, String target) {
        var path = target.split("\\?", 2)[0];
        var name = method.equals("HEAD") ? "get" : method.toLowerCase(Locale.ROOT);
        var paths = document.path("paths");
        return paths.has(usual(path)) ? paths.path(usual(path)).path(name) : chosen(path, name);
    }

    private static String usual(String target) {
        var segments = target.split("/", -1);
        var isOutcome = segments.length == 5 && segments[3].equals("commands");
        if (segments.length < 2 || segments.length > 4 && !isOutcome) return "";
        var path = "/" + segments[1];
        if (segments.length > 2) path += segments.length == 3 && segments[2].equals("events") ? "/events" : "/{id}";
        if (segments.length > 3) path += "/" + segments[3];
        return isOutcome ? path + "/{key}" : path;
    }

    /** Of the paths that authors have chosen, the one with the most text that is there word by word. */
    private JsonNode chosen(String target, String method) {
        return document.path("paths")
                .propertyStream()
                .filter(path -> path.getValue().has(method))
                .filter(path ->
                        target.matches(pattern(path.getKey(), path.getValue().path(method))))
                .max(Comparator.comparing(
                        path -> path.getKey().replaceAll("\\{[^}]*}", "").length()))
                .map(path -> path.getValue().path(method))
                .orElse(document.path("nothing"));
    }

    private static String pattern(String path, JsonNode operation) {
        var isRest = operation.path("parameters").toString().contains("may hold slashes");
        var pattern = path.replaceAll("([:.])", "[$1]");
        if (isRest) pattern = pattern.replaceAll("/\\{[^}]*}$", "(/.+)?");
        return pattern.replaceAll("\\{[^}]*}", "[^/]+");
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? document.at(node.path("$ref").asText().substring(1)) : node;
    }

    private static Set<String> names(JsonNode object) {
        return object.propertyStream()
                .map(Map.Entry::getKey)
                .map(name -> name.toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
    }

    static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException malformed) {
            throw new AssertionError(json, malformed);
        }
    }
}
