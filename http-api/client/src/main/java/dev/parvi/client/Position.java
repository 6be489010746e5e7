package dev.parvi.client;

import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.net.http.HttpRequest;

/** How far one subscriber has got in a stream, and how to go on behind that. */
interface Position<E> {
    /** The path and query to connect with. */
    String path();

    /** Adds to the request what the path does not say. */
    default void addTo(HttpRequest.Builder request) {}

    /** The event in a frame; this position is behind it then. Throws a {@link ParviException} if it cannot follow. */
    Event<E> read(SseParser.Frame frame);

    /** In the events of one entity, whose revisions have no gap. */
    final class InEntity<E extends Message> implements Position<E> {
        private final String path;
        private final Reader<E> reader;
        private long revision;

        InEntity(String path, String id, E prototype, long afterRevision) {
            this.path = path;
            this.reader = new Reader<>(id, prototype);
            this.revision = afterRevision;
        }

        @Override
        public String path() {
            return path;
        }

        @Override
        public void addTo(HttpRequest.Builder request) {
            request.setHeader("Last-Event-ID", Long.toString(revision));
        }

        @Override
        public Event<E> read(SseParser.Frame frame) {
            var event = reader.read(frame.data(), "");
            var next = event.revision();
            // A history begins with the first event that is kept, and whoever reads from the beginning has missed none.
            // What was before
            // a deletion is gone, for whoever had not read it.
            var mayLeap = revision == 0 || event.isDeleted();
            if (next <= revision || next > revision + 1 && !mayLeap)
                throw Json.foreign("revision " + next + " of " + event.id() + " came after " + revision
                        + (next > revision ? ", those between were deleted or lost" : ", it had been there already"));
            revision = next;
            return event;
        }
    }

    /** In what happens to all entities of a type. */
    final class InFeed<E extends Message> implements Position<E> {
        private final String path;
        private final Reader<E> reader;
        private String cursor;

        InFeed(String path, E prototype, String cursor) {
            this.path = path;
            this.reader = new Reader<>("", prototype);
            this.cursor = cursor;
        }

        @Override
        public String path() {
            return cursor.isEmpty() ? path : path + "?cursor=" + ParviClient.encoded("cursor", cursor);
        }

        @Override
        public Event<E> read(SseParser.Frame frame) {
            var event = reader.read(frame.data(), frame.id());
            if (!frame.id().isEmpty()) cursor = frame.id();
            return event;
        }
    }

    /** Makes events of what a stream says. */
    final class Reader<E extends Message> {
        private final String id;
        private final E prototype;
        private final JsonFormat.Parser parser;

        /**
         * @param id of the entity; empty if each event names its own
         */
        Reader(String id, E prototype) {
            this.id = id;
            this.prototype = prototype;
            this.parser = Json.parserOf(prototype);
        }

        Event<E> read(String data, String cursor) {
            var json = Json.object(data);
            var value = json.getAsJsonObject("event");
            return new Event<>(
                    id.isEmpty() ? Json.text(json, "id") : id,
                    Json.number(json, "revision"),
                    Json.time(json, "time"),
                    Json.text(json, "method"),
                    value == null
                            ? Json.cast(prototype.getDefaultInstanceForType())
                            : Json.message(value, prototype, parser),
                    Json.flag(json, "hidden"),
                    Json.flag(json, "deleted"),
                    cursor);
        }
    }
}
