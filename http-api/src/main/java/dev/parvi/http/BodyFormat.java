package dev.parvi.http;

import dev.parvi.http.json.Text;
import java.util.Locale;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.scaladsl.model.ContentType;

/** How a message is written on the wire, and how the two headers that choose it are read. */
enum BodyFormat {
    JSON("application/json"),
    PROTOBUF("application/protobuf"),
    X_PROTOBUF("application/x-protobuf");

    static final String ACCEPTED =
            "application/json, application/protobuf, application/x-protobuf; JSON is also read without a content type";

    private static final int EXACT = 2;
    private static final int SAME_GROUP = 1;
    private static final int ANYTHING = 0;
    private static final int NO_MATCH = -1;

    private final String mediaType;
    private final ContentType contentType;

    BodyFormat(String mediaType) {
        this.mediaType = mediaType;
        var subtype = mediaType.substring(mediaType.indexOf('/') + 1);
        this.contentType = (ContentType)
                (subtype.equals("json")
                        ? MediaTypes.APPLICATION_JSON.toContentType()
                        : MediaTypes.customBinary("application", subtype, false).toContentType());
    }

    ContentType contentType() {
        return contentType;
    }

    /**
     * The format of a request body. Without a content type it is JSON; so is a form whose body starts with a brace, because
     * that is what {@code curl -d '{…}'} sends.
     */
    static BodyFormat ofRequest(String mediaType, byte[] body) {
        return switch (mediaType) {
            // Pekko says octet-stream when the header is missing.
            case "application/json", "application/octet-stream", "none/none" -> JSON;
            case "application/protobuf" -> PROTOBUF;
            case "application/x-protobuf" -> X_PROTOBUF;
            case "application/x-www-form-urlencoded" -> {
                if (!startsWithBrace(body)) throw unsupported("a form is only read if it is JSON after all");
                yield JSON;
            }
            default -> throw unsupported(Text.shortened(mediaType) + " is not read here");
        };
    }

    private static boolean startsWithBrace(byte[] body) {
        for (var b : body) if (b != ' ' && b != '\t' && b != '\r' && b != '\n') return b == '{';
        return true;
    }

    private static Refusal unsupported(String why) {
        return Refusal.ofField(ProblemKind.UNSUPPORTED_MEDIA_TYPE, "Content-Type", why + "; send one of " + ACCEPTED);
    }

    /** The format of the reply: the client's favourite; among equals the one that the request came in. */
    static BodyFormat ofReply(String accept, BodyFormat request) {
        if (accept.isEmpty() || accept.equals("*/*") || accept.equals(request.mediaType)) return request;
        var best = request;
        var bestQuality = quality(accept, request);
        for (var format : values()) {
            var quality = quality(accept, format);
            if (quality > bestQuality) {
                best = format;
                bestQuality = quality;
            }
        }
        if (bestQuality > 0) return best;
        throw notAcceptable("application/json, application/protobuf or application/x-protobuf");
    }

    /** JSON, for what has no binary form. */
    static BodyFormat ofJsonReply(String accept) {
        if (accept.isEmpty() || quality(accept, JSON) > 0) return JSON;
        throw notAcceptable("application/json here: what is told has no binary form");
    }

    private static Refusal notAcceptable(String known) {
        return Refusal.ofField(ProblemKind.NOT_ACCEPTABLE, "Accept", "replies are written as " + known);
    }

    /** The weight in thousandths that the most specific range of {@code accept} gives to a format; 0 if none covers it. */
    private static int quality(String accept, BodyFormat format) {
        var specific = NO_MATCH;
        var quality = 0;
        for (var range : accept.split(",", -1)) {
            var semicolon = range.indexOf(';');
            var type = (semicolon < 0 ? range : range.substring(0, semicolon))
                    .strip()
                    .toLowerCase(Locale.ROOT);
            var match = match(type, format);
            if (match <= specific) continue;
            specific = match;
            quality = semicolon < 0 ? 1000 : Weight.of(range.substring(semicolon + 1));
        }
        return quality;
    }

    private static int match(String range, BodyFormat format) {
        if (range.equals(format.mediaType)) return EXACT;
        if (range.equals("application/*")) return SAME_GROUP;
        return range.equals("*/*") ? ANYTHING : NO_MATCH;
    }
}
