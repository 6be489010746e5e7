package dev.parvi.protobuf;

import com.google.api.AnnotationsProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodOptions;
import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import dev.parvi.protobuf.Mistake.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the annotated services and collects everything that is wrong with them. */
final class EntityReader {
    /** A path whose first word promises that nothing changes. */
    private static final Pattern LIKE_A_QUERY =
            Pattern.compile("(get|list|find|query|read|describe|search|lookup)(-.*)?");

    /** What follows an entity's id in paths of Parvi's own. */
    private static final Set<String> OWN_METHOD_PATHS = Set.of("commands", "events");
    /** What stands where an entity type does in paths of Parvi's own. */
    private static final Set<String> OWN_TYPE_PATHS = Set.of("docs");

    private final ProtoFiles files;
    private final Set<Part> parts;
    private final Sources sources = new Sources();
    private final TreeSet<Mistake> mistakes = new TreeSet<>();
    private final Map<String, ServiceDescriptor> byTypeName = new HashMap<>();
    private final Map<String, ServiceDescriptor> byClass = new HashMap<>();

    EntityReader(ProtoFiles files, Set<Part> parts) {
        this.files = files;
        this.parts = parts;
    }

    /** The entities that the request asks for; of no use if there are mistakes. */
    List<EntityModel> read() {
        var entities = new ArrayList<EntityModel>();
        for (var service : files.entities()) {
            var typeName = typeName(service);
            checkUnique(service, typeName);
            if (!files.isToGenerate(service.getFile())) continue;
            checkNames(service, typeName);
            checkMethods(service);
            var options = service.getOptions().getExtension(OptionsProto.entity);
            var state = message(service, "state", options.getState());
            var event = message(service, "event", options.getEvent());
            var cases = event == null ? null : cases(event);
            if (state != null && event != null && cases != null)
                entities.add(new EntityModel(service, typeName, state, event, cases));
        }
        return entities;
    }

    /** All mistakes, by file and line. */
    List<Mistake> mistakes() {
        return List.copyOf(mistakes);
    }

    private static String typeName(ServiceDescriptor service) {
        var written = service.getOptions().getExtension(OptionsProto.entity).getType();
        return written.isEmpty() ? Names.toKebabCase(service.getName()) : written;
    }

    private void checkUnique(ServiceDescriptor service, String typeName) {
        var namesake = byTypeName.putIfAbsent(typeName, service);
        if (isClash(service, namesake))
            refuse(
                    optionOf(service),
                    "the type name \"" + typeName + "\" belongs to " + namesake.getFullName() + " at "
                            + optionOf(namesake),
                    "write another one as {type: \"...\"}");
        var javaName = JavaType.packageOf(service.getFile()) + "." + service.getName();
        var twin = byClass.putIfAbsent(javaName, service);
        if (isClash(service, twin))
            refuse(
                    sources.of(service),
                    "its class " + classesOf(service).get(0) + " would be that of " + twin.getFullName() + " at "
                            + sources.of(twin),
                    "rename the service or change java_package");
    }

    /** Two files that are only imported are for their own build to judge. */
    private boolean isClash(ServiceDescriptor service, @Nullable ServiceDescriptor earlier) {
        return earlier != null && (files.isToGenerate(service.getFile()) || files.isToGenerate(earlier.getFile()));
    }

    private void checkNames(ServiceDescriptor service, String typeName) {
        if (!Names.isKebabCase(typeName))
            refuse(
                    optionOf(service),
                    "the type name \"" + typeName + "\" is not in kebab-case",
                    "write lower-case words with hyphens, such as {type: \"" + Names.toKebabCase(service.getName())
                            + "\"}");
        if (OWN_TYPE_PATHS.contains(typeName))
            refuse(
                    optionOf(service),
                    "the path /" + typeName + " is Parvi's own",
                    "write another name as {type: \"...\"}");
        var file = service.getFile();
        if (!file.getOptions().hasJavaPackage())
            refuse(
                    sources.of(service),
                    "the file of an entity needs a Java package",
                    "write option java_package = \"com.example." + file.getPackage() + "\";");
        var classes = files.classesIn(JavaType.packageOf(file));
        for (var name : classesOf(service))
            if (classes.contains(name))
                refuse(
                        sources.of(service),
                        "the generated class " + name + " would replace the one that protoc writes",
                        "rename the message or the service");
    }

    private @Nullable Descriptor message(ServiceDescriptor service, String role, String name) {
        var protoPackage = service.getFile().getPackage();
        var example = service.getName() + (role.equals("state") ? "State" : "Event");
        var found = name.isEmpty() ? null : files.message(protoPackage, name);
        if (name.isEmpty())
            refuse(
                    optionOf(service),
                    service.getName() + " does not say what its " + role + " is",
                    "write {" + role + ": \"" + example + "\"} and a message of that name");
        else if (found == null)
            refuse(
                    optionOf(service),
                    "the " + role + " \"" + name + "\" is no message of package " + protoPackage + " and no full name",
                    "write message " + name + " {} or correct the name; a message of another package needs its import");
        return found;
    }

