package dev.parvi.http.json;

import com.google.protobuf.Message;
import dev.parvi.http.json.ScalarText.BadValue;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * Reads a request message from query parameters: {@code ?limit=10&tag=a&tag=b&range.from=3}. A name is a field, or a path of
 * fields; a list is the same name again. What has no text form (maps, {@code Struct}, {@code Any}) needs a POST.
 */
final class QueryDecoder {
    private final WellKnownJson wellKnown;
    private final int depthMax;

    QueryDecoder(WellKnownJson wellKnown, int depthMax) {
        this.wellKnown = wellKnown;
        this.depthMax = depthMax;
    }

    /** Fills {@code message} from what stands behind the question mark. Throws an {@link UnreadableMessage}. */
    void decode(String rawQuery, MessageShape shape, Message.Builder message, Set<String> elsewhere) {
        var seen = new HashSet<String>();
        for (var from = 0; from <= rawQuery.length(); ) {
            var end = indexOrEnd(rawQuery, '&', from, rawQuery.length());
            var equals = indexOrEnd(rawQuery, '=', from, end);
            if (end > from) {
                var name = unescape(rawQuery.substring(from, equals), rawQuery.substring(from, equals));
                var value = equals == end ? "" : unescape(name, rawQuery.substring(equals + 1, end));
                set(name, value, shape, message, seen, elsewhere);
            }
            from = end + 1;
        }
    }

    /** Fills one field. Throws an {@link UnreadableMessage}. */
    void decodeOne(String name, String value, MessageShape shape, Message.Builder message) {
        set(name, value, shape, message, new HashSet<>(), Set.of());
    }

    private static int indexOrEnd(String text, char wanted, int from, int end) {
        var index = text.indexOf(wanted, from);
        return index < 0 || index > end ? end : index;
    }

    private void set(
            String name,
            String value,
            MessageShape root,
            Message.Builder message,
            Set<String> seen,
            Set<String> elsewhere) {
        var shape = root;
        var builder = message;
        var depth = 1;
        var from = 0;
        var path = "";
        try {
            for (var dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', from)) {
                var parent = field(shape, name.substring(from, dot));
                path += parent.descriptor().getName();
                requireNotElsewhere(path, elsewhere);
                if (!parent.holdsMessage() || parent.descriptor().isRepeated() || form(parent) != JsonForm.FIELDS)
                    throw new BadValue("has no fields that a query parameter can name");
                if (++depth > depthMax) throw new BadValue("nested deeper than " + depthMax + " levels");
                requireOneOf(parent, builder);
                builder = builder.getFieldBuilder(parent.descriptor());
                shape = parent.messageShape();
                path += ".";
                from = dot + 1;
            }
            var leaf = field(shape, name.substring(from));
            path += leaf.descriptor().getName();
            requireNotElsewhere(path, elsewhere);
            setLeaf(leaf, value, builder, seen, path);
        } catch (BadValue bad) {
            throw new UnreadableMessage(Text.shortened(name), bad.message());
        }
    }

    private static void requireNotElsewhere(String path, Set<String> elsewhere) {
        if (elsewhere.contains(path)) throw new BadValue("stands in the path or the body of this request already");
    }

    private static MessageShape.Field field(MessageShape shape, String name) {
        var field = shape.field(name);
        if (field == null) throw new BadValue("unknown parameter; " + shape.fieldNames());
        return field;
    }

    private static JsonForm form(MessageShape.Field field) {
        return field.messageShape().form();
    }

    private static void requireOneOf(MessageShape.Field field, Message.Builder builder) {
        var oneof = field.descriptor().getRealContainingOneof();
        if (oneof == null || !builder.hasOneof(oneof) || builder.hasField(field.descriptor())) return;
        throw new BadValue("only one of " + oneof.getName() + " may be set");
    }

    private void setLeaf(
            MessageShape.Field field, String value, Message.Builder builder, Set<String> seen, String path) {
        var descriptor = field.descriptor();
        if (descriptor.isMapField()) throw new BadValue("a map cannot be a query parameter; POST it as a body");
        if (descriptor.isRepeated()) {
            builder.addRepeatedField(descriptor, value(field, value, builder));
            return;
        }
        if (!seen.add(path)) throw new BadValue("given more than once");
        requireOneOf(field, builder);
        builder.setField(descriptor, value(field, value, builder));
    }

    private Object value(MessageShape.Field field, String text, Message.Builder parent) {
        if (!field.holdsMessage()) return ScalarText.parse(field.descriptor(), text);
        var nested = parent.newBuilderForField(field.descriptor());
        switch (form(field)) {
            case WRAPPER -> {
                var inner = field.messageShape().fields().get(0).descriptor();
                nested.setField(inner, ScalarText.parse(inner, text));
            }
            case TEXT -> wellKnown.parse(quoted(text), nested);
            case FIELDS, TREE ->
                throw new BadValue("a message cannot be a query parameter; name its fields or POST it");
        }
        return nested.build();
    }

    /** Times, durations and field masks need no character that JSON escapes. */
    private static String quoted(String text) {
        for (var i = 0; i < text.length(); i++)
            if (text.charAt(i) < ' ' || text.charAt(i) == '"' || text.charAt(i) == '\\')
                throw new BadValue("unexpected character");
        return '"' + text + '"';
    }

    /** Decodes {@code %41} and {@code +} once. Broken escapes and bytes that are not UTF-8 are refused. */
    private static String unescape(String name, String raw) {
        if (raw.indexOf('%') < 0) return raw.replace('+', ' ');
        var bytes = new ByteArrayOutputStream(raw.length());
        for (var i = 0; i < raw.length(); i++) {
            var c = raw.charAt(i);
            if (c != '%') {
                bytes.writeBytes(String.valueOf(c == '+' ? ' ' : c).getBytes(StandardCharsets.UTF_8));
                continue;
            }
            var high = i + 2 < raw.length() ? Character.digit(raw.charAt(i + 1), 16) : -1;
            var low = i + 2 < raw.length() ? Character.digit(raw.charAt(i + 2), 16) : -1;
            if (high < 0 || low < 0) throw badEscape(name, "a percent sign needs two hex digits");
            bytes.write(high << 4 | low);
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            throw badEscape(name, "the escapes are not UTF-8");
        }
    }

    private static UnreadableMessage badEscape(String name, String message) {
        return new UnreadableMessage(Text.shortened(name), message);
    }
}
