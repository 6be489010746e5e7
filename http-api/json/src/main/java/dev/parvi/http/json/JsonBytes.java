package dev.parvi.http.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** JSON text as it grows: a byte array and the commas. Replies are short, and a general generator costs more than they do. */
public final class JsonBytes {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_ESCAPE = 6;

    private byte[] bytes = new byte[96];
    private int length;

    /** A brace or a bracket. */
    public void open(char c) {
        separate();
        put(c);
    }

    /** What ends it. */
    public void close(char c) {
        put(c);
    }

    /** A name in quotes with its colon, as {@link #name} makes it. */
    void field(byte[] quotedName) {
        separate();
        append(quotedName);
    }

    /** A name. */
    public void field(String name) {
        string(name);
        put(':');
    }

    /** A value that needs no escape: a number, {@code true}, {@code null}. */
    void literal(String ascii) {
        separate();
        require(ascii.length());
        for (var i = 0; i < ascii.length(); i++) bytes[length++] = (byte) ascii.charAt(i);
    }

    /** A string that needs no escape: a number in quotes, base64. */
    public void quoted(String ascii) {
        separate();
        put('"');
        require(ascii.length());
        for (var i = 0; i < ascii.length(); i++) bytes[length++] = (byte) ascii.charAt(i);
        put('"');
    }

    /** JSON that somebody else has written. */
    void raw(String json) {
        raw(json.getBytes(StandardCharsets.UTF_8));
    }

    /** The same in UTF-8. */
    public void raw(byte[] json) {
        separate();
        append(json);
    }

    /** Any string. Half a surrogate pair, which has no UTF-8 form, becomes a question mark. */
    public void string(String text) {
        separate();
        put('"');
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (c >= 0x80) {
                i = appendBeyondAscii(text, i);
                continue;
            }
            require(LONGEST_ESCAPE);
            if (c == '"' || c == '\\') bytes[length++] = '\\';
            if (c < ' ') appendControl(c);
            else bytes[length++] = (byte) c;
        }
        put('"');
    }

    /** All that was written. */
    public byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    /** A string as JSON. */
    public static byte[] quotedText(String text) {
        var json = new JsonBytes();
        json.string(text);
        return json.toBytes();
    }

    /** What {@link #field(byte[])} takes. */
    static byte[] name(String name) {
        var json = new JsonBytes();
        json.field(name);
        return json.toBytes();
    }

    /** Appends the run of characters from {@code start} that are not ASCII; returns the index of its last. */
    private int appendBeyondAscii(String text, int start) {
        var end = start;
        while (end < text.length() && text.charAt(end) >= 0x80) end++;
        append(text.substring(start, end).getBytes(StandardCharsets.UTF_8));
        return end - 1;
    }

    private void appendControl(char c) {
        bytes[length++] = '\\';
        bytes[length++] = 'u';
        bytes[length++] = '0';
        bytes[length++] = '0';
        bytes[length++] = HEX[c >> 4];
        bytes[length++] = HEX[c & 15];
    }

    private void separate() {
        if (length == 0) return;
        var last = bytes[length - 1];
        if (last != '{' && last != '[' && last != ':') put(',');
    }

    private void append(byte[] more) {
        require(more.length);
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
    }

    private void put(char c) {
        require(1);
        bytes[length++] = (byte) c;
    }

    private void require(int more) {
        if (length + more > bytes.length) bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
    }
}
