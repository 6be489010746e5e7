package dev.parvi.testkit.drill;

import com.google.api.AnnotationsProto;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import dev.parvi.entity.Entity;
import dev.parvi.entity.EntityType;
import dev.parvi.http.validation.Rules;
import dev.parvi.runtime.StartFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What clients of a drill can ask of the entities: their commands and queries, or only what a person has chosen. */
final class Requests {
    private static final int ELEMENTS_MAX = 1000;

    private final List<EntityType<?, ?>> types;
    private final List<Template> commands = new ArrayList<>();
    private final List<Template> queries = new ArrayList<>();
    private final List<String> omitted = new ArrayList<>();
    private final RequestMaker maker;

    private Requests(List<EntityType<?, ?>> types) {
        this.types = types;
        this.maker = new RequestMaker(Rules.of(
                types.stream()
                        .flatMap(type -> type.methods().stream())
                        .map(method -> method.request().getDescriptorForType())
                        .distinct()
                        .toList(),
                ELEMENTS_MAX));
    }

    /**
     * Throws a {@link StartFailure} that says what cannot be done.
     *
     * @param wanted names of types; empty for all
     * @param sends what a person wants to be sent, such as <code>deposit {"amount": 1}</code>; empty for all commands, with requests
     *     that are made up
     */
    static Requests of(List<Entity<?, ?>> entities, List<String> wanted, List<String> sends) {
        var types = new ArrayList<EntityType<?, ?>>();
        for (var entity : entities)
            if (wanted.isEmpty() || wanted.contains(entity.type().name())) types.add(entity.type());
        var there = entities.stream().map(entity -> entity.type().name()).toList();
        for (var name : wanted)
            if (!there.contains(name))
                throw StartFailure.usage(
                        "There is no entity type \"" + name + "\"; there is " + String.join(", ", there) + ".");
        var requests = new Requests(types);
        types.forEach(requests::addMethods);
        if (!sends.isEmpty()) {
            requests.commands.clear();
            sends.forEach(requests::addChosen);
        }
        if (requests.commands.isEmpty())
            throw StartFailure.usage(
                    "There is nothing to send: no entity has a command, other than those with paths of their own.");
        return requests;
    }

    private void addMethods(EntityType<?, ?> type) {
        for (var method : type.methods()) {
            var isElsewhere =
                    type.service().findMethodByName(method.name()).getOptions().hasExtension(AnnotationsProto.http);
            if (isElsewhere) omitted.add(type.name() + '/' + method.path());
            else (method.isQuery() ? queries : commands).add(new Template(type.name(), method, ""));
        }
    }

    private void addChosen(String send) {
        var text = send.strip();
        var end = text.indexOf(' ');
        var path = end < 0 ? text : text.substring(0, end);
        var json = end < 0 ? "{}" : text.substring(end).strip();
        var slash = path.indexOf('/');
        var type = slash < 0 ? "" : path.substring(0, slash);
        var name = path.substring(slash + 1);
        if (slash < 0 && types.size() > 1)
            throw StartFailure.usage("--send \"" + send + "\" does not say of which type: write "
                    + types.get(0).name() + '/' + path + ", for example.");
        commands.add(new Template(type.isEmpty() ? types.get(0).name() : type, commandOf(send, type, name), json));
    }

    private EntityType.Method commandOf(String send, String typeName, String name) {
        var type = types.stream()
                .filter(one -> typeName.isEmpty() || one.name().equals(typeName))
                .findFirst()
                .orElseThrow(() -> StartFailure.usage(
                        "--send \"" + send + "\": there is no type \"" + typeName + "\" in this drill."));
        var commands = type.methods().stream()
                .filter(method -> !method.isQuery() && !omitted.contains(type.name() + '/' + method.path()))
                .toList();
        var method = commands.stream()
                .filter(one -> one.path().equals(name) || one.name().equals(name))
                .findFirst()
                .orElseThrow(() -> StartFailure.usage("--send \"" + send + "\": \"" + name
                        + "\" is none of the commands of "
                        + type.name() + ", which are "
                        + String.join(
                                ", ",
                                commands.stream().map(EntityType.Method::path).toList()) + "."));
        requireReadable(send, method);
        return method;
    }

    private static void requireReadable(String send, EntityType.Method method) {
        var end = send.strip().indexOf(' ');
        if (end < 0) return;
        try {
            JsonFormat.parser()
                    .merge(send.strip().substring(end), method.request().newBuilderForType());
        } catch (InvalidProtocolBufferException unreadable) {
            throw StartFailure.usage("--send \"" + send + "\": this is no "
                    + method.request().getDescriptorForType().getName() + ": " + unreadable.getMessage() + ".");
        }
    }

    List<String> typeNames() {
        return types.stream().map(EntityType::name).toList();
    }

    /** What is never asked, since its author has chosen other paths for it. */
    List<String> omitted() {
        return List.copyOf(omitted);
    }

    boolean hasQueries() {
        return !queries.isEmpty();
    }

    Request command(Random random) {
        return request(commands.get(random.nextInt(commands.size())), random);
    }

    Request query(Random random) {
        return request(queries.get(random.nextInt(queries.size())), random);
    }

    private Request request(Template template, Random random) {
        var json = template.json.isEmpty() ? toJson(maker.make(template.method.request(), random)) : template.json;
        return new Request(template.type, template.method.name(), template.method.path(), json);
    }

    /** The message that stands in the request. */
    Message toMessage(Request request) {
        var type = types.stream()
                .filter(one -> one.name().equals(request.type()))
                .findFirst()
                .orElseThrow();
        var method = type.method(request.method());
        if (method == null) throw new IllegalArgumentException("there is no " + request);
        try {
            var message = method.request().newBuilderForType();
            JsonFormat.parser().merge(request.json(), message);
            return message.build();
        } catch (InvalidProtocolBufferException unreadable) {
            throw new IllegalStateException(request + " is not readable", unreadable);
        }
    }

    static String toJson(Message message) {
        try {
            return JsonFormat.printer()
                    .usingTypeRegistry(TypeRegistry.getEmptyTypeRegistry())
                    .omittingInsignificantWhitespace()
                    .print(message);
        } catch (InvalidProtocolBufferException impossible) {
            throw new IllegalStateException("a request that was made up has no JSON", impossible);
        }
    }

    /** @param json empty if the request is to be made up */
    private record Template(String type, EntityType.Method method, String json) {}

    /**
     * One request, but for the entity.
     *
     * @param method as in the {@code .proto}
     * @param path the same in a path
     */
    record Request(String type, String method, String path, String json) {}
}
