package dev.parvi.http.openapi;

import build.buf.validate.ValidateProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.parvi.entity.EntityType;
import dev.parvi.protobuf.OptionsProto;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Turns messages into JSON Schemas. Each message and enum becomes one component, named by its full name; that is how messages can
 * contain themselves. One schema serves requests and replies, so it says what holds for both: a 64-bit number is a string,
 * although a request may write it as a number too. What histories show of a message has a schema of its own.
 */
final class Schemas {
    /** With a character that no message's name has, so that it is no other message. */
    private static final String PUBLIC = "-public";

    private final Components components;
    private final Words words;
    private final String suffix;
    private final Predicate<FieldDescriptor> isShown;
    private final Set<Descriptor> sent = new HashSet<>();
    private final Set<Descriptor> replied = new HashSet<>();

    private Schemas(Components components, Words words, String suffix, Predicate<FieldDescriptor> isShown) {
        this.components = components;
        this.words = words;
        this.suffix = suffix;
        this.isShown = isShown;
    }

    /** Of what is sent and replied. */
    static Schemas ofCalls(List<EntityType<?, ?>> types, Components components, Words words) {
        var schemas = new Schemas(components, words, "", field -> true);
        for (var type : types)
            for (var method : type.methods()) {
                addAll(method.request().getDescriptorForType(), schemas.sent);
                addAll(method.reply().getDescriptorForType(), schemas.replied);
            }
        return schemas;
    }

    /** Of what is shown of events: no field that is private, and no rules, since an event may be older than they are. */
    static Schemas ofEvents(Components components, Words words) {
        return new Schemas(
                components, words, PUBLIC, field -> !field.getOptions().getExtension(OptionsProto.private_));
    }

