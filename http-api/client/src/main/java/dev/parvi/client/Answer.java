package dev.parvi.client;

import com.google.gson.JsonObject;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What came back from one attempt. */
record Answer(int status, HttpHeaders headers, byte[] body) {
    private static final Pattern REVISION = Pattern.compile("(?:W/)?\"(\\d{1,18})\"");
    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

    static Answer of(HttpResponse<byte[]> response) {
        return new Answer(response.statusCode(), response.headers(), response.body());
    }

    boolean isSuccess() {
        return status / 100 == 2;
    }

    /** Whether the body is of this media type, whatever its parameters. */
    boolean is(String mediaType) {
        var type = header("Content-Type");
        var end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end)).strip().equalsIgnoreCase(mediaType);
    }

    /** From the {@code ETag}; 0 if there is none. */
    long revision() {
        var etag = REVISION.matcher(header("ETag"));
        return etag.matches() ? Long.parseLong(etag.group(1)) : 0;
    }

    boolean isReplayed() {
        return header("Idempotency-Replayed").equals("true");
    }

    /** How long to wait at least, in seconds or until a date; nothing if it does not say so. */
    Duration retryAfter() {
        var text = header("Retry-After").strip();
        if (SECONDS.matcher(text).matches()) return Duration.ofSeconds(Long.parseLong(text));
        try {
            var until = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME);
            var left = Duration.between(ZonedDateTime.now(until.getZone()), until);
            return left.isNegative() ? Duration.ZERO : left;
        } catch (DateTimeParseException neither) {
            return Duration.ZERO;
        }
    }

    /** Never fails: a body that is no problem of Parvi becomes one without a code. */
    Problem problem() {
        if (is("application/problem+json")) {
            try {
                return problem(Json.object(body));
            } catch (ParviException malformed) {
                return foreign();
            }
        }
        return foreign();
    }

    private Problem problem(JsonObject json) {
        var fields = new ArrayList<Problem.Field>();
        for (var field : Json.array(json, "fields"))
            if (field.isJsonObject())
                fields.add(new Problem.Field(
                        Json.text(field.getAsJsonObject(), "field"), Json.text(field.getAsJsonObject(), "message")));
        return new Problem(
                status, Json.text(json, "code"), Json.text(json, "detail"), fields, Json.flag(json, "retryable"));
    }

    private Problem foreign() {
        return new Problem(status, "", "an answer that is not from a node of Parvi", List.of(), status >= 500);
    }

    private String header(String name) {
        return headers.firstValue(name).orElse("");
    }
}