    /** The oneof that lists the events, or null with the mistakes told. */
    private @Nullable OneofDescriptor cases(Descriptor event) {
        var oneofs = event.getRealOneofs();
        if (oneofs.size() != 1) {
            refuse(
                    sources.of(event),
                    event.getName() + " has " + (oneofs.isEmpty() ? "no oneof" : oneofs.size() + " oneofs"),
                    "list everything that can happen in one: oneof event { Deposited deposited = 1; }");
            return null;
        }
        var methods = new HashMap<String, FieldDescriptor>();
        for (var field : event.getFields()) {
            if (field.getRealContainingOneof() == null)
                refuse(
                        sources.of(field),
                        "the field " + field.getName() + " stands outside of the oneof of " + event.getName(),
                        "move it into the messages of the events that need it");
            else if (field.getType() != FieldDescriptor.Type.MESSAGE)
                refuse(
                        sources.of(field),
                        "the event " + field.getName() + " is no message",
                        "write a message for it, with this value as its first field");
            var twin = methods.putIfAbsent(EntityModel.methodOf(field), field);
            if (twin != null)
                refuse(
                        sources.of(field),
                        "the events " + twin.getName() + " and " + field.getName() + " are one method in Java, "
                                + EntityModel.methodOf(field),
                        "rename one of them");
        }
        return oneofs.get(0);
    }

    private void checkMethods(ServiceDescriptor service) {
        var byPath = new HashMap<String, MethodDescriptor>();
        for (var method : service.getMethods()) {
            checkMark(method);
            checkCacheControl(method);
            checkPaths(method);
            if (method.isClientStreaming() || method.isServerStreaming())
                refuse(
                        sources.of(method),
                        "rpc " + method.getName() + " streams, and an entity answers one message with one",
                        "remove the word stream");
            var path = Names.toKebabCase(method.getName());
            if (OWN_METHOD_PATHS.contains(path))
                refuse(
                        sources.of(method),
                        "the path /" + typeName(service) + "/{id}/" + path + " is Parvi's own",
                        "rename rpc " + method.getName());
            var twin = byPath.putIfAbsent(path, method);
            if (twin != null)
                refuse(
                        sources.of(method),
                        "rpc " + twin.getName() + " and rpc " + method.getName() + " have one path, " + path,
                        "rename one of them");
        }
    }

    private void checkCacheControl(MethodDescriptor method) {
        var fault = CacheControl.fault(method);
        if (fault != null)
            refuse(
                    sources.of(
                            method, MethodDescriptorProto.OPTIONS_FIELD_NUMBER, OptionsProto.cacheControl.getNumber()),
                    fault.what(),
                    fault.instead());
    }

    private void checkPaths(MethodDescriptor method) {
        for (var fault : EntityModel.rulesOf(method).faults())
            refuse(
                    sources.of(method, MethodDescriptorProto.OPTIONS_FIELD_NUMBER, AnnotationsProto.http.getNumber()),
                    fault.what(),
                    fault.instead());
    }

    private void checkMark(MethodDescriptor method) {
        var mark = method.getOptions().getIdempotencyLevel();
        if (mark == IdempotencyLevel.IDEMPOTENT)
            refuse(
                    sources.of(
                            method,
                            MethodDescriptorProto.OPTIONS_FIELD_NUMBER,
                            MethodOptions.IDEMPOTENCY_LEVEL_FIELD_NUMBER),
                    "rpc " + method.getName() + " is marked IDEMPOTENT, which its idempotency key makes it anyway",
                    "remove the mark, or write NO_SIDE_EFFECTS if it changes nothing");
        if (mark == IdempotencyLevel.IDEMPOTENCY_UNKNOWN
                && LIKE_A_QUERY.matcher(Names.toKebabCase(method.getName())).matches())
            refuse(
                    sources.of(method),
                    "rpc " + method.getName() + " is named like a query and may change the entity",
                    "write { option idempotency_level = NO_SIDE_EFFECTS; } behind it, or rename it if it does");
    }

    private List<String> classesOf(ServiceDescriptor service) {
        return parts.stream().flatMap(part -> part.classesOf(service).stream()).toList();
    }

    private Place optionOf(ServiceDescriptor service) {
        return sources.of(service, ServiceDescriptorProto.OPTIONS_FIELD_NUMBER, OptionsProto.entity.getNumber());
    }

    private void refuse(Place place, String what, String instead) {
        mistakes.add(new Mistake(place, what, instead));
    }
}
