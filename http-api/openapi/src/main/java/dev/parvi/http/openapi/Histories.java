package dev.parvi.http.openapi;

import dev.parvi.entity.EntityType;
import dev.parvi.entity.EntityType.Method;
import dev.parvi.http.openapi.HttpContract.Call;
import java.util.List;

/** The paths that tell what has happened: of one entity, and of all of a type. */
final class Histories {
    private static final String OF_ONE = "What an entity has done";
    private static final String ABOUT_ONE =
            "Its events behind a revision, in order and without a gap. With `Accept: text/event-stream` they go on as"
                    + " server-sent events, whose ids are revisions: a client that connects again misses nothing.";
    private static final String STREAM = "text/event-stream";
    private static final String METHOD = "method";
    private static final String EVENT = "event";
    private static final String HIDDEN = "hidden";
    private static final String DELETED = "deleted";

    private final Components components;
    private final Parameters parameters;
    private final Responses responses;
    private final Schemas calls;
    private final Schemas events;

    /**
     * @param calls the schemas of what queries answer
     * @param events the schemas of what may be shown
     */
    Histories(Components components, Parameters parameters, Responses responses, Schemas calls, Schemas events) {
        this.components = components;
        this.parameters = parameters;
        this.responses = responses;
        this.calls = calls;
        this.events = events;
    }

    void addTo(EntityType<?, ?> type, JsonObject paths) {
        var ofOne = type.defaultQuery().map(query -> following(type, query)).orElseGet(() -> ofEntity(type));
        var ofAll = operation(
                type,
                "_all_events",
                "What all entities of the type have done",
                "Each event at least once, those of an entity in order. With `Accept: text/event-stream` they go on as"
                        + " server-sent events, whose ids are cursors.",
                parameters.ofFeed(
                        parameters.query(
                                "cursor",
                                "`next` of an earlier page, or `now` for what comes. Without it, from the beginning.",
                                "string"),
                        "The id that was seen last; counts more than `cursor`."),
                responses.with(told(type, stream(List.of(event(type)))), Call.HISTORY));
        paths.put("/" + type.name() + "/{id}/events", new JsonObject().put("get", ofOne));
        paths.put("/" + type.name() + "/events", new JsonObject().put("get", ofAll));
    }

    private JsonObject ofEntity(EntityType<?, ?> type) {
        return operation(
                type,
                "_events",
                OF_ONE,
                ABOUT_ONE,
                parameters.ofHistory(after(), "The revision that was seen last; counts more than `after`."),
                responses.with(told(type, stream(List.of(event(type)))), Call.HISTORY));
    }

    /** Where a query tells what an entity is, a stream may begin with that. */
    private JsonObject following(EntityType<?, ?> type, Method query) {
        var sent = parameters.ofHistory(
                after(), "The revision that was seen last; counts more than `after` and `snapshot`.");
        sent.add(
                2,
                parameters.query(
                        "snapshot",
                        "`true`: a stream begins with an event named `snapshot`, which holds what the query `"
                                + query.name()
                                + "` answers to an empty request, and goes on behind its revision. For streams only, and not"
                                + " together with `after`.",
                        "boolean"));
        var snapshot = components.schema(type.name() + ".History.Snapshot", () -> snapshot(query));
        return operation(
                type,
                "_events",
                OF_ONE,
                ABOUT_ONE + " It may begin with a `snapshot`.",
                sent,
                responses.with(told(type, stream(List.of(event(type), snapshot))), Call.FOLLOWING));
    }

    private JsonObject after() {
        return parameters.query("after", "Events behind this revision; 0 begins with the first.", "integer");
    }

    /** No words of OpenAPI 3.1 tell what stands in a stream; those of JSON Schema come near. */
    private static JsonObject stream(List<JsonObject> data) {
        var one = data.size() == 1 ? data.get(0) : new JsonObject().put("anyOf", JsonValue.list(data));
        return text("Server-sent events, each with such JSON as its `data`.")
                .put("contentMediaType", STREAM)
                .put("contentSchema", one);
    }

