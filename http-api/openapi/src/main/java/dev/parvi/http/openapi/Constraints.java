package dev.parvi.http.openapi;

import build.buf.validate.FieldRules;
import build.buf.validate.Ignore;
import build.buf.validate.RepeatedRules;
import build.buf.validate.Rule;
import build.buf.validate.StringRules;
import build.buf.validate.ValidateProto;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Says in JSON Schema what the rules of a field ask for. What has no keyword there, such as the bounds of a 64-bit number, which is a
 * string in JSON, is said in words.
 */
final class Constraints {
    private static final Map<String, String> NUMBER_KEYWORDS = Map.of(
            "gt", "exclusiveMinimum",
            "gte", "minimum",
            "lt", "exclusiveMaximum",
            "lte", "maximum");

    private static final Map<String, String> NUMBER_WORDS = Map.of(
            "gt", "More than ",
            "gte", "At least ",
            "lt", "Less than ",
            "lte", "At most ");

    private static final Map<StringRules.WellKnownCase, Format> FORMATS = Map.of(
            StringRules.WellKnownCase.EMAIL, new Format("email", "someone@example.org"),
            StringRules.WellKnownCase.HOSTNAME, new Format("hostname", "example.org"),
            StringRules.WellKnownCase.IPV4, new Format("ipv4", "192.0.2.1"),
            StringRules.WellKnownCase.IPV6, new Format("ipv6", "2001:db8::1"),
            StringRules.WellKnownCase.URI, new Format("uri", "https://example.org/"),
            StringRules.WellKnownCase.URI_REF, new Format("uri-reference", "/path"),
            StringRules.WellKnownCase.UUID, new Format("uuid", "0190c5f0-7a9e-7c3b-8f00-000000000001"));

    private Constraints() {}

    /** Whether a request without the field breaks its rules. */
    static boolean isRequired(FieldDescriptor field) {
        var rules = rules(field);
        if (rules.getRequired()) return true;
        var text = rules.getString();
        return !field.hasPresence()
                && rules.getIgnore() == Ignore.IGNORE_UNSPECIFIED
                && (text.getMinLen() > 0 || text.getLen() > 0);
    }

    /** Adds the keywords that the rules of the field ask for. */
    static void addTo(JsonObject schema, FieldDescriptor field) {
        addTo(schema, rules(field));
    }

    private static void addTo(JsonObject schema, FieldRules rules) {
        switch (rules.getTypeCase()) {
            case STRING -> addText(schema, rules.getString());
            case REPEATED -> addList(schema, rules.getRepeated());
            case MAP -> {
                if (rules.getMap().hasMinPairs())
                    schema.put("minProperties", rules.getMap().getMinPairs());
                if (rules.getMap().hasMaxPairs())
                    schema.put("maxProperties", rules.getMap().getMaxPairs());
            }
            case INT32, SINT32, SFIXED32, UINT32, FIXED32, FLOAT, DOUBLE -> addNumber(schema, kind(rules));
            default -> {}
        }
    }

    private static void addText(JsonObject schema, StringRules rules) {
        if (rules.hasConst()) schema.put("const", rules.getConst());
        if (rules.getInCount() > 0) schema.put("enum", JsonValue.texts(rules.getInList()));
        if (rules.hasLen()) schema.put("minLength", rules.getLen()).put("maxLength", rules.getLen());
        if (rules.hasMinLen()) schema.put("minLength", rules.getMinLen());
        if (rules.hasMaxLen()) schema.put("maxLength", rules.getMaxLen());
        // RE2 has groups with flags, which the dialect of JSON Schema does not know.
        if (rules.hasPattern() && !rules.getPattern().contains("(?")) schema.put("pattern", rules.getPattern());
        var format = FORMATS.get(rules.getWellKnownCase());
        if (format != null) schema.put("format", format.name);
    }

    private static void addList(JsonObject schema, RepeatedRules rules) {
        if (rules.hasMinItems()) schema.put("minItems", rules.getMinItems());
        if (rules.hasMaxItems()) schema.put("maxItems", rules.getMaxItems());
        schema.putIf("uniqueItems", rules.getUnique());
    }

    private static void addNumber(JsonObject schema, Message rules) {
        if (isOutside(rules)) return;
        NUMBER_KEYWORDS.forEach(
                (rule, keyword) -> number(rules, rule).ifPresent(bound -> schema.put(keyword, value(bound))));
        number(rules, "const").ifPresent(only -> schema.put("const", value(only)));
    }

    /** Adds what the rules of an element ask for to the schema of the element. */
    static void addToElement(JsonObject schema, FieldDescriptor field) {
        var rules = rules(field);
        if (rules.hasRepeated()) addTo(schema, rules.getRepeated().getItems());
        if (rules.hasMap()) addTo(schema, rules.getMap().getValues());
    }

    /** What the keywords do not say, in sentences; or empty. */
    static String inWords(FieldDescriptor field) {
        var rules = rules(field);
        var words = new ArrayList<String>();
        switch (rules.getTypeCase()) {
            case INT64, SINT64, SFIXED64, UINT64, FIXED64 -> addWords(words, kind(rules));
            case REPEATED -> {
                var items = rules.getRepeated().getItems();
                if (items.getTypeCase().name().endsWith("64")) addWords(words, kind(items));
            }
            default -> {}
        }
        for (var rule : rules.getCelList()) words.add(sentence(rule));
        return words.stream().filter(sentence -> !sentence.isBlank()).collect(Collectors.joining(" "));
    }

