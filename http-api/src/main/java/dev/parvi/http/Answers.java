package dev.parvi.http;

import dev.parvi.entity.CommandOutcome;
import dev.parvi.entity.NotServing;
import dev.parvi.entity.OutcomeUnknown;
import dev.parvi.entity.Rejection;
import dev.parvi.http.Routes.MethodRoute;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.scaladsl.model.ContentType;
import org.apache.pekko.http.scaladsl.model.HttpEntity;
import org.apache.pekko.http.scaladsl.model.HttpHeader;
import org.apache.pekko.http.scaladsl.model.HttpProtocol;
import org.apache.pekko.http.scaladsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.model.ResponseEntity;
import org.apache.pekko.http.scaladsl.model.StatusCode;
import org.apache.pekko.http.scaladsl.model.headers.RawHeader;
import org.apache.pekko.util.ByteString;
import scala.collection.immutable.$colon$colon;
import scala.collection.immutable.List;
import scala.collection.immutable.Nil$;

/** Builds responses. Whatever does not differ between them is made once. */
final class Answers {
    private static final HttpProtocol PROTOCOL = HttpResponse.apply$default$4();
    private static final StatusCode OK = StatusCode.int2StatusCode(200);
    private static final StatusCode NOT_MODIFIED = StatusCode.int2StatusCode(304);
    private static final ContentType PROBLEM_JSON = (ContentType) MediaTypes.customWithFixedCharset(
                    "application", "problem+json", HttpCharsets.UTF_8, java.util.Map.of(), false)
            .toContentType();
    private static final HttpHeader REPLAYED = new RawHeader("Idempotency-Replayed", "true");
    private static final HttpHeader RETRY_AFTER = new RawHeader("Retry-After", "1");
    private static final HttpHeader CLOSE =
            (HttpHeader) org.apache.pekko.http.javadsl.model.headers.Connection.create("close");
    private static final List<HttpHeader> NO_HEADERS = noHeaders();

    private final JsonEncoder json;

    Answers(JsonEncoder json) {
        this.json = json;
    }

    /** The reply of a command or query, with its revision. */
    HttpResponse completed(CommandOutcome.Completed outcome, MethodRoute route, BodyFormat format, String key) {
        var headers = keyed(NO_HEADERS, key);
        if (outcome.replayed()) headers = with(REPLAYED, headers);
        headers = with(etag(outcome.revision()), headers);
        var bytes = format == BodyFormat.JSON
                ? json.encode(outcome.reply(), route.reply())
                : outcome.reply().toByteArray();
        return response(OK, headers, format.contentType(), bytes);
    }

    /** The caller has what it asks for already. */
    HttpResponse notModified(long revision) {
        return new HttpResponse(
                NOT_MODIFIED, with(etag(revision), NO_HEADERS), (ResponseEntity) HttpEntity.Empty(), PROTOCOL);
    }

    HttpResponse rejected(Rejection rejection, String key) {
        return problem(Problem.ofField(ProblemKind.of(rejection.code()), rejection.field(), rejection.message()), key);
    }

    HttpResponse notServing(NotServing outcome, String key) {
        return problem(Problem.of(ProblemKind.NOT_SERVING, outcome.reason()).withKey(key), key);
    }

    HttpResponse unknown(OutcomeUnknown outcome, String key) {
        return problem(Problem.of(ProblemKind.OUTCOME_UNKNOWN, outcome.reason()).withKey(key), key);
    }

    /** A benchmark's answer: the body that came. */
    HttpResponse echo(ContentType type, byte[] body) {
        return response(OK, NO_HEADERS, type, body);
    }

    /** The same, as the last one on its connection. */
    static HttpResponse closing(HttpResponse response) {
        return response.withHeaders(with(CLOSE, response.headers().toList()));
    }

    static HttpResponse problem(Problem problem) {
        return problem(problem, "");
    }

    private static HttpResponse problem(Problem problem, String key) {
        var headers = keyed(NO_HEADERS, key);
        if (problem.kind() == ProblemKind.NOT_SERVING) headers = with(RETRY_AFTER, headers);
        if (problem.kind() == ProblemKind.MALFORMED_REQUEST) headers = with(CLOSE, headers);
        if (!problem.allow().isEmpty()) headers = with(new RawHeader("Allow", problem.allow()), headers);
        var status = StatusCode.int2StatusCode(problem.kind().status());
        return response(status, headers, PROBLEM_JSON, problem.toJson());
    }

    private static HttpResponse response(StatusCode status, List<HttpHeader> headers, ContentType type, byte[] bytes) {
        return new HttpResponse(
                status, headers, new HttpEntity.Strict(type, ByteString.fromArrayUnsafe(bytes)), PROTOCOL);
    }

    private static List<HttpHeader> keyed(List<HttpHeader> headers, String key) {
        return key.isEmpty() ? headers : with(new RawHeader("Idempotency-Key", key), headers);
    }

    private static List<HttpHeader> with(HttpHeader header, List<HttpHeader> headers) {
        return new $colon$colon<>(header, headers);
    }

    private static HttpHeader etag(long revision) {
        return new RawHeader("ETag", "\"" + revision + '"');
    }

    @SuppressWarnings("unchecked")
    private static List<HttpHeader> noHeaders() {
        return (List<HttpHeader>) (List<?>) Nil$.MODULE$;
    }
}
