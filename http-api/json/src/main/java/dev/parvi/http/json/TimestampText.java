package dev.parvi.http.json;

import com.google.protobuf.Message;
import java.time.DateTimeException;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the usual form of a {@code Timestamp}, such as {@code 2026-07-01T09:30:00.250Z}, as protobuf's own code does but without
 * its format objects. Whatever is of another form, such as one with an offset or a mistake, is left to that code.
 */
final class TimestampText {
    private static final String TIMESTAMP = "google.protobuf.Timestamp";
    private static final int SECONDS = 1;
    private static final int NANOS = 2;
    private static final String FORM = "0000-00-00T00:00:00";
    private static final int NANO_DIGITS = 9;
    private static final long DAY = 86_400;
    private static final long FIRST_SECOND = -62_135_596_800L;
    private static final long LAST_SECOND = 253_402_300_799L;
    private static final int NANOS_MAX = 999_999_999;

    private TimestampText() {}

    /** False, and nothing has changed, if the message or the text is of another kind. */
    static boolean read(String text, Message.Builder into) {
        if (!into.getDescriptorForType().getFullName().equals(TIMESTAMP) || !hasForm(text)) return false;
        var nanos = nanos(text);
        var time = secondOfDay(number(text, 11, 13), number(text, 14, 16), number(text, 17, 19));
        if (nanos < 0 || time < 0) return false;
        long day;
        try {
            day = LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10))
                    .toEpochDay();
        } catch (DateTimeException noSuchDay) {
            return false;
        }
        var seconds = day * DAY + time;
        if (seconds < FIRST_SECOND) return false;
        var fields = into.getDescriptorForType();
        into.setField(fields.findFieldByNumber(SECONDS), seconds);
        into.setField(fields.findFieldByNumber(NANOS), nanos);
        return true;
    }

    private static boolean hasForm(String text) {
        if (text.length() <= FORM.length() || text.charAt(text.length() - 1) != 'Z') return false;
        for (var i = 0; i < FORM.length(); i++) {
            var isDigit = FORM.charAt(i) == '0';
            if (isDigit ? !Text.isDigit(text.charAt(i)) : text.charAt(i) != FORM.charAt(i)) return false;
        }
        return true;
    }

    /** Negative if what stands between the seconds and the Z is no fraction of one to nine digits. */
    private static int nanos(String text) {
        var end = text.length() - 1;
        if (end == FORM.length()) return 0;
        var digits = end - FORM.length() - 1;
        if (text.charAt(FORM.length()) != '.' || digits < 1 || digits > NANO_DIGITS) return -1;
        var nanos = 0;
        for (var i = 0; i < NANO_DIGITS; i++) {
            var c = i < digits ? text.charAt(FORM.length() + 1 + i) : '0';
            if (!Text.isDigit(c)) return -1;
            nanos = nanos * 10 + (c - '0');
        }
        return nanos;
    }

    private static int secondOfDay(int hour, int minute, int second) {
        return hour > 23 || minute > 59 || second > 59 ? -1 : (hour * 60 + minute) * 60 + second;
    }

    private static int number(String text, int from, int to) {
        var number = 0;
        for (var i = from; i < to; i++) number = number * 10 + (text.charAt(i) - '0');
        return number;
    }

    /** Null if the message is of another kind, or no time that can be written. */
    static @Nullable String print(Message message) {
        var fields = message.getDescriptorForType();
        if (!fields.getFullName().equals(TIMESTAMP)) return null;
        var seconds = (long) message.getField(fields.findFieldByNumber(SECONDS));
        var nanos = (int) message.getField(fields.findFieldByNumber(NANOS));
        if (seconds < FIRST_SECOND || seconds > LAST_SECOND || nanos < 0 || nanos > NANOS_MAX) return null;
        var date = LocalDate.ofEpochDay(Math.floorDiv(seconds, DAY));
        var time = (int) Math.floorMod(seconds, DAY);
        var text = new StringBuilder(FORM.length() + NANO_DIGITS + 2);
        append(text, date.getYear(), 1_000).append('-');
        append(text, date.getMonthValue(), 10).append('-');
        append(text, date.getDayOfMonth(), 10).append('T');
        append(text, time / 3_600, 10).append(':');
        append(text, time / 60 % 60, 10).append(':');
        append(text, time % 60, 10);
        if (nanos != 0) appendFraction(text.append('.'), nanos);
        return text.append('Z').toString();
    }

    /** Three, six or nine digits. */
    private static void appendFraction(StringBuilder text, int nanos) {
        if (nanos % 1_000_000 == 0) append(text, nanos / 1_000_000, 100);
        else if (nanos % 1_000 == 0) append(text, nanos / 1_000, 100_000);
        else append(text, nanos, 100_000_000);
    }

    /** With the digit of this place and all behind it. */
    private static StringBuilder append(StringBuilder text, int number, int firstPlace) {
        for (var place = firstPlace; place > 0; place /= 10) text.append((char) ('0' + number / place % 10));
        return text;
    }
}
