package dev.parvi.http.openapi;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.parvi.http.openapi.HttpContract.Call;
import dev.parvi.transcoding.Binding;
import dev.parvi.transcoding.HttpRules;
import dev.parvi.transcoding.PathTemplate.Slot;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** What a request carries beside its body: the id, headers, and the fields of a query. */
final class Parameters {
    /** Messages nest without end; a reader of the document does not. Deeper fields follow the same rule. */
    private static final int LEVELS_MAX = 3;

    private final HttpContract contract;
    private final Components components;
    private final Schemas schemas;
    private final Words words;

    Parameters(HttpContract contract, Components components, Schemas schemas, Words words) {
        this.contract = contract;
        this.components = components;
        this.schemas = schemas;
        this.words = words;
    }

    List<JsonObject> of(Call call, Descriptor request) {
        var all = new ArrayList<JsonObject>();
        all.add(components.parameter("id", this::id));
        addHeaders(call, all);
        if (call == Call.QUERY) addFields(request, new Prefix("", ""), Set.of(), new ArrayDeque<>(), all);
        return all;
    }

    /**
     * The same at a path that an author has chosen.
     *
     * @param names of the slots of the path
     */
    List<JsonObject> of(Call call, Binding binding, List<String> names) {
        var all = new ArrayList<JsonObject>();
        var slots = binding.template().slots();
        for (var i = 0; i < slots.size(); i++) all.add(slot(binding, slots.get(i), names.get(i)));
        addHeaders(call, all);
        var elsewhere = new HashSet<>(binding.pathFields());
        elsewhere.add(binding.body());
        if (binding.hasParameters())
            addFields(binding.rpc().getInputType(), new Prefix("", ""), elsewhere, new ArrayDeque<>(), all);
        return all;
    }

    private JsonObject slot(Binding binding, Slot slot, String name) {
        var variable = slot.variable();
        if (variable != null && variable.fieldPath().equals(binding.idVariable()))
            return name.equals(HttpRules.ID) ? components.parameter("id", this::id) : id().put("name", name);
        var parameter = new JsonObject().put("name", name).put("in", "path").put("required", true);
        if (variable == null) return parameter.put("schema", new JsonObject().put("type", "string"));
        var field = field(binding.rpc().getInputType(), variable.fieldPath());
        var description = words.of(field.getFullName());
        if (slot.isAlone() && !slot.isRest())
            return parameter.putIfAny("description", description).put("schema", schemas.of(field));
        description += (description.isEmpty() ? "" : " ") + "The field `" + field.getJsonName() + "` is `"
                + binding.template().shape(variable) + "`; this is a part of it"
                + (slot.isRest() ? ", which may hold slashes." : ".");
        return parameter.put("description", description).put("schema", new JsonObject().put("type", "string"));
    }

    private static FieldDescriptor field(Descriptor message, String path) {
        var dot = path.indexOf('.');
        if (dot < 0) return message.findFieldByName(path);
        var outer = message.findFieldByName(path.substring(0, dot));
        return field(outer.getMessageType(), path.substring(dot + 1));
    }

    private void addHeaders(Call call, List<JsonObject> all) {
        if (call == Call.COMMAND || call == Call.DELETION)
            all.add(header(
                    "Idempotency-Key",
                    "Names this command, for retries: the same key with the same body is carried out once, and answered"
                            + " from the stored outcome. Without it, the server makes one.",
                    this::keyBounds));
        all.add(header(
                "If-Match",
                "Only if the entity is at this revision, which is the `ETag` of an earlier answer. `\"0\"`: only if it has no"
                        + " events yet. `*`: at any.",
                schema -> schema.put("pattern", "^(\\*|\"[0-9]+\")$")));
        if (call == Call.QUERY)
            all.add(header(
                    "If-None-Match",
                    "Answer 304, without a body, if the entity is still at this revision.",
                    UnaryOperator.identity()));
        all.add(components.parameter("Request-Timeout", this::requestTimeout));
        all.add(header(
                "traceparent",
                "W3C trace context. It is kept with the events; a malformed one is ignored.",
                UnaryOperator.identity()));
    }

    /** Of a look at what one entity has done. */
    List<JsonObject> ofHistory(JsonObject begin, String lastEventId) {
        var all = ofFeed(begin, lastEventId);
        all.add(0, components.parameter("id", this::id));
        return all;
    }

    /** Of a look at what all entities of a type have done. */
    List<JsonObject> ofFeed(JsonObject begin, String lastEventId) {
        var all = new ArrayList<JsonObject>();
        all.add(begin);
        all.add(query("limit", "How many events at most on a page.", "integer"));
        all.add(new JsonObject()
                .put("name", "Last-Event-ID")
                .put("in", "header")
                .put("description", lastEventId)
                .put("schema", new JsonObject().put("type", "string")));
        all.add(components.parameter("Request-Timeout", this::requestTimeout));
        return all;
    }

    /** Of a look at what became of a command. */
    List<JsonObject> ofOutcome() {
        var key = components.parameter(
                "key",
                () -> new JsonObject()
                        .put("name", "key")
                        .put("in", "path")
                        .put("required", true)
                        .put(
                                "description",
                                "The idempotency key of the command, percent-encoded; neither `.` nor `..`.")
                        .put("schema", keyBounds(new JsonObject().put("type", "string")))
                        .put("example", "k1"));
        return List.of(
                components.parameter("id", this::id),
                key,
                components.parameter("Request-Timeout", this::requestTimeout));
    }

