package dev.parvi.http.streams;

import com.google.protobuf.Message;
import dev.parvi.http.streams.EntityHistory.PastEvent;
import dev.parvi.protobuf.Tombstone;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.apache.pekko.util.ByteString;

/** How events look: as JSON, and as {@code text/event-stream}. */
final class EventText {
    private static final ByteString HEARTBEAT = ByteString.fromString(":\n\n");

    private final Function<Message, byte[]> json;
    private final Function<String, byte[]> quoted;

    /**
     * @param json writes the public part of an event in its canonical form, on one line
     * @param quoted writes a string, quotes included
     */
    EventText(Function<Message, byte[]> json, Function<String, byte[]> quoted) {
        this.json = json;
        this.quoted = quoted;
    }

    /** A comment, which clients pass over. */
    static ByteString heartbeat() {
        return HEARTBEAT;
    }

    /** Tells a client how long to wait before it connects again. */
    static ByteString retry(long millis) {
        return ByteString.fromString("retry: " + millis + "\n\n");
    }

    /** What an entity was at a revision, which is its id: whoever connects again goes on behind it. {@code reply} is JSON on one line. */
    static ByteString snapshot(long revision, byte[] reply) {
        var frame = new Json();
        frame.ascii("event: snapshot\nid: " + revision + "\ndata: {\"revision\":\"" + revision + "\",\"snapshot\":");
        frame.bytes(reply);
        frame.ascii("}\n\n");
        return frame.toByteString();
    }

    /** One event of an entity's stream; its id is the revision. */
    ByteString frame(PastEvent event) {
        var frame = new Json();
        frame.ascii("id: " + event.revision() + "\ndata: ");
        write(event, false, frame);
        frame.ascii("\n\n");
        return frame.toByteString();
    }

    /** Some events of a feed; the last one has a cursor for its id, so whoever reconnects goes on behind all of them. */
    ByteString frames(List<PastEvent> events, String cursor) {
        var frames = new Json();
        for (var n = 0; n < events.size(); n++) {
            if (n == events.size() - 1) frames.utf8("id: " + cursor + "\n");
            frames.ascii("data: ");
            write(events.get(n), true, frames);
            frames.ascii("\n\n");
        }
        return frames.toByteString();
    }

    /** A page: the events, and what to ask for next. */
    byte[] page(List<PastEvent> events, String next, boolean isFeed) {
        var page = new Json();
        page.ascii("{\"events\":[");
        for (var n = 0; n < events.size(); n++) {
            if (n > 0) page.ascii(",");
            write(events.get(n), isFeed, page);
        }
        page.ascii("],\"next\":");
        page.bytes(quoted.apply(next));
        page.ascii("}");
        return page.toByteArray();
    }

    private void write(PastEvent event, boolean withId, Json into) {
        into.ascii("{");
        if (withId) {
            into.ascii("\"id\":");
            into.bytes(quoted.apply(event.id()));
            into.ascii(",");
        }
        into.ascii("\"revision\":\"" + event.revision() + "\",\"time\":\"" + event.time() + "\"");
        var shown = event.event();
        if (shown instanceof Tombstone) {
            into.ascii(",\"method\":");
            into.bytes(quoted.apply(event.method()));
            into.ascii(",\"deleted\":true}");
            return;
        }
        if (shown == null || !PublicView.shows(shown)) {
            into.ascii(",\"hidden\":true}");
            return;
        }
        into.ascii(",\"method\":");
        into.bytes(quoted.apply(event.method()));
        into.ascii(",\"event\":");
        into.bytes(json.apply(shown));
        into.ascii("}");
    }

    /** Text as it grows. */
    private static final class Json {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

        void ascii(String text) {
            bytes(text.getBytes(StandardCharsets.US_ASCII));
        }

        void utf8(String text) {
            bytes(text.getBytes(StandardCharsets.UTF_8));
        }

        void bytes(byte[] bytes) {
            out.writeBytes(bytes);
        }

        byte[] toByteArray() {
            return out.toByteArray();
        }

        ByteString toByteString() {
            return ByteString.fromArrayUnsafe(toByteArray());
        }
    }
}
