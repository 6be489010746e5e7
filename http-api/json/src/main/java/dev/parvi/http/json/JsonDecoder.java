package dev.parvi.http.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.UnsafeByteOperations;
import dev.parvi.http.json.ScalarText.BadValue;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.BitSet;
import java.util.HashSet;

/**
 * Reads protobuf's canonical JSON in one strict pass over the bytes. Refuses what {@code JsonFormat} lets through: a field or a
 * map key that comes twice, bytes that are not UTF-8, half surrogate pairs, anything behind the value. The parser's own place
 * in the text is the path of the field at fault, so a failure costs no second pass.
 */
final class JsonDecoder {
    private static final int NUMBER_LENGTH_MAX = 1_000;
    private static final int NAME_LENGTH_MAX = 1_000;

    private final JsonFactory json;
    private final WellKnownJson wellKnown;
    private final int depthMax;

    JsonDecoder(WellKnownJson wellKnown, int depthMax) {
        this.wellKnown = wellKnown;
        this.depthMax = depthMax;
        this.json = JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                // Names come from clients: interning them would fill a table that is never emptied.
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(depthMax)
                        .maxNumberLength(NUMBER_LENGTH_MAX)
                        .maxNameLength(NAME_LENGTH_MAX)
                        .build())
                .build();
    }

    /** Fills {@code message}. Throws an {@link UnreadableMessage}. */
    void decode(byte[] body, MessageShape shape, Message.Builder message) {
        decode(body, "", parser -> readMessage(parser, shape, message));
    }

    /** Fills this field from its value alone; {@code null} leaves it absent. Throws an {@link UnreadableMessage}. */
    void decodeField(byte[] body, MessageShape.Field field, Message.Builder message) {
        decode(body, field.descriptor().getJsonName(), parser -> {
            if (parser.currentToken() != JsonToken.VALUE_NULL || takesNull(field)) readField(parser, field, message);
        });
    }

    private void decode(byte[] body, String root, Reading reading) {
        if (!UnsafeByteOperations.unsafeWrap(body).isValidUtf8())
            throw new UnreadableMessage(root, "the body is not valid UTF-8");
        if (looksLikeUtf16Or32(body))
            throw new UnreadableMessage(root, "malformed JSON: it begins with a zero byte, or is not UTF-8");
        try (var parser = json.createParser(body)) {
            readDocument(parser, root, reading);
        } catch (IOException impossible) {
            throw new UncheckedIOException("reading from memory failed", impossible);
        }
    }

    /** The parser would guess so from zeros at the beginning, where no JSON has one. */
    private static boolean looksLikeUtf16Or32(byte[] body) {
        for (var i = 0; i < Math.min(body.length, 4); i++) if (body[i] == 0) return true;
        return false;
    }

    private void readDocument(JsonParser parser, String root, Reading reading) throws IOException {
        try {
            if (parser.nextToken() == null) throw new BadValue("the body holds no JSON");
            reading.read(parser);
            if (parser.nextToken() != null) throw new BadValue("something follows the JSON value");
        } catch (StreamConstraintsException tooMuch) {
            throw new UnreadableMessage(path(root, parser), excess(parser));
        } catch (JsonProcessingException malformed) {
            throw new UnreadableMessage(path(root, parser), malformed(malformed));
        } catch (BadValue bad) {
            throw new UnreadableMessage(path(root, parser), bad.message());
        }
    }

    private void readMessage(JsonParser parser, MessageShape shape, Message.Builder message) throws IOException {
        switch (shape.form()) {
            case FIELDS -> readFields(parser, shape, message);
            case WRAPPER -> {
                var value = shape.fields().get(0);
                message.setField(value.descriptor(), readValue(parser, value, message));
            }
            case TEXT, TREE -> {
                var isText = parser.currentToken() == JsonToken.VALUE_STRING;
                if (isText && TimestampText.read(parser.getText(), message)) return;
                var text = new StringWriter();
                try (var copy = json.createGenerator(text)) {
                    copyValue(parser, copy);
                }
                wellKnown.parse(text.toString(), message);
            }
        }
    }

    private static void copyValue(JsonParser parser, JsonGenerator copy) throws IOException {
        copy.copyCurrentEventExact(parser);
        var depth = parser.currentToken().isStructStart() ? 1 : 0;
        while (depth > 0) {
            var token = parser.nextToken();
            if (token.isStructStart()) depth++;
            if (token.isStructEnd()) depth--;
            copy.copyCurrentEventExact(parser);
        }
    }

    private void readFields(JsonParser parser, MessageShape shape, Message.Builder message) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT)
            throw new BadValue("expected an object, not " + inWords(parser.currentToken()));
        var seen = new BitSet();
        for (var name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            var field = shape.field(name);
            if (field == null) throw new BadValue("unknown field; " + shape.fieldNames());
            if (seen.get(field.ordinal())) throw new BadValue("duplicate field: it is already there by its other name");
            seen.set(field.ordinal());
            if (parser.nextToken() == JsonToken.VALUE_NULL && !takesNull(field)) continue;
            requireOneOf(field.descriptor(), message);
            readField(parser, field, message);
        }
    }

    private static boolean takesNull(MessageShape.Field field) {
        return field.takesNull() && !field.descriptor().isRepeated();
    }

    private static void requireOneOf(FieldDescriptor field, Message.Builder message) {
        var oneof = field.getRealContainingOneof();
        if (oneof != null && message.hasOneof(oneof))
            throw new BadValue("only one of " + oneof.getName() + " may be set, and "
                    + message.getOneofFieldDescriptor(oneof).getJsonName() + " is");
    }

    private void readField(JsonParser parser, MessageShape.Field field, Message.Builder message) throws IOException {
        if (field.descriptor().isMapField()) readMap(parser, field, message);
        else if (field.descriptor().isRepeated()) readList(parser, field, message);
        else message.setField(field.descriptor(), readValue(parser, field, message));
    }

    private void readList(JsonParser parser, MessageShape.Field field, Message.Builder message) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY)
            throw new BadValue("expected a list, not " + inWords(parser.currentToken()));
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() == JsonToken.VALUE_NULL && !field.takesNull())
                throw new BadValue("null cannot be an element of a list");
            message.addRepeatedField(field.descriptor(), readValue(parser, field, message));
        }
    }

    /** The parser itself refuses a name that comes twice; two spellings of one key, such as 1 and 1.0, are refused here. */
    private void readMap(JsonParser parser, MessageShape.Field field, Message.Builder message) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT)
            throw new BadValue("expected an object, not " + inWords(parser.currentToken()));
        var key = field.messageShape().fields().get(0);
        var value = field.messageShape().fields().get(1);
        var keys = new HashSet<Object>();
        for (var name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            var entry = message.newBuilderForField(field.descriptor());
            var parsed = ScalarText.parse(key.descriptor(), name);
            if (!keys.add(parsed)) throw new BadValue("duplicate map key");
            if (parser.nextToken() == JsonToken.VALUE_NULL && !value.takesNull())
                throw new BadValue("null cannot be a value of a map");
            entry.setField(key.descriptor(), parsed);
            entry.setField(value.descriptor(), readValue(parser, value, entry));
            message.addRepeatedField(field.descriptor(), entry.build());
        }
    }

    private Object readValue(JsonParser parser, MessageShape.Field field, Message.Builder parent) throws IOException {
        if (!field.holdsMessage()) return readScalar(parser, field);
        var nested = parent.newBuilderForField(field.descriptor());
        readMessage(parser, field.messageShape(), nested);
        return nested.buildPartial();
    }

    private static Object readScalar(JsonParser parser, MessageShape.Field field) throws IOException {
        var descriptor = field.descriptor();
        return switch (parser.currentToken()) {
            case VALUE_NUMBER_INT ->
                parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                        ? ScalarText.parse(numeric(descriptor), parser.getText())
                        : ScalarText.ofLong(descriptor, parser.getLongValue());
            case VALUE_NUMBER_FLOAT -> ScalarText.parse(numeric(descriptor), parser.getText());
            case VALUE_STRING -> ScalarText.parse(textual(descriptor), parser.getText());
            case VALUE_TRUE, VALUE_FALSE -> {
                if (descriptor.getType() != FieldDescriptor.Type.BOOL)
                    throw unexpected(descriptor, parser.currentToken());
                yield parser.getBooleanValue();
            }
            case VALUE_NULL -> {
                if (!field.isNullValue()) throw unexpected(descriptor, parser.currentToken());
                yield descriptor.getEnumType().findValueByNumber(0);
            }
            default -> throw unexpected(descriptor, parser.currentToken());
        };
    }

    private static FieldDescriptor numeric(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case INT, LONG, FLOAT, DOUBLE, ENUM -> field;
            case BOOLEAN, STRING, BYTE_STRING, MESSAGE -> throw unexpected(field, JsonToken.VALUE_NUMBER_INT);
        };
    }

    private static FieldDescriptor textual(FieldDescriptor field) {
        if (field.getType() == FieldDescriptor.Type.BOOL) throw unexpected(field, JsonToken.VALUE_STRING);
        return field;
    }

    private static BadValue unexpected(FieldDescriptor field, JsonToken token) {
        return new BadValue("expected " + ScalarText.expected(field) + ", not " + inWords(token));
    }

    private static String inWords(JsonToken token) {
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "a list";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE, VALUE_FALSE -> "true or false";
            case VALUE_NULL -> "null";
            default -> "this";
        };
    }

    private String excess(JsonParser parser) {
        return parser.getParsingContext().getNestingDepth() >= depthMax
                ? "nested deeper than " + depthMax + " levels"
                : "a number or a name is too long";
    }

    private static String malformed(JsonProcessingException malformed) {
        var place = malformed.getLocation();
        var reason = Text.shortened(
                malformed.getOriginalMessage().lines().findFirst().orElse(""));
        return "malformed JSON"
                + (place == null ? "" : " at line " + place.getLineNr() + ", column " + place.getColumnNr()) + ": "
                + reason;
    }

    /** Where the parser is, such as {@code items[2].price}; {@code root} is what the document as a whole is a part of. */
    private static String path(String root, JsonParser parser) {
        var path = new StringBuilder(root);
        appendPath(parser.getParsingContext(), path);
        return path.toString();
    }

    private static void appendPath(JsonStreamContext place, StringBuilder path) {
        if (place.getParent() != null) appendPath(place.getParent(), path);
        if (place.inArray() && place.hasCurrentIndex())
            path.append('[').append(place.getCurrentIndex()).append(']');
        else if (place.inObject() && place.hasCurrentName())
            path.append(path.isEmpty() ? "" : ".").append(place.getCurrentName());
    }

    /** What to do with the document's one value, which the parser stands at. */
    private interface Reading {
        void read(JsonParser parser) throws IOException;
    }
}