    private static void addAll(Descriptor message, Set<Descriptor> all) {
        if (!all.add(message)) return;
        for (var field : message.getFields())
            if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) addAll(field.getMessageType(), all);
    }

    /** A reference to the message's component, or the schema itself if the message is well known. */
    JsonObject of(Descriptor message) {
        return WellKnown.is(message)
                ? WellKnown.schema(message)
                : components.schema(message.getFullName() + suffix, () -> component(message));
    }

    /** What a request holds beside these fields, which stand in its path. */
    JsonObject without(Descriptor message, List<String> fields) {
        var missing = message.getFields().stream()
                .map(FieldDescriptor::getName)
                .filter(fields::contains)
                .toList();
        if (missing.isEmpty()) return of(message);
        return components.schema(
                message.getFullName() + "-without-" + String.join("-", missing),
                () -> component(message, field -> !missing.contains(field.getName())));
    }

    /** What is answered if one field is all of the answer. */
    JsonObject ofAnswer(FieldDescriptor field) {
        return components.schema(field.getFullName() + "-alone", () -> {
            if (!field.hasPresence()) return of(field);
            var absent = new JsonObject().put("type", "null");
            return new JsonObject().put("anyOf", JsonValue.list(List.of(of(field), absent)));
        });
    }

    /** The same of a message that is never empty. */
    JsonObject ofFilled(Descriptor message) {
        return components.schema(
                message.getFullName() + suffix, () -> component(message).put("minProperties", 1));
    }

    /** What one field holds, with what its author says of it. */
    JsonObject of(FieldDescriptor field) {
        var schema = bare(field);
        var description = words.of(field.getFullName());
        var oneof = field.getRealContainingOneof();
        if (oneof != null) description = join(description, onlyOneOf(shown(oneof.getFields())));
        if (isHeldToRules(field.getContainingType())) {
            description = join(description, Constraints.inWords(field));
            Constraints.addTo(schema, field);
        }
        if (!description.isEmpty()) schema.put("description", description);
        return schema.putIf("deprecated", field.getOptions().getDeprecated());
    }

    /** Rules hold for requests. A message that replies have too may be as it likes there. */
    private boolean isHeldToRules(Descriptor message) {
        return sent.contains(message) && !replied.contains(message);
    }

    private JsonObject bare(FieldDescriptor field) {
        if (field.isMapField()) {
            var key = Scalars.keySchema(field.getMessageType().findFieldByNumber(1));
            return new JsonObject()
                    .put("type", "object")
                    .putIfAny("propertyNames", key)
                    .put(
                            "additionalProperties",
                            element(field, field.getMessageType().findFieldByNumber(2)));
        }
        if (field.isRepeated()) return new JsonObject().put("type", "array").put("items", element(field, field));
        return single(field);
    }

    private JsonObject element(FieldDescriptor field, FieldDescriptor value) {
        var schema = single(value);
        if (isHeldToRules(field.getContainingType())) Constraints.addToElement(schema, field);
        return schema;
    }

    private JsonObject single(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case MESSAGE -> of(field.getMessageType());
            case ENUM -> of(field.getEnumType());
            default -> Scalars.schema(field);
        };
    }

    private JsonObject of(EnumDescriptor type) {
        return isNull(type)
                ? new JsonObject().put("type", "null")
                : components.schema(type.getFullName(), () -> component(type));
    }

    static boolean isNull(EnumDescriptor type) {
        return type.getFullName().equals("google.protobuf.NullValue");
    }

    private JsonObject component(Descriptor message) {
        return component(message, field -> true);
    }

    private JsonObject component(Descriptor message, Predicate<FieldDescriptor> filter) {
        var properties = new JsonObject();
        var fields = shown(message.getFields()).stream().filter(filter).toList();
        for (var field : fields) properties.put(field.getJsonName(), of(field));
        var required = fields.stream().filter(this::isRequired).map(FieldDescriptor::getJsonName);
        var schema = new JsonObject()
                .put("type", "object")
                .putIfAny("description", join(words.of(message.getFullName()), rulesInWords(message)))
                .putIfAny("properties", properties);
        var names = required.toList();
        if (!names.isEmpty()) schema.put("required", JsonValue.texts(names));
        return schema.putIfAny("dependentSchemas", exclusions(message))
                .putIf("deprecated", message.getOptions().getDeprecated());
    }

    /** Replies hold every field that cannot be absent; requests may leave them out. */
    private boolean isRequired(FieldDescriptor field) {
        var message = field.getContainingType();
        return field.isRequired()
                || !field.hasPresence() && !sent.contains(message)
                || isHeldToRules(message) && Constraints.isRequired(field);
    }

    private String rulesInWords(Descriptor message) {
        if (!isHeldToRules(message)) return "";
        return Constraints.inWords(
                message.getOptions().getExtension(ValidateProto.message).getCelList());
    }

    /**
     * For each field of a oneof, that none of the later ones is there; that the earlier ones are not, those say. As a rule for
     * names, because generators of clients leave that alone, and linters take it for no property of its own.
     */
    private JsonObject exclusions(Descriptor message) {
        var exclusions = new JsonObject();
        for (var oneof : message.getRealOneofs()) {
            var cases = shown(oneof.getFields());
            for (var i = 0; i < cases.size() - 1; i++) {
                var later = cases.subList(i + 1, cases.size()).stream()
                        .map(FieldDescriptor::getJsonName)
                        .toList();
                var none = new JsonObject().put("not", new JsonObject().put("enum", JsonValue.texts(later)));
                exclusions.put(cases.get(i).getJsonName(), new JsonObject().put("propertyNames", none));
            }
        }
        return exclusions;
    }

    private List<FieldDescriptor> shown(List<FieldDescriptor> fields) {
        return fields.stream().filter(isShown).toList();
    }

    private static String onlyOneOf(List<FieldDescriptor> cases) {
        if (cases.size() < 2) return "";
        return "Only one of "
                + cases.stream().map(FieldDescriptor::getJsonName).collect(Collectors.joining(", "))
                + " can be set.";
    }

    private JsonObject component(EnumDescriptor type) {
        var names = new ArrayList<String>();
        var description = new StringBuilder(words.of(type.getFullName()));
        for (var value : type.getValues()) {
            names.add(value.getName());
            var meaning = words.of(value.getFullName()).replace('\n', ' ');
            if (value.getOptions().getDeprecated()) meaning = join("Deprecated.", meaning);
            if (meaning.isEmpty()) continue;
            description.append(description.isEmpty() ? "" : "\n").append("- `").append(value.getName());
            description.append("`: ").append(meaning);
        }
        return new JsonObject()
                .put("type", "string")
                .putIfAny("description", description.toString())
                .put("enum", JsonValue.texts(names))
                .putIf("deprecated", type.getOptions().getDeprecated());
    }

    private static String join(String first, String second) {
        return first.isEmpty() ? second : second.isEmpty() ? first : first + " " + second;
    }
}
