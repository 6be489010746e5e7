package dev.parvi.fuzz;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Makes a request of random bytes: mostly one that gets far, with something odd in it. */
final class RequestText {
    private static final List<String> METHODS = List.of("GET", "POST", "HEAD", "OPTIONS", "DELETE", "PUT", "PATCH");
    private static final List<String> TYPES = List.of("account", "room", "playback", "driver", "docs", "openapi.json");
    private static final List<String> IDS = List.of("a", "b", "c%20d", "%C3%A9", "events", "e1", "e2", "e3");
    private static final List<String> CALLS = List.of(
            "deposit",
            "withdraw",
            "get",
            "hold",
            "confirm",
            "cancel",
            "availability",
            "watch",
            "forget",
            "resume",
            "move",
            "offer",
            "accept",
            "decline",
            "finish",
            "events?limit=2",
            "events?from=1",
            "commands/k1");
    private static final List<String> QUERIES =
            List.of("firstNight=2026-07-01", "nights=3", "title=t", "limit=5", "cursor=x", "prefix=a", "from=0", "x=y");
    private static final List<String> HEADERS = List.of(
            "Idempotency-Key",
            "If-Match",
            "If-None-Match",
            "Content-Type",
            "Accept",
            "Accept-Encoding",
            "traceparent",
            "Last-Event-ID",
            "Origin",
            "Access-Control-Request-Method",
            "Content-Encoding",
            "Expect",
            "X-Any");
    private static final List<String> VALUES = List.of(
            "k1",
            "\"1\"",
            "*",
            "application/json",
            "application/protobuf",
            "gzip;q=0.5",
            "text/event-stream",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "http://localhost",
            "100-continue",
            "POST");
    private static final List<String> BODIES = List.of(
            "{}",
            "{\"amount\": 1}",
            "{\"amount\": \"9223372036854775807\"}",
            "{\"bookingId\":\"b\",\"firstNight\":",
            "{\"title\":\"t\",\"position\":\"3s\"}",
            "{\"latitude\":1e308,\"longitude\":-0.0}",
            "[",
            "null",
            "\"",
            "\\ud800");

    private RequestText() {}

    static byte[] of(FuzzedDataProvider data) {
        var out = new ByteArrayOutputStream();
        if (data.consumeProbabilityFloat() < 0.05f) {
            out.writeBytes(data.consumeBytes(200));
            out.writeBytes("\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            return out.toByteArray();
        }
        var head = new StringBuilder(one(data, METHODS))
                .append(' ')
                .append(path(data))
                .append(" HTTP/1.1\r\nHost: a\r\n");
        for (var n = data.consumeInt(0, 4); n > 0; n--)
            head.append(one(data, HEADERS))
                    .append(": ")
                    .append(one(data, VALUES))
                    .append("\r\n");
        var body = body(data);
        head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
        out.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        out.writeBytes(body);
        return out.toByteArray();
    }

    /** Whether it has a head with a length, and a body of that length: then an answer must come. */
    static boolean isWhole(byte[] request) {
        var text = new String(request, StandardCharsets.ISO_8859_1);
        var end = text.indexOf("\r\n\r\n");
        var length = end < 0 ? -1 : text.lastIndexOf("Content-Length: ", end);
        return length > 0
                && text.substring(length + "Content-Length: ".length(), end).equals("" + (request.length - end - 4));
    }

    static boolean isHead(byte[] request) {
        return request.length > 5 && new String(request, 0, 5, StandardCharsets.ISO_8859_1).equals("HEAD ");
    }

    private static String path(FuzzedDataProvider data) {
        var path = new StringBuilder("/").append(one(data, TYPES));
        if (data.consumeBoolean()) path.append('/').append(one(data, IDS));
        if (data.consumeBoolean()) path.append('/').append(one(data, CALLS));
        var joint = path.indexOf("?") < 0 ? '?' : '&';
        for (var n = data.consumeInt(0, 2); n > 0; n--) {
            path.append(joint).append(one(data, QUERIES));
            joint = '&';
        }
        return path.toString();
    }

    private static byte[] body(FuzzedDataProvider data) {
        if (data.consumeBoolean()) return data.pickValue(BODIES).getBytes(StandardCharsets.UTF_8);
        return data.consumeBoolean()
                ? (data.pickValue(BODIES) + data.consumeString(60)).getBytes(StandardCharsets.UTF_8)
                : data.consumeBytes(120);
    }

    /** One of these, now and then with something else in it or instead of it. */
    private static String one(FuzzedDataProvider data, List<String> known) {
        var word = data.pickValue(known);
        return switch (data.consumeInt(0, 9)) {
            case 0 -> data.consumeString(20);
            case 1 -> word + data.consumeAsciiString(5);
            case 2 -> word.substring(0, data.consumeInt(0, word.length()));
            default -> word;
        };
    }
}
