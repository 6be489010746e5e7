package dev.parvi.http;

import com.google.protobuf.Message;
import dev.parvi.entity.CommandOutcome;
import dev.parvi.entity.NotServing;
import dev.parvi.entity.OutcomeUnknown;
import dev.parvi.entity.Rejection;
import dev.parvi.http.Routes.MethodRoute;
import dev.parvi.http.Routes.Target;
import dev.parvi.http.json.Codecs;
import dev.parvi.http.json.JsonBytes;
import dev.parvi.http.json.MessageShape;
import dev.parvi.http.openapi.Page;
import dev.parvi.http.streams.EntityHistory.Listed;
import dev.parvi.http.streams.EntityHistory.PastCommand;
import dev.parvi.protobuf.CacheControl;
import java.util.Optional;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.scaladsl.model.ContentType;
import org.apache.pekko.http.scaladsl.model.HttpEntity;
import org.apache.pekko.http.scaladsl.model.HttpHeader;
import org.apache.pekko.http.scaladsl.model.HttpProtocol;
import org.apache.pekko.http.scaladsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.model.ResponseEntity;
import org.apache.pekko.http.scaladsl.model.StatusCode;
import org.apache.pekko.http.scaladsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.collection.immutable.$colon$colon;
import scala.collection.immutable.List;
import scala.collection.immutable.Nil$;

/** Builds responses. Whatever does not differ between them is made once. */
final class Answers {
    private static final Logger LOG = LoggerFactory.getLogger(Answers.class);
    private static final HttpProtocol PROTOCOL = HttpResponse.apply$default$4();
    private static final StatusCode OK = StatusCode.int2StatusCode(200);
    private static final StatusCode NO_CONTENT = StatusCode.int2StatusCode(204);
    private static final StatusCode NOT_MODIFIED = StatusCode.int2StatusCode(304);
    private static final ContentType PROBLEM_JSON = (ContentType) MediaTypes.customWithFixedCharset(
                    "application", "problem+json", HttpCharsets.UTF_8, java.util.Map.of(), false)
            .toContentType();
    private static final HttpHeader REPLAYED = new RawHeader("Idempotency-Replayed", "true");
    private static final HttpHeader RETRY_AFTER = new RawHeader("Retry-After", "1");
    private static final HttpHeader CLOSE =
            (HttpHeader) org.apache.pekko.http.javadsl.model.headers.Connection.create("close");
    private static final HttpHeader NO_CACHE = new RawHeader("Cache-Control", "no-cache");
    private static final HttpHeader NO_STORE = new RawHeader("Cache-Control", CacheControl.OF_A_COMMAND);
    private static final HttpHeader VARY = new RawHeader("Vary", "Accept");
    private static final HttpHeader NO_BUFFER = new RawHeader("X-Accel-Buffering", "no");
    private static final org.apache.pekko.http.javadsl.model.ContentType EVENT_STREAM =
            MediaTypes.TEXT_EVENT_STREAM.toContentType();
    private static final String UNKNOWN_KEY =
            "nothing is stored with this key, or no longer. A rejected command stores nothing."
                    + " If an attempt may still be on its way, send it again with the same key";
    private static final List<HttpHeader> NO_HEADERS = noHeaders();

    private final Codecs codecs;

    Answers(Codecs codecs) {
        this.codecs = codecs;
    }

    /** The reply to a GET, for caches too. */
    HttpResponse queried(CommandOutcome.Completed outcome, Target target, BodyFormat format) {
        return reply(outcome, target, format, with(target.route().caching(), with(VARY, NO_HEADERS)));
    }

    /** The reply to a POST, with its key if it is a command's. */
    HttpResponse completed(CommandOutcome.Completed outcome, Target target, BodyFormat format, String key) {
        var headers = keyed(with(NO_STORE, NO_HEADERS), key);
        return reply(outcome, target, format, outcome.replayed() ? with(REPLAYED, headers) : headers);
    }

    private HttpResponse reply(
            CommandOutcome.Completed outcome, Target target, BodyFormat format, List<HttpHeader> more) {
        var headers = with(etag(outcome.revision()), more);
        return response(OK, headers, format.contentType(), bytes(outcome.reply(), target, format == BodyFormat.JSON));
    }

    private byte[] bytes(Message reply, Target target, boolean isJson) {
        var shape = target.route().reply();
        var field = target.chosen() == null ? null : target.chosen().binding().responseField();
        if (field == null) return isJson ? codecs.toJson(reply, shape) : reply.toByteArray();
        return isJson
                ? codecs.fieldToJson(reply, field.getName(), shape)
                : ((Message) reply.getField(field)).toByteArray();
    }

    /** The entity is deleted, and nothing of it is left but its tombstone, whose revision this is. */
    static HttpResponse deleted(CommandOutcome.Completed outcome, String key) {
        var headers = keyed(with(NO_STORE, NO_HEADERS), key);
        if (outcome.replayed()) headers = with(REPLAYED, headers);
        return empty(NO_CONTENT, with(etag(outcome.revision()), headers));
    }

    /** The caller has what it asks for already. Nobody knows here whether that was long enough to be compressed. */
    static HttpResponse notModified(long revision, MethodRoute route) {
        return empty(
                NOT_MODIFIED, with(etag(revision), with(route.caching(), with(VARY, with(Gzip.VARY, NO_HEADERS)))));
    }

    static HttpResponse rejected(Rejection rejection, String key) {
        return problem(Problem.ofField(ProblemKind.of(rejection.code()), rejection.field(), rejection.message()), key);
    }

    static HttpResponse notServing(NotServing outcome, String key) {
        return problem(Problem.of(ProblemKind.NOT_SERVING, outcome.reason()).withKey(key), key);
    }

