package dev.parvi.http.openapi;

import dev.parvi.entity.EntityType;
import dev.parvi.entity.EntityType.Method;
import dev.parvi.http.openapi.HttpContract.Call;
import dev.parvi.protobuf.CacheControl;
import dev.parvi.transcoding.Binding;
import dev.parvi.transcoding.HttpRules;
import dev.parvi.transcoding.PathTemplate.Slot;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Writes the OpenAPI document: a path for each method, and what is sent and answered there. */
public final class OpenApi {
    private static final String ABOUT = """
            A command (POST, PUT, PATCH or DELETE) may change its entity, and a 2xx answer to it means: \
            stored. A query (GET, or POST if its fields do not fit into a URL) cannot. HEAD works where GET does, and OPTIONS \
            everywhere: `Allow` names the methods that fit. Long answers are compressed for who sends `Accept-Encoding: gzip`.

            Bodies are protobuf's canonical JSON, or its binary form. In JSON, 64-bit numbers are strings; a request may also \
            write them as numbers, and name fields as the `.proto` does. Everything that is not a reply is a problem with a \
            stable `code`, which says whether to send the same again.
            """;
    private static final int VERSION_DIGITS = 12;
    /** A variable in a path. */
    private static final Pattern SLOT = Pattern.compile("\\{([^}]*)}");

    private final List<EntityType<?, ?>> types;
    private final Words words;
    private final Components components = new Components();
    private final Parameters parameters;
    private final Bodies bodies;
    private final Responses responses;
    private final Histories histories;
    private final Lookups lookups;

    private OpenApi(List<EntityType<?, ?>> types, HttpContract contract) {
        this.types = types;
        this.words = new Words(types);
        var schemas = Schemas.ofCalls(types, components, words);
        this.parameters = new Parameters(contract, components, schemas, words);
        this.bodies = new Bodies(contract, schemas, new Examples(words));
        this.responses = new Responses(contract, components, bodies, words);
        this.histories = new Histories(components, parameters, responses, schemas, Schemas.ofEvents(components, words));
        this.lookups = new Lookups(components, parameters, responses, schemas);
    }

    /** The document as JSON in UTF-8; the same for the same types and bounds. */
    public static byte[] document(List<EntityType<?, ?>> types, HttpContract contract) {
        return new OpenApi(types, contract).document().toBytes();
    }

    private JsonObject document() {
        var paths = new JsonObject();
        types.forEach(type -> addPaths(type, paths));
        types.forEach(type -> addChosenPaths(type, paths));
        var tags = types.stream().map(this::tag).toList();
        var shared = components.toJson();
        var content = new JsonObject()
                .put("paths", paths)
                .put("tags", JsonValue.list(tags))
                .put("components", shared);
        return new JsonObject()
                .put("openapi", "3.1.0")
                .put(
                        "info",
                        new JsonObject()
                                .put("title", "Entities")
                                .put("description", ABOUT)
                                .put("version", digest(content.toBytes()).substring(0, VERSION_DIGITS)))
                .put("servers", JsonValue.list(List.of(new JsonObject().put("url", "/"))))
                // Nobody signs in. Said, because to leave it out could also mean: not described.
                .put("security", JsonValue.list(List.of()))
                .put("tags", JsonValue.list(tags))
                .put("paths", paths)
                .putIfAny("components", shared);
    }

    /** The version changes whenever anything else does, and only then: nobody has to remember it. */
    static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    private JsonObject tag(EntityType<?, ?> type) {
        var description = words.of(type.service().getFullName());
        return new JsonObject()
                .put("name", type.name())
                .put("description", description.isEmpty() ? type.service().getFullName() : description);
    }

    private void addPaths(EntityType<?, ?> type, JsonObject paths) {
        var whole = "/" + type.name() + "/{id}";
        var entity = new JsonObject();
        type.defaultQuery()
                .filter(query -> bindings(type, query).isEmpty())
                .ifPresent(query -> entity.put("get", operation(type, query, Call.QUERY, type.name())));
        type.deletion().ifPresent(deletion -> entity.put("delete", deletion(type, deletion)));
        paths.putIfAny(whole, entity);
        for (var method : type.methods()) {
            if (!bindings(type, method).isEmpty()) continue;
            var id = type.name() + "_" + method.path();
            var path = new JsonObject();
            if (method.isQuery())
                path.put("get", operation(type, method, Call.QUERY, id))
                        .put("post", operation(type, method, Call.POSTED_QUERY, id + "_post"));
            else path.put("post", operation(type, method, Call.COMMAND, id));
            paths.put(whole + "/" + method.path(), path);
        }
        histories.addTo(type, paths);
        lookups.addTo(type, paths);
    }

