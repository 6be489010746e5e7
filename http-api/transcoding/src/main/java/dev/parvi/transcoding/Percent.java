package dev.parvi.transcoding;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Percent-encoding of path segments: everything is encoded but {@code -_.~0-9a-zA-Z}, and decoded exactly once. */
final class Percent {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private Percent() {}

    static String encode(String text) {
        var encoded = new StringBuilder(text.length());
        for (var b : text.getBytes(StandardCharsets.UTF_8)) {
            if (isUnreserved((char) (b & 0xFF))) encoded.append((char) b);
            else encoded.append('%').append(HEX.toHexDigits(b));
        }
        return encoded.toString();
    }

    /** The same with slashes left as they are, and with the escapes of slashes, which {@link #decodeButSlashes} has left. */
    static String encodeButSlashes(String text) {
        return encode(text).replace("%2F", "/").replaceAll("%25(2[Ff])", "%$1");
    }

    static boolean isUnreserved(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "-_.~".indexOf(c) >= 0;
    }

    /** The text, or null if an escape is cut or its bytes are not UTF-8. */
    static @Nullable String decode(String raw) {
        return decode(raw, false);
    }

    /** The same with {@code %2F} and {@code %2f} left as they are. */
    static @Nullable String decodeButSlashes(String raw) {
        return decode(raw, true);
    }

    private static @Nullable String decode(String raw, boolean keepsSlashes) {
        if (raw.indexOf('%') < 0) return raw;
        var bytes = new ByteArrayOutputStream(raw.length());
        for (var i = 0; i < raw.length(); i++) {
            var c = raw.charAt(i);
            if (c != '%') {
                bytes.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
                continue;
            }
            if (i + 2 >= raw.length()
                    || !HexFormat.isHexDigit(raw.charAt(i + 1))
                    || !HexFormat.isHexDigit(raw.charAt(i + 2))) return null;
            var value = HexFormat.fromHexDigits(raw, i + 1, i + 3);
            if (keepsSlashes && value == '/')
                bytes.writeBytes(raw.substring(i, i + 3).getBytes(StandardCharsets.UTF_8));
            else bytes.write(value);
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            return null;
        }
    }
}
