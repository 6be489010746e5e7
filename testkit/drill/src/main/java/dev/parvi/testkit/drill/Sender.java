package dev.parvi.testkit.drill;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;

/** Makes one attempt at one node, and says what its answer means for a client. */
final class Sender {
    private static final Duration ATTEMPT_MAX = Duration.ofSeconds(6);
    private static final String ASKED_SECONDS = "5";
    private static final Set<Integer> LATER = Set.of(408, 501, 503);
    private static final Pattern CODE = Pattern.compile("\"code\"\\s*:\\s*\"([^\"]*)\"");

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    /** A command or a query; a query has no key. */
    Answer ask(String node, Requests.Request request, String id, String key) {
        var asked = HttpRequest.newBuilder(URI.create(node + '/' + request.type() + '/' + id + '/' + request.path()))
                .timeout(ATTEMPT_MAX)
                .header("Content-Type", "application/json")
                // The reply as it is stored can be compared byte for byte.
                .header("Accept", "application/protobuf, application/problem+json")
                .header("Request-Timeout", ASKED_SECONDS)
                .POST(HttpRequest.BodyPublishers.ofString(request.json()));
        if (!key.isEmpty()) asked.header("Idempotency-Key", key);
        return send(asked.build());
    }

    /** What became of a command. */
    Answer outcome(String node, String type, String id, String key) {
        var path = '/' + type + '/' + id + "/commands/" + URLEncoder.encode(key, StandardCharsets.UTF_8);
        return send(HttpRequest.newBuilder(URI.create(node + path))
                .timeout(ATTEMPT_MAX)
                .header("Request-Timeout", ASKED_SECONDS)
                .build());
    }

    /** Opens the stream of an entity's events, behind this revision. Fails if the connection does. */
    HttpResponse<java.io.InputStream> events(String node, String type, String id, long after)
            throws IOException, InterruptedException {
        var asked = HttpRequest.newBuilder(URI.create(node + '/' + type + '/' + id + "/events"))
                .header("Accept", "text/event-stream");
        if (after > 0) asked.header("Last-Event-ID", Long.toString(after));
        return http.send(asked.build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    private Answer send(HttpRequest request) {
        try {
            return Answer.of(http.send(request, HttpResponse.BodyHandlers.ofByteArray()));
        } catch (IOException silence) {
            return new Answer(Meaning.UNKNOWN, 0, 0, false, new byte[0]);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return new Answer(Meaning.UNKNOWN, 0, 0, false, new byte[0]);
        }
    }

    /** What a client learns from an answer, as docs/clients.md has it. */
    enum Meaning {
        DONE,
        /** This attempt has stored nothing, and the next one would not either. */
        REFUSED,
        /** A node has not worked as it should; nothing was stored by this attempt. */
        FAILED,
        /** This attempt has stored nothing; the next one may. */
        LATER,
        /** This attempt may have stored something. */
        UNKNOWN
    }

    /**
     * What came back.
     *
     * @param status 0 if nothing came
     * @param revision 0 if there is none
     */
    record Answer(Meaning meaning, int status, long revision, boolean isReplayed, byte[] body) {
        static Answer of(HttpResponse<byte[]> response) {
            var headers = response.headers();
            var tag = headers.firstValue("ETag").orElse("0").replaceAll("[^0-9]", "");
            return new Answer(
                    meaning(response.statusCode(), response.body()),
                    response.statusCode(),
                    tag.isEmpty() ? 0 : Long.parseLong(tag),
                    headers.firstValue("Idempotency-Replayed").isPresent(),
                    response.body());
        }

        private static Meaning meaning(int status, byte[] body) {
            if (status / 100 == 2) return Meaning.DONE;
            if (LATER.contains(status) || status == 429 && !code(body).equals("resource-exhausted"))
                return Meaning.LATER;
            if (status == 500) return code(body).equals("internal") ? Meaning.UNKNOWN : Meaning.FAILED;
            return status / 100 == 4 ? Meaning.REFUSED : Meaning.UNKNOWN;
        }

        ByteString reply() {
            return ByteString.copyFrom(body);
        }

        /** For people, such as {@code 409 failed-precondition}. */
        String told() {
            return status == 0 ? "no answer" : (status + " " + code(body)).strip();
        }

        private static String code(byte[] body) {
            var code = CODE.matcher(new String(body, StandardCharsets.UTF_8));
            return code.find() ? code.group(1) : "";
        }
    }
}