    private static List<Binding> bindings(EntityType<?, ?> type, Method method) {
        var rpc = type.service().findMethodByName(method.name());
        return HttpRules.of(rpc, type.idVariable(), method.isQuery()).bindings();
    }

    /** The first binding has the name that its default path would have; the others are numbered. */
    private void addChosenPaths(EntityType<?, ?> type, JsonObject paths) {
        for (var method : type.methods()) {
            var number = 1;
            for (var binding : bindings(type, method)) {
                var id = type.name() + "_" + method.path() + (number == 1 ? "" : "_" + number);
                addChosenPath(type, method, binding, id, paths);
                number++;
            }
        }
    }

    /** Where paths differ in the names of their variables only, one of them stands for both. */
    private void addChosenPath(EntityType<?, ?> type, Method method, Binding binding, String id, JsonObject paths) {
        var names = binding.template().slots().stream().map(Slot::name).toList();
        var own = binding.template().named(names);
        var path = paths.names().stream()
                .filter(other -> shape(other).equals(shape(own)))
                .findFirst()
                .orElse(own);
        var call = !method.isQuery() ? Call.COMMAND : binding.method().equals("GET") ? Call.QUERY : Call.POSTED_QUERY;
        var request = method.request().getDescriptorForType();
        var operation =
                operation(type, method, id, isPostedElsewhere(type, method, call) && Parameters.needsBody(request));
        operation.put("parameters", JsonValue.list(parameters.of(call, binding, namesIn(path))));
        if (binding.hasBody()) operation.put("requestBody", bodies.ofRequest(binding));
        var caching = caching(type, method, call);
        var field = binding.responseField();
        operation.put(
                "responses",
                field == null
                        ? responses.of(call, method.reply().getDescriptorForType(), caching)
                        : responses.of(call, field, caching));
        paths.object(path).put(binding.method().toLowerCase(Locale.ROOT), operation);
    }

    /** Whether a query that is asked by GET may also be posted. */
    private static boolean isPostedElsewhere(EntityType<?, ?> type, Method method, Call call) {
        return call == Call.QUERY && bindings(type, method).stream().anyMatch(Binding::hasBody);
    }

    private static String shape(String path) {
        return SLOT.matcher(path).replaceAll("{}");
    }

    private static List<String> namesIn(String path) {
        return SLOT.matcher(path).results().map(slot -> slot.group(1)).toList();
    }

    private static String caching(EntityType<?, ?> type, Method method, Call call) {
        var rpc = type.service().findMethodByName(method.name());
        return call == Call.QUERY ? CacheControl.of(rpc) : CacheControl.OF_A_COMMAND;
    }

    /** Type and method are in kebab-case, so an underscore between them keeps ids apart. */
    private JsonObject operation(EntityType<?, ?> type, Method method, Call call, String id) {
        var request = method.request().getDescriptorForType();
        var operation = operation(type, method, id, call == Call.QUERY && Parameters.needsBody(request))
                .put("parameters", JsonValue.list(parameters.of(call, request)));
        if (call != Call.QUERY) operation.put("requestBody", bodies.ofRequest(request));
        return operation.put(
                "responses", responses.of(call, method.reply().getDescriptorForType(), caching(type, method, call)));
    }

    /** What all ways to call the method have. */
    private JsonObject operation(EntityType<?, ?> type, Method method, String id, boolean isMore) {
        var rpc = type.service().findMethodByName(method.name());
        var summary = words.firstSentence(rpc.getFullName());
        return new JsonObject()
                .put("operationId", id)
                .put("tags", JsonValue.texts(List.of(type.name())))
                .put("summary", summary.isEmpty() ? method.name() : summary)
                .putIfAny("description", description(rpc.getFullName(), isMore))
                .putIf(
                        "deprecated",
                        rpc.getOptions().getDeprecated()
                                || type.service().getOptions().getDeprecated());
    }

    private JsonObject deletion(EntityType<?, ?> type, Method deletion) {
        return new JsonObject()
                .put("operationId", type.name() + "_delete_entity")
                .put("tags", JsonValue.texts(List.of(type.name())))
                .put("summary", "Deletes the entity, for good")
                .put(
                        "description",
                        "Removes its events, snapshots and outcomes, and leaves a tombstone: whatever is sent to it afterwards is"
                                + " answered with the problem `deleted`. Its id never comes back.")
                .put(
                        "parameters",
                        JsonValue.list(
                                parameters.of(Call.DELETION, deletion.request().getDescriptorForType())))
                .put("responses", responses.ofDeletion());
    }

    private String description(String rpc, boolean isMore) {
        var comment = words.ifMoreThanASentence(rpc);
        if (!isMore) return comment;
        return (comment.isEmpty() ? "" : comment + "\n\n")
                + "Some fields have no place in a URL, such as maps and lists of messages: POST the query to send them.";
    }
}