    static HttpResponse unknown(OutcomeUnknown outcome, String key, String path) {
        return problem(
                Problem.of(ProblemKind.OUTCOME_UNKNOWN, outcome.reason())
                        .withKey(key)
                        .withOutcome(path),
                key);
    }

    /** What became of a command. Its reply is left out if this release cannot read it. */
    HttpResponse outcome(PastCommand command, Optional<MessageShape> shape) {
        var body = new JsonBytes();
        body.open('{');
        body.field("outcome");
        body.quoted("completed");
        body.field("revision");
        body.quoted(Long.toString(command.revision()));
        body.field("method");
        body.string(command.method());
        body.field("time");
        body.quoted(command.time().toString());
        var reply = command.reply();
        if (reply != null && shape.isPresent()) {
            body.field("reply");
            body.raw(codecs.toJson(reply, shape.get()));
        }
        body.close('}');
        var headers = with(etag(command.revision()), with(NO_CACHE, NO_HEADERS));
        return response(OK, headers, BodyFormat.JSON.contentType(), body.toBytes());
    }

    static HttpResponse unknownKey(String key) {
        return problem(Problem.of(ProblemKind.UNKNOWN_KEY, UNKNOWN_KEY).withKey(key));
    }

    /** Some entities of a type, and how to go on. */
    static HttpResponse list(Listed page) {
        var body = new JsonBytes();
        body.open('{');
        body.field("entities");
        body.open('[');
        for (var entity : page.entities()) {
            body.open('{');
            body.field("id");
            body.string(entity.id());
            body.field("revision");
            body.quoted(Long.toString(entity.revision()));
            body.close('}');
        }
        body.close(']');
        if (!page.next().isEmpty()) {
            body.field("next");
            body.string(page.next());
        }
        body.close('}');
        return response(OK, with(NO_CACHE, NO_HEADERS), BodyFormat.JSON.contentType(), body.toBytes());
    }

    static HttpResponse page(Page page) {
        var type = (ContentType) ContentTypes.parse(page.mediaType());
        return response(OK, headers(page), type, page.bytes());
    }

    static HttpResponse notModified(Page page) {
        return empty(NOT_MODIFIED, with(Gzip.VARY, headers(page)));
    }

    private static List<HttpHeader> headers(Page page) {
        var headers = with(new RawHeader("ETag", page.etag()), NO_HEADERS);
        for (var header : page.headers().entrySet())
            headers = with(new RawHeader(header.getKey(), header.getValue()), headers);
        return headers;
    }

    /** A page of events that somebody else has written. The same path may be a stream. */
    static HttpResponse events(byte[] page) {
        return response(OK, with(NO_CACHE, with(VARY, NO_HEADERS)), BodyFormat.JSON.contentType(), page);
    }

    /** What a query was answered, as JSON on one line. */
    byte[] json(CommandOutcome.Completed outcome, MethodRoute route) {
        return codecs.toJson(outcome.reply(), route.reply());
    }

    /** A stream that goes on: nobody on the way may keep it or wait for its end. */
    static HttpResponse stream(Source<ByteString, NotUsed> events) {
        var entity = (ResponseEntity) HttpEntities.create(EVENT_STREAM, events);
        return new HttpResponse(OK, with(NO_CACHE, with(VARY, with(NO_BUFFER, NO_HEADERS))), entity, PROTOCOL);
    }

    /** A benchmark's answer: the body that came. */
    static HttpResponse echo(ContentType type, byte[] body) {
        return response(OK, NO_HEADERS, type, body);
    }

    /** Says which methods fit. */
    static HttpResponse allowed(Allow allow) {
        return empty(NO_CONTENT, with(new RawHeader("Allow", allow.methods()), NO_HEADERS));
    }

    /** The same, as the last one on its connection. */
    static HttpResponse closing(HttpResponse response) {
        return with(response, CLOSE);
    }

    /** The same with one more header. */
    static HttpResponse with(HttpResponse response, HttpHeader header) {
        return response.withHeaders(with(header, response.headers().toList()));
    }

    static HttpResponse problem(Problem problem) {
        return problem(problem, "");
    }

    /** A fault of ours: the client learns that it is one, and the log why. */
    static HttpResponse internal(Throwable failure) {
        LOG.error("a request failed inside the edge", failure);
        return problem(Problem.of(ProblemKind.INTERNAL, "the cause is in the log of this node"));
    }

    private static HttpResponse problem(Problem problem, String key) {
        var headers = keyed(with(NO_STORE, NO_HEADERS), key);
        if (problem.kind() == ProblemKind.NOT_SERVING) headers = with(RETRY_AFTER, headers);
        if (problem.retryAfterSeconds() > 0) headers = with(retryAfter(problem.retryAfterSeconds()), headers);
        if (problem.kind() == ProblemKind.MALFORMED_REQUEST) headers = with(CLOSE, headers);
        if (!problem.allow().isEmpty()) headers = with(new RawHeader("Allow", problem.allow()), headers);
        var status = StatusCode.int2StatusCode(problem.kind().status());
        return response(status, headers, PROBLEM_JSON, problem.toJson());
    }

    private static HttpResponse empty(StatusCode status, List<HttpHeader> headers) {
        return new HttpResponse(status, headers, (ResponseEntity) HttpEntity.Empty(), PROTOCOL);
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

    private static HttpHeader retryAfter(int seconds) {
        return new RawHeader("Retry-After", Integer.toString(seconds));
    }

    private static HttpHeader etag(long revision) {
        return new RawHeader("ETag", "\"" + revision + '"');
    }

    @SuppressWarnings("unchecked")
    private static List<HttpHeader> noHeaders() {
        return (List<HttpHeader>) (List<?>) Nil$.MODULE$;
    }
}
