package dev.parvi.testkit.drill;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.parvi.http.json.JsonForm;
import dev.parvi.http.validation.Rules;
import java.util.HashSet;
import java.util.List;
import java.util.Random;

/**
 * Makes requests up from their descriptors: small numbers, short texts, every field most of the time. One in {@value #ODD_ONE_IN} has
 * something odd in it. The others keep the rules of their {@code .proto}, if some attempts are enough for that.
 */
final class RequestMaker {
    private static final int ODD_ONE_IN = 20;
    private static final int ABSENT_ONE_IN = 25;
    private static final int ATTEMPTS_MAX = 60;
    private static final int DEPTH_MAX = 2;
    private static final int ELEMENTS_MAX = 3;
    /** Few, so that requests speak of the same things, and some that look like what many rules ask for. */
    private static final List<String> TEXTS = List.of(
            "a", "b", "c", "d", "e", "2026-07-01", "2026-07-04", "2026-07-01T12:00:00Z", "a@example.org", "12:30");

    private static final List<String> ODD_TEXTS =
            List.of("", " ", "\u00e9\u00e8", "\ud83d\ude80", "\u0000", "x".repeat(300), "\"\\</script>&", "\u2028");

    /** Its content has a meaning that chance does not hit. */
    private static final String OPAQUE = "google.protobuf.Any";

    private static final long TIMES_BEGIN = 1_767_225_600;

    private final Rules rules;

    RequestMaker(Rules rules) {
        this.rules = rules;
    }

    /** A request of the kind of this one. */
    Message make(Message prototype, Random random) {
        if (random.nextInt(ODD_ONE_IN) == 0) return fill(prototype.newBuilderForType(), new Dice(random, true), 0);
        var dice = new Dice(random, false);
        var made = fill(prototype.newBuilderForType(), dice, 0);
        for (var n = 1; n < ATTEMPTS_MAX && !rules.check(made).isEmpty(); n++)
            made = fill(prototype.newBuilderForType(), dice, 0);
        return made;
    }

    private static Message fill(Message.Builder message, Dice dice, int depth) {
        var type = message.getDescriptorForType();
        if (type.getFullName().equals(OPAQUE)) return message.build();
        var isTree = JsonForm.of(type) == JsonForm.TREE;
        for (var oneof : type.getOneofs()) {
            var members = oneof.getFields();
            // A Value without a member has no JSON, so deep down it has one that nests no further.
            var chosen = members.get(isTree && depth >= DEPTH_MAX ? 0 : dice.next(members.size()));
            if (isTree || dice.next(ABSENT_ONE_IN) > 0) set(message, chosen, isTree ? dice.plain() : dice, depth);
        }
        var isWhole = type.getOptions().getMapEntry();
        for (var field : type.getFields())
            if (field.getContainingOneof() == null && (isWhole || field.isRequired() || dice.next(ABSENT_ONE_IN) > 0))
                set(message, field, dice, depth);
        return message.build();
    }

    private static void set(Message.Builder message, FieldDescriptor field, Dice dice, int depth) {
        if (depth >= DEPTH_MAX && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && !field.isRequired())
            return;
        if (!field.isRepeated()) {
            message.setField(field, value(message, field, dice, depth));
            return;
        }
        var seen = new HashSet<Object>();
        for (var n = dice.next(ELEMENTS_MAX + 1); n > 0; n--) {
            var element = value(message, field, dice, depth);
            if (!field.isMapField() || seen.add(keyOf((Message) element))) message.addRepeatedField(field, element);
        }
    }

    private static Object keyOf(Message entry) {
        return entry.getField(entry.getDescriptorForType().findFieldByNumber(1));
    }

    private static Object value(Message.Builder parent, FieldDescriptor field, Dice dice, int depth) {
        return switch (field.getJavaType()) {
            case INT -> dice.number(Integer.MIN_VALUE, Integer.MAX_VALUE).intValue();
            case LONG -> dice.number(Long.MIN_VALUE, Long.MAX_VALUE);
            case FLOAT -> dice.fraction().floatValue();
            case DOUBLE -> dice.fraction();
            case BOOLEAN -> dice.next(2) == 0;
            case STRING -> dice.text();
            case BYTE_STRING -> ByteString.copyFromUtf8(dice.text());
            case ENUM ->
                field.getEnumType()
                        .getValues()
                        .get(dice.next(field.getEnumType().getValues().size()));
            case MESSAGE -> message(parent.newBuilderForField(field), dice, depth);
        };
    }

    private static Message message(Message.Builder message, Dice dice, int depth) {
        var type = message.getDescriptorForType();
        var isEntry = type.getOptions().getMapEntry();
        if (JsonForm.of(type) != JsonForm.TEXT) return fill(message, dice, isEntry ? depth : depth + 1);
        var seconds = type.findFieldByName("seconds");
        var base = type.getName().equals("Timestamp") ? TIMES_BEGIN : 0;
        // A FieldMask stays empty: made-up paths lead nowhere.
        if (seconds != null) message.setField(seconds, base + 3600L * dice.next(1000));
        return message.build();
    }

    /** Values, and now and then odd ones if the request is to be odd. */
    private record Dice(Random random, boolean isOdd) {
        Dice plain() {
            return new Dice(random, false);
        }

        int next(int bound) {
            return random.nextInt(bound);
        }

        Long number(long min, long max) {
            if (isOdd && next(2) == 0) return List.of(min, -1L, 0L, max).get(next(4));
            return (long) 1 + next(12);
        }

        Double fraction() {
            if (isOdd && next(2) == 0)
                return List.of(Double.NaN, -1.5, 1e30, Double.NEGATIVE_INFINITY).get(next(4));
            return next(80) / 4.0;
        }

        String text() {
            if (isOdd && next(2) == 0) return ODD_TEXTS.get(next(ODD_TEXTS.size()));
            return TEXTS.get(next(TEXTS.size()));
        }
    }
}
