package dev.parvi.http.json;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Base64;

/**
 * Reads one scalar from its text: a JSON string or number, a query parameter, a map key. Strict where Java is lenient: no hex
 * floats, no spaces, no silent overflow, no fraction in an integer.
 */
final class ScalarText {
    private static final BigInteger UINT64_MAX = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
    private static final int INTEGER_DIGITS_MAX = 20;
    private static final int NAMES_SHOWN_MAX = 12;

    private ScalarText() {}

    /** The value as protobuf's reflection wants it. Throws {@link BadValue}. */
    static Object parse(FieldDescriptor field, String text) {
        return switch (field.getType()) {
            case INT32, SINT32, SFIXED32 -> (int) signed(text, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case UINT32, FIXED32 -> (int) signed(text, 0, 0xFFFF_FFFFL);
            case INT64, SINT64, SFIXED64 -> signed(text, Long.MIN_VALUE, Long.MAX_VALUE);
            case UINT64, FIXED64 -> unsigned(text);
            case DOUBLE -> floating(text);
            case FLOAT -> narrowed(floating(text));
            case BOOL -> bool(text);
            case STRING -> string(text);
            case BYTES -> bytes(text);
            case ENUM -> enumeration(field.getEnumType(), text);
            case MESSAGE, GROUP -> throw new BadValue("a message cannot be written as a plain value");
        };
    }

    /** The same for a number that JSON has already read as an integer. */
    static Object ofLong(FieldDescriptor field, long value) {
        return switch (field.getType()) {
            case INT32, SINT32, SFIXED32 -> (int) within(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case UINT32, FIXED32 -> (int) within(value, 0, 0xFFFF_FFFFL);
            case INT64, SINT64, SFIXED64 -> value;
            case UINT64, FIXED64 -> within(value, 0, Long.MAX_VALUE);
            case DOUBLE -> (double) value;
            case FLOAT -> (float) value;
            case ENUM -> enumeration(field.getEnumType(), (int) within(value, Integer.MIN_VALUE, Integer.MAX_VALUE));
            case BOOL, STRING, BYTES, MESSAGE, GROUP ->
                throw new BadValue("expected " + expected(field) + ", not a number");
        };
    }

    /** What to write into this field, in words. */
    static String expected(FieldDescriptor field) {
        return switch (field.getType()) {
            case INT32, SINT32, SFIXED32 -> "a whole number from -2147483648 to 2147483647";
            case UINT32, FIXED32 -> "a whole number from 0 to 4294967295";
            case INT64, SINT64, SFIXED64 -> "a whole number from -9223372036854775808 to 9223372036854775807";
            case UINT64, FIXED64 -> "a whole number from 0 to 18446744073709551615";
            case DOUBLE, FLOAT -> "a number";
            case BOOL -> "true or false";
            case STRING -> "a string";
            case BYTES -> "a base64 string";
            case ENUM -> "one of " + names(field.getEnumType());
            case MESSAGE, GROUP -> "an object";
        };
    }

    private static long signed(String text, long min, long max) {
        if (!isShortInteger(text))
            return within(exact(text), BigInteger.valueOf(min), BigInteger.valueOf(max))
                    .longValue();
        return within(Long.parseLong(text), min, max);
    }

    private static long unsigned(String text) {
        return isShortInteger(text)
                ? within(Long.parseLong(text), 0, Long.MAX_VALUE)
                : within(exact(text), BigInteger.ZERO, UINT64_MAX).longValue();
    }

    private static long within(long value, long min, long max) {
        if (value < min || value > max) throw new BadValue(outside(Long.toString(value), min, max));
        return value;
    }

    private static BigInteger within(BigInteger value, BigInteger min, BigInteger max) {
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0)
            throw new BadValue(outside(value.toString(), min, max));
        return value;
    }

    private static String outside(String value, Object min, Object max) {
        return Text.shortened(value) + " is out of range: expected a whole number from " + min + " to " + max;
    }

    /** Digits only, few enough for a long: nearly every number. */
    private static boolean isShortInteger(String text) {
        var first = text.startsWith("-") ? 1 : 0;
        if (text.length() == first || text.length() - first > 18) return false;
        for (var i = first; i < text.length(); i++) if (!Text.isDigit(text.charAt(i))) return false;
        return text.charAt(first) != '0' || text.length() == first + 1;
    }

    /** Also 1e3 and 12.0, as protobuf JSON allows. The exponent is checked before it can cost anything. */
    private static BigInteger exact(String text) {
        requireJsonNumber(text);
        try {
            var number = new BigDecimal(text).stripTrailingZeros();
            if (number.scale() > 0) throw new BadValue(Text.shortened(text) + " is not a whole number");
            if ((long) number.precision() - number.scale() > INTEGER_DIGITS_MAX)
                throw new BadValue(Text.shortened(text) + " is out of range");
            return number.toBigIntegerExact();
        } catch (ArithmeticException | NumberFormatException tooLarge) {
            throw new BadValue(Text.shortened(text) + " is out of range");
        }
    }

    private static double floating(String text) {
        switch (text) {
            case "NaN":
                return Double.NaN;
            case "Infinity":
                return Double.POSITIVE_INFINITY;
            case "-Infinity":
                return Double.NEGATIVE_INFINITY;
            default:
                requireJsonNumber(text);
                var value = Double.parseDouble(text);
                if (Double.isInfinite(value)) throw new BadValue(Text.shortened(text) + " is out of range");
                return value;
        }
    }

    private static float narrowed(double value) {
        var narrow = (float) value;
        if (Float.isInfinite(narrow) && !Double.isInfinite(value)) throw new BadValue(value + " is out of range");
        return narrow;
    }

    private static boolean bool(String text) {
        if (text.equals("true")) return true;
        if (text.equals("false")) return false;
        throw new BadValue("expected true or false");
    }

    private static String string(String text) {
        if (!Text.isWellFormed(text)) throw new BadValue("half a surrogate pair is no character");
        return text;
    }

    private static ByteString bytes(String text) {
        try {
            var urlSafe = text.indexOf('-') >= 0 || text.indexOf('_') >= 0;
            return ByteString.copyFrom((urlSafe ? Base64.getUrlDecoder() : Base64.getDecoder()).decode(text));
        } catch (IllegalArgumentException notBase64) {
            throw new BadValue("expected a base64 string");
        }
    }

    private static Object enumeration(EnumDescriptor type, String text) {
        var value = type.findValueByName(text);
        if (value != null) return value;
        if (isShortInteger(text)) return enumeration(type, (int) signed(text, Integer.MIN_VALUE, Integer.MAX_VALUE));
        throw new BadValue(Text.shortened(text) + " is not one of " + names(type));
    }

    /** Open enums keep numbers that this release does not know. */
    private static Object enumeration(EnumDescriptor type, int number) {
        var value = type.findValueByNumber(number);
        if (value == null && !type.isClosed()) value = type.findValueByNumberCreatingIfUnknown(number);
        if (value == null) throw new BadValue(number + " is not one of " + names(type));
        return value;
    }

    private static String names(EnumDescriptor type) {
        var names = new StringBuilder();
        for (var value : type.getValues()) {
            if (value.getIndex() == NAMES_SHOWN_MAX) return names.append(", …").toString();
            names.append(names.isEmpty() ? "" : ", ").append(value.getName());
        }
        return names.toString();
    }

    /** The number grammar of JSON: what Java would also read as a number, such as {@code 0x1p3} or {@code 1d}, is none. */
    private static void requireJsonNumber(String text) {
        var at = digits(text, text.startsWith("-") ? 1 : 0, true);
        if (at > 0 && at < text.length() && text.charAt(at) == '.') at = digits(text, at + 1, false);
        if (at > 0 && at < text.length() && (text.charAt(at) | 0x20) == 'e') {
            var sign = at + 1 < text.length() && (text.charAt(at + 1) == '+' || text.charAt(at + 1) == '-');
            at = digits(text, at + (sign ? 2 : 1), false);
        }
        if (at != text.length() || text.isEmpty()) throw new BadValue("expected a number");
    }

    /** The index behind a run of digits, or -1 if there is none or, for the first run, a leading zero. */
    private static int digits(String text, int from, boolean isFirstRun) {
        var at = from;
        while (at < text.length() && Text.isDigit(text.charAt(at))) at++;
        if (at == from) return -1;
        return isFirstRun && at - from > 1 && text.charAt(from) == '0' ? -1 : at;
    }

    /** A value that its field cannot hold. The caller knows which field that is. */
    static final class BadValue extends RuntimeException {
        BadValue(String message) {
            super(message, null, false, false);
        }

        String message() {
            return String.valueOf(getMessage());
        }
    }
}
