package dev.parvi.http.openapi;

import com.google.protobuf.Descriptors.Descriptor;
import dev.parvi.entity.EntityType;
import dev.parvi.entity.EntityType.Method;
import dev.parvi.http.openapi.HttpContract.Call;
import java.util.List;
import java.util.function.Predicate;

/** The paths that tell what became of a command, and who is there. Their ids have two underscores, which those of methods have not. */
final class Lookups {
    private static final String NUMBER = "^[0-9]+$";

    private final Components components;
    private final Parameters parameters;
    private final Responses responses;
    private final Schemas schemas;

    Lookups(Components components, Parameters parameters, Responses responses, Schemas schemas) {
        this.components = components;
        this.parameters = parameters;
        this.responses = responses;
        this.schemas = schemas;
    }

    void addTo(EntityType<?, ?> type, JsonObject paths) {
        var outcome = components.schema(type.name() + ".Outcome", () -> outcome(type));
        var ofCommand = operation(type, "_commands_key", "What became of a command")
                .put(
                        "description",
                        "Read from the store: every command that was acknowledged and has stored events is found, for as long as"
                                + " its events are stored. A rejected command stores nothing. Not found may also mean: not yet.")
                .put("parameters", JsonValue.list(parameters.ofOutcome()))
                .put(
                        "responses",
                        responses.with(
                                told("The outcome.", outcome)
                                        .put("headers", responses.ofLookup().put("ETag", responses.revision())),
                                Call.OUTCOME));
        var list = components.schema("parvi.http.Entities", Lookups::entities);
        var ofType = operation(type, "_list_ids", "Who is there")
                .put(
                        "description",
                        "In an order of the store's own. Who was there when the walk began is in it, once; who came later may be."
                                + " A page may hold fewer than asked for, or none, and not be the last.")
                .put("parameters", JsonValue.list(parameters.ofList()))
                .put(
                        "responses",
                        responses.with(
                                told("Some entities.", list).put("headers", responses.ofLookup()), Call.HISTORY));
        paths.put("/" + type.name() + "/{id}/commands/{key}", new JsonObject().put("get", ofCommand));
        paths.put("/" + type.name(), new JsonObject().put("get", ofType));
    }

    private static JsonObject operation(EntityType<?, ?> type, String id, String summary) {
        return new JsonObject()
                .put("operationId", type.name() + id)
                .put("tags", JsonValue.texts(List.of(type.name())))
                .put("summary", summary);
    }

    private static JsonObject told(String description, JsonObject schema) {
        var content = new JsonObject().put("application/json", new JsonObject().put("schema", schema));
        return new JsonObject().put("description", description).put("content", content);
    }

    private JsonObject outcome(EntityType<?, ?> type) {
        var properties = new JsonObject()
                .put(
                        "outcome",
                        text("It was carried out: nothing else is stored.").put("const", "completed"))
                .put("revision", text("Of its last event.").put("pattern", NUMBER))
                .put("method", text("The name of its rpc; `.Delete` if it deleted the entity."))
                .put("time", text("When it was accepted.").put("format", "date-time"));
        var replies = type.methods().stream()
                .filter(Predicate.not(Method::isQuery))
                .map(method -> method.reply().getDescriptorForType())
                .distinct()
                .map(this::reply)
                .toList();
        if (!replies.isEmpty())
            properties.put(
                    "reply",
                    eitherOf(replies)
                            .put(
                                    "description",
                                    "What the command was answered. Left out if this release does not know the method or"
                                            + " cannot read it."));
        return new JsonObject()
                .put("type", "object")
                .put("properties", properties)
                .put("required", JsonValue.texts(List.of("outcome", "revision", "method", "time")));
    }

    private static JsonObject eitherOf(List<JsonObject> replies) {
        return replies.size() == 1 ? replies.get(0) : new JsonObject().put("anyOf", JsonValue.list(replies));
    }

    private JsonObject reply(Descriptor message) {
        return schemas.of(message);
    }

    private static JsonObject entities() {
        var entity = new JsonObject()
                .put("type", "object")
                .put(
                        "properties",
                        new JsonObject()
                                .put("id", text("The entity."))
                                .put(
                                        "revision",
                                        text("As it was when the walk passed.").put("pattern", NUMBER)))
                .put("required", JsonValue.texts(List.of("id", "revision")));
        return new JsonObject()
                .put("type", "object")
                .put(
                        "properties",
                        new JsonObject()
                                .put(
                                        "entities",
                                        new JsonObject().put("type", "array").put("items", entity))
                                .put("next", text("What to ask for next, as `cursor`. Absent at the end.")))
                .put("required", JsonValue.texts(List.of("entities")));
    }

    private static JsonObject text(String description) {
        return new JsonObject().put("type", "string").put("description", description);
    }
}
