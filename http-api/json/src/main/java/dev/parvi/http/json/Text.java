package dev.parvi.http.json;

/** Questions about characters that more than one parser asks. */
public final class Text {
    private Text() {}

    /** True if every surrogate has its other half, so that the text has a UTF-8 form. */
    public static boolean isWellFormed(String text) {
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (!Character.isSurrogate(c)) continue;
            if (!Character.isHighSurrogate(c)
                    || i + 1 == text.length()
                    || !Character.isLowSurrogate(text.charAt(i + 1))) return false;
            i++;
        }
        return true;
    }

    /** The same text with U+FFFD for each half of a pair that stands alone. */
    public static String replaceLoneSurrogates(String text) {
        var result = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? '\uFFFD' : c)
                .forEach(result::appendCodePoint);
        return result.toString();
    }

    /** The first 60 characters, for quoting in a message. */
    public static String shortened(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }

    /** Only 0 to 9, not what Unicode calls a digit. */
    public static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