    private JsonObject told(EntityType<?, ?> type, JsonObject stream) {
        var page = components.schema(type.name() + ".History", () -> page(type));
        var content = new JsonObject()
                .put("application/json", new JsonObject().put("schema", page))
                .put(STREAM, new JsonObject().put("schema", stream));
        return new JsonObject()
                .put("description", "The events.")
                .put("headers", responses.ofLookup())
                .put("content", content);
    }

    private static JsonObject operation(
            EntityType<?, ?> type,
            String id,
            String summary,
            String description,
            List<JsonObject> sent,
            JsonObject answers) {
        return new JsonObject()
                .put("operationId", type.name() + id)
                .put("tags", JsonValue.texts(List.of(type.name())))
                .put("summary", summary)
                .put("description", description)
                .put("parameters", JsonValue.list(sent))
                .put("responses", answers);
    }

    private JsonObject page(EntityType<?, ?> type) {
        var all = new JsonObject().put("type", "array").put("items", event(type));
        var next = text("What to ask for next: as `after` for an entity, as `cursor` for the type.");
        return new JsonObject()
                .put("type", "object")
                .put("properties", new JsonObject().put("events", all).put("next", next))
                .put("required", JsonValue.texts(List.of("events", "next")));
    }

    private JsonObject event(EntityType<?, ?> type) {
        return components.schema(type.name() + ".History.Event", () -> described(type));
    }

    private JsonObject snapshot(Method query) {
        var properties = new JsonObject()
                .put(
                        "revision",
                        text("How many events it has seen; the next one is that behind it.")
                                .put("pattern", "^[0-9]+$"))
                .put("snapshot", calls.of(query.reply().getDescriptorForType()));
        return new JsonObject()
                .put("type", "object")
                .put("description", "What an entity was at a revision.")
                .put("properties", properties)
                .put("required", JsonValue.texts(List.of("revision", "snapshot")));
    }

    private JsonObject described(EntityType<?, ?> type) {
        var properties = new JsonObject()
                .put("id", text("The entity, where events of many are told."))
                .put(
                        "revision",
                        text("Which event of its entity it is, counted from 1.").put("pattern", "^[0-9]+$"))
                .put("time", text("When its command was accepted.").put("format", "date-time"))
                .put(METHOD, text("The command that caused it."))
                .put(
                        EVENT,
                        events.ofFilled(type.event().getDescriptorForType())
                                .put("description", "What happened, without what is private."))
                .put(DELETED, deleted())
                .put(
                        HIDDEN,
                        new JsonObject()
                                .put("type", "boolean")
                                .put(
                                        "description",
                                        "True instead of `method` and `event` where all of it is private."));
        return new JsonObject()
                .put("type", "object")
                .put("properties", properties)
                .put("required", JsonValue.texts(List.of("revision", "time")))
                .put("dependentRequired", together())
                .put("dependentSchemas", new JsonObject().put(METHOD, caused()).put(HIDDEN, alone()));
    }

    private static JsonObject together() {
        return new JsonObject()
                .put(EVENT, JsonValue.texts(List.of(METHOD)))
                .put(DELETED, JsonValue.texts(List.of(METHOD)));
    }

    /** A command causes an event, or the end. */
    private static JsonObject caused() {
        return new JsonObject().put("oneOf", JsonValue.list(List.of(with(EVENT), with(DELETED))));
    }

    /** Named as a property too, because a linter looks for what is required there. */
    private static JsonObject with(String name) {
        return new JsonObject()
                .put("properties", new JsonObject().put(name, new JsonObject()))
                .put("required", JsonValue.texts(List.of(name)));
    }

    private static JsonObject alone() {
        var told = new JsonObject().put("enum", JsonValue.texts(List.of(METHOD, EVENT, DELETED)));
        return new JsonObject().put("propertyNames", new JsonObject().put("not", told));
    }

    private static JsonObject deleted() {
        return new JsonObject()
                .put("type", "boolean")
                .put(
                        "description",
                        "True instead of `event` for the last one, which deleted the entity and all before.");
    }

    private static JsonObject text(String description) {
        return new JsonObject().put("type", "string").put("description", description);
    }
}
