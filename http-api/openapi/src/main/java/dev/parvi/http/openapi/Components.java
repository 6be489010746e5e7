package dev.parvi.http.openapi;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The parts that operations share. A part is made when it is first referred to, so the document holds none that is unused. */
final class Components {
    private final Map<String, Map<String, JsonObject>> sections = new TreeMap<>();

    JsonObject schema(String name, Supplier<JsonObject> made) {
        return reference("schemas", name, made);
    }

    JsonObject parameter(String name, Supplier<JsonObject> made) {
        return reference("parameters", name, made);
    }

    JsonObject header(String name, Supplier<JsonObject> made) {
        return reference("headers", name, made);
    }

    JsonObject response(String name, Supplier<JsonObject> made) {
        return reference("responses", name, made);
    }

    private JsonObject reference(String kind, String name, Supplier<JsonObject> made) {
        var section = sections.computeIfAbsent(kind, key -> new TreeMap<>());
        if (!section.containsKey(name)) {
            // Its place is taken before it is made: it may refer to itself.
            section.put(name, new JsonObject());
            section.put(name, made.get());
        }
        return new JsonObject().put("$ref", "#/components/" + kind + "/" + name);
    }

    JsonObject toJson() {
        var json = new JsonObject();
        sections.forEach((kind, parts) -> {
            var section = new JsonObject();
            parts.forEach(section::put);
            json.put(kind, section);
        });
        return json;
    }
}