    /** What the rules about a message as a whole say, in sentences; or empty. */
    static String inWords(List<Rule> rules) {
        return rules.stream()
                .map(Constraints::sentence)
                .filter(sentence -> !sentence.isBlank())
                .collect(Collectors.joining(" "));
    }

    private static void addWords(List<String> words, Message rules) {
        if (isOutside(rules)) return;
        for (var rule : List.of("gt", "gte", "lt", "lte"))
            number(rules, rule).ifPresent(bound -> words.add(NUMBER_WORDS.get(rule) + bound + "."));
    }

    private static String sentence(Rule rule) {
        var text = rule.getMessage();
        if (text.isEmpty()) return "";
        var first = Character.toUpperCase(text.charAt(0)) + text.substring(1);
        return first.endsWith(".") ? first : first + ".";
    }

    /**
     * What the rules give as an example, or a value that they let pass; empty if the usual one will do.
     *
     * @param value what the field holds: the field itself, or the values of its map
     */
    static Optional<JsonValue> example(FieldDescriptor field, FieldDescriptor value) {
        var rules = rules(field);
        if (field.isMapField()) rules = rules.getMap().getValues();
        else if (field.isRepeated()) rules = rules.getRepeated().getItems();
        return rules.hasString() ? textExample(field, rules.getString()) : numberExample(value, rules);
    }

    private static Optional<JsonValue> textExample(FieldDescriptor field, StringRules rules) {
        if (rules.getExampleCount() > 0) return Optional.of(JsonValue.text(rules.getExample(0)));
        if (rules.hasConst()) return Optional.of(JsonValue.text(rules.getConst()));
        if (rules.getInCount() > 0) return Optional.of(JsonValue.text(rules.getIn(0)));
        var format = FORMATS.get(rules.getWellKnownCase());
        if (format != null) return Optional.of(JsonValue.text(format.example));
        var name = field.getName().replace('_', '-');
        var least = rules.hasLen() ? rules.getLen() : rules.getMinLen();
        var most = rules.hasLen() ? rules.getLen() : rules.hasMaxLen() ? rules.getMaxLen() : Long.MAX_VALUE;
        if (name.length() < least) return Optional.of(JsonValue.text(name + "x".repeat((int) least - name.length())));
        return name.length() > most ? Optional.of(JsonValue.text(name.substring(0, (int) most))) : Optional.empty();
    }

    private static Optional<JsonValue> numberExample(FieldDescriptor field, FieldRules rules) {
        if (rules.getTypeCase() == FieldRules.TypeCase.TYPE_NOT_SET || !isNumber(field)) return Optional.empty();
        var kind = kind(rules);
        var chosen = first(kind, "example")
                .or(() -> number(kind, "const"))
                .or(() -> first(kind, "in"))
                .or(() -> number(kind, "gte"))
                .or(() -> number(kind, "gt").map(bound -> bound.longValue() + 1))
                .or(() -> number(kind, "lte"))
                .or(() -> number(kind, "lt").map(bound -> bound.longValue() - 1));
        return chosen.map(
                number -> field.getType().name().endsWith("64") ? JsonValue.text(number.toString()) : value(number));
    }

    private static boolean isNumber(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case INT, LONG, FLOAT, DOUBLE -> true;
            default -> false;
        };
    }

    private static FieldRules rules(FieldDescriptor field) {
        return field.getOptions().getExtension(ValidateProto.field);
    }

    /** The rules of the kind of value that the field holds. */
    private static Message kind(FieldRules rules) {
        var set = rules.getOneofFieldDescriptor(
                FieldRules.getDescriptor().getOneofs().get(0));
        return (Message) rules.getField(set);
    }

    /** With an upper bound below the lower one, what lies between is refused; there is no keyword for that. */
    private static boolean isOutside(Message rules) {
        var least = number(rules, "gt").or(() -> number(rules, "gte"));
        var most = number(rules, "lt").or(() -> number(rules, "lte"));
        return least.isPresent()
                && most.isPresent()
                && most.get().doubleValue() < least.get().doubleValue();
    }

    private static Optional<Number> number(Message rules, String name) {
        var rule = rules.getDescriptorForType().findFieldByName(name);
        return rule != null
                        && !rule.isRepeated()
                        && rules.hasField(rule)
                        && rules.getField(rule) instanceof Number number
                ? Optional.of(number)
                : Optional.empty();
    }

    private static Optional<Number> first(Message rules, String name) {
        var rule = rules.getDescriptorForType().findFieldByName(name);
        return rule != null
                        && rules.getRepeatedFieldCount(rule) > 0
                        && rules.getRepeatedField(rule, 0) instanceof Number number
                ? Optional.of(number)
                : Optional.empty();
    }

    private static JsonValue value(Number number) {
        return number.doubleValue() == number.longValue()
                ? JsonValue.number(number.longValue())
                : JsonValue.fraction(number.doubleValue());
    }

    private record Format(String name, String example) {}
}
