package dev.parvi.client;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;

/** Takes {@code text/event-stream} apart, as the HTML standard says, however the bytes arrive. What is cut at the end is dropped. */
final class SseParser {
    /** Of a line; longer than any event that nodes accept. */
    private static final int LINE_BYTES_MAX = 64 << 20;

    private static final int RETRY_DIGITS_MAX = 9;

    private final Consumer<Frame> frames;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final StringBuilder data = new StringBuilder();
    private String id = "";
    private boolean hasData;
    private boolean wasReturn;
    private Duration retry = Duration.ofSeconds(1);

    SseParser(Consumer<Frame> frames) {
        this.frames = frames;
    }

    void feed(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            var octet = bytes.get();
            var endsCrLf = wasReturn && octet == '\n';
            wasReturn = octet == '\r';
            if (endsCrLf) continue;
            if (octet == '\n' || octet == '\r') endLine();
            else line.write(octet);
        }
        if (line.size() > LINE_BYTES_MAX) throw Json.foreign("a line of more than " + LINE_BYTES_MAX + " bytes");
    }

    /** How long to wait before connecting again, by the latest word of the node. */
    Duration retry() {
        return retry;
    }

    private void endLine() {
        var text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        if (text.isEmpty()) {
            if (hasData) frames.accept(new Frame(id, data.toString()));
            id = "";
            data.setLength(0);
            hasData = false;
            return;
        }
        var colon = text.indexOf(':');
        var value = colon < 0 ? "" : text.substring(colon + 1);
        onField(colon < 0 ? text : text.substring(0, colon), value.startsWith(" ") ? value.substring(1) : value);
    }

    private void onField(String name, String value) {
        switch (name) {
            case "id" -> id = value;
            case "data" -> {
                if (hasData) data.append('\n');
                data.append(value);
                hasData = true;
            }
            case "retry" -> {
                if (!value.isEmpty()
                        && value.length() <= RETRY_DIGITS_MAX
                        && value.chars().allMatch(c -> c >= '0' && c <= '9'))
                    retry = Duration.ofMillis(Long.parseLong(value));
            }
            default -> {
                // Comments are signs of life only, and what is unknown is to be passed over.
            }
        }
    }

    /**
     * One event of the stream.
     *
     * @param id empty if this event has none of its own
     */
    record Frame(String id, String data) {}
}