    /** Of a look at who is there. */
    List<JsonObject> ofList() {
        return List.of(
                query("prefix", "With what the ids begin.", "string"),
                query(
                        "cursor",
                        "`next` of an earlier page with the same prefix. Without it, from the beginning.",
                        "string"),
                query("limit", "How many entities at most on a page.", "integer"),
                components.parameter("Request-Timeout", this::requestTimeout));
    }

    private JsonObject keyBounds(JsonObject schema) {
        return schema.put("minLength", 1)
                .put("maxLength", contract.keyLengthMax())
                .put("pattern", "^[ -~]+$");
    }

    JsonObject query(String name, String description, String type) {
        return new JsonObject()
                .put("name", name)
                .put("in", "query")
                .put("description", description)
                .put("schema", new JsonObject().put("type", type));
    }

    private JsonObject id() {
        return new JsonObject()
                .put("name", "id")
                .put("in", "path")
                .put("required", true)
                .put(
                        "description",
                        "The entity: 1 to " + contract.idBytesMax()
                                + " bytes of UTF-8, percent-encoded, without control"
                                + " characters, slashes and backslashes, and neither `.` nor `..`.")
                .put(
                        "schema",
                        new JsonObject()
                                .put("type", "string")
                                .put("minLength", 1)
                                .put("maxLength", contract.idBytesMax())
                                .put("pattern", "^[^/\\\\\\u0000-\\u001f\\u007f-\\u009f]+$"))
                .put("example", "alice");
    }

    private JsonObject requestTimeout() {
        var usual = contract.requestTimeout().toMillis() / 1000.0;
        return new JsonObject()
                .put("name", "Request-Timeout")
                .put("in", "header")
                .put("description", "How many seconds the client waits, all attempts of the server included.")
                .put(
                        "schema",
                        new JsonObject()
                                .put("type", "number")
                                .put("exclusiveMinimum", 0)
                                .put(
                                        "maximum",
                                        JsonValue.fraction(
                                                contract.requestTimeoutMax().toMillis() / 1000.0))
                                .put("default", JsonValue.fraction(usual)));
    }

    private JsonObject header(String name, String description, UnaryOperator<JsonObject> bounds) {
        return components.parameter(
                name,
                () -> new JsonObject()
                        .put("name", name)
                        .put("in", "header")
                        .put("description", description)
                        .put("schema", bounds.apply(new JsonObject().put("type", "string"))));
    }

    private void addFields(
            Descriptor message, Prefix prefix, Set<String> elsewhere, Deque<Descriptor> outer, List<JsonObject> all) {
        outer.push(message);
        for (var field : message.getFields()) {
            var path = prefix.and(field);
            if (elsewhere.contains(path.fields())) continue;
            if (isParameter(field)) all.add(field(field, path.name()));
            else if (hasFields(field) && outer.size() < LEVELS_MAX && !outer.contains(field.getMessageType()))
                addFields(field.getMessageType(), path, elsewhere, outer, all);
        }
        outer.pop();
    }

    /**
     * How to get to a field.
     *
     * @param name of the parameter
     * @param fields the same in the names of the {@code .proto}
     */
    private record Prefix(String name, String fields) {
        Prefix and(FieldDescriptor field) {
            return name.isEmpty()
                    ? new Prefix(field.getJsonName(), field.getName())
                    : new Prefix(name + "." + field.getJsonName(), fields + "." + field.getName());
        }
    }

    private JsonObject field(FieldDescriptor field, String name) {
        var parameter = new JsonObject()
                .put("name", name)
                .put("in", "query")
                .putIfAny("description", words.of(field.getFullName()))
                .putIf("required", field.isRequired() || name.indexOf('.') < 0 && Constraints.isRequired(field))
                .putIf("deprecated", field.getOptions().getDeprecated())
                .put("schema", schemas.of(field));
        var example = words.example(field.getFullName());
        return field.isRepeated() ? parameter : parameter.putIfAny("example", example);
    }

    /** One value in text form, or a list of such. */
    private static boolean isParameter(FieldDescriptor field) {
        if (field.isMapField()) return false;
        return field.getJavaType() != FieldDescriptor.JavaType.MESSAGE || WellKnown.isText(field.getMessageType());
    }

    private static boolean hasFields(FieldDescriptor field) {
        return !field.isRepeated()
                && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                && !WellKnown.is(field.getMessageType());
    }

    /** True if some field fits into no parameter, at whatever depth. */
    static boolean needsBody(Descriptor message) {
        return needsBody(message, new ArrayDeque<>());
    }

    private static boolean needsBody(Descriptor message, Deque<Descriptor> outer) {
        if (outer.contains(message)) return false;
        outer.push(message);
        var needs = message.getFields().stream()
                .anyMatch(field ->
                        !isParameter(field) && (!hasFields(field) || needsBody(field.getMessageType(), outer)));
        outer.pop();
        return needs;
    }
}
