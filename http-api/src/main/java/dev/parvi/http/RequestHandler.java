package dev.parvi.http;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.parvi.entity.CommandOutcome;
import dev.parvi.entity.EntityClient;
import dev.parvi.entity.EntityCommand;
import dev.parvi.http.Routes.MethodRoute;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import org.apache.pekko.http.scaladsl.model.ContentType;
import org.apache.pekko.http.scaladsl.model.EntityStreamException;
import org.apache.pekko.http.scaladsl.model.ErrorInfo;
import org.apache.pekko.http.scaladsl.model.HttpEntity;
import org.apache.pekko.http.scaladsl.model.HttpRequest;
import org.apache.pekko.http.scaladsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.model.RequestEntity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.concurrent.Future;
import scala.concurrent.Future$;
import scala.concurrent.Promise;
import scala.runtime.AbstractFunction1;

/** Takes one request the whole way: path, headers, body, entity, response. */
final class RequestHandler extends AbstractFunction1<HttpRequest, Future<HttpResponse>> {
    private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);
    /** Of this kind, and as a failure, because then Pekko answers 400 and reads nothing more from the connection. */
    private static final EntityStreamException NOT_ASCII =
            new EntityStreamException(new ErrorInfo("a header value holds a character that is not ASCII", ""));

    private final Routes routes;
    private final EntityClient client;
    private final HttpSettings settings;
    private final Codecs codecs;
    private final Answers answers;
    private final BodyReader bodies;
    private final InFlight inFlight;
    private final FreshKeys keys = new FreshKeys();
    private volatile boolean closing;

    RequestHandler(
            Routes routes,
            EntityClient client,
            HttpSettings settings,
            Codecs codecs,
            BodyReader bodies,
            InFlight inFlight) {
        this.routes = routes;
        this.client = client;
        this.settings = settings;
        this.codecs = codecs;
        this.answers = new Answers(codecs.jsonEncoder());
        this.bodies = bodies;
        this.inFlight = inFlight;
    }

    @Override
    public Future<HttpResponse> apply(HttpRequest request) {
        if (!RequestHead.isAscii(request)) return Future$.MODULE$.failed(NOT_ASCII);
        var response = Promise.<HttpResponse>apply();
        try {
            begin(request, response);
        } catch (Refusal refusal) {
            refuse(request, refusal, response);
        } catch (RuntimeException | StackOverflowError failure) {
            fail(failure, response);
        }
        return response.future();
    }

    /** From now on, every answer closes its connection: its client goes elsewhere without a failed request. */
    void closeConnections() {
        closing = true;
    }

    private void reply(Promise<HttpResponse> response, HttpResponse answer) {
        response.trySuccess(closing ? Answers.closing(answer) : answer);
    }

    private void begin(HttpRequest request, Promise<HttpResponse> response) {
        if (settings.echoRoute() && Routes.firstSegment(request.uri().path()).equals(Routes.ECHO)) {
            echo(request, response);
            return;
        }
        Routes.requireNoDotSegments(RequestHead.rawTarget(request));
        var target = routes.resolve(request.uri().path());
        var isRead = requireMethod(request, target);
        var head = RequestHead.of(request, settings);
        var exchange = new Exchange(target, head, isRead, response);
        if (isRead) exchange.ask(readParameters(request, target.route()), BodyFormat.JSON);
        else withBody(request, head.timeout(), response, body -> exchange.ask(body, request));
    }

    /** True for GET and HEAD. */
    private static boolean requireMethod(HttpRequest request, Routes.Target target) {
        var route = target.route();
        var isRead = false;
        switch (request.method().value()) {
            case "GET", "HEAD" -> isRead = true;
            case "POST" -> {}
            default -> throw notAllowed(request, target);
        }
        if (isRead && !route.method().isQuery() || !isRead && target.isShort()) throw notAllowed(request, target);
        if (isRead && !request.entity().isKnownEmpty())
            throw Refusal.of(ProblemKind.INVALID_BODY, "a GET has no body; use query parameters, or POST the query");
        if (!isRead && request.uri().rawQueryString().isDefined())
            throw Refusal.of(
                    ProblemKind.INVALID_PARAMETER, "a POST has no query parameters; its fields stand in the body");
        return isRead;
    }

    private static Refusal notAllowed(HttpRequest request, Routes.Target target) {
        var method = target.route().method();
        var what = target.isShort() ? "this path" : (method.isQuery() ? "the query " : "the command ") + method.name();
        return new Refusal(Problem.notAllowed(
                request.method().value() + " does not fit " + what + ", which takes " + target.allow(),
                target.allow()));
    }

    private Message readParameters(HttpRequest request, MethodRoute route) {
        var query = request.uri().rawQueryString();
        if (query.isEmpty()) return route.method().request();
        var message = route.method().request().newBuilderForType();
        codecs.queryDecoder().decode(query.get(), route.request(), message);
        return complete(message, ProblemKind.INVALID_PARAMETER);
    }

    private void withBody(
            HttpRequest request, Duration timeout, Promise<HttpResponse> response, BodyConsumer consumer) {
        var entity = request.entity();
        if (entity instanceof HttpEntity.Strict strict) {
            bodies.requireAnnouncedSize(strict);
            consumer.accept(strict.data().toArrayUnsafe());
            return;
        }
        if (RequestHead.expectsContinue(request)) bodies.requireAnnouncedSize(entity);
        bodies.read(entity, timeout).whenComplete((body, failure) -> {
            try {
                if (failure instanceof Refusal refusal) throw refusal;
                consumer.accept(body);
            } catch (Refusal refusal) {
                reply(response, Answers.problem(refusal.problem()));
            } catch (RuntimeException | StackOverflowError unexpected) {
                fail(unexpected, response);
            }
        });
    }

    private Message readBody(byte[] body, BodyFormat format, MethodRoute route) {
        if (body.length == 0) return complete(route.method().request().newBuilderForType(), ProblemKind.INVALID_BODY);
        var message = route.method().request().newBuilderForType();
        if (format == BodyFormat.JSON) codecs.jsonDecoder().decode(body, route.request(), message);
        else readBinary(body, route, message);
        return complete(message, ProblemKind.INVALID_BODY);
    }

    private void readBinary(byte[] body, MethodRoute route, Message.Builder message) {
        try {
            var input = CodedInputStream.newInstance(body);
            input.setRecursionLimit(settings.limits().depthMax());
            message.mergeFrom(input);
            input.checkLastTagWas(0);
        } catch (InvalidProtocolBufferException unreadable) {
            throw Refusal.of(
                    ProblemKind.INVALID_BODY,
                    "the body is not a " + route.request().descriptor().getFullName() + " in protobuf's binary form: "
                            + unreadable.getMessage());
        } catch (IOException impossible) {
            throw new UncheckedIOException("reading from memory failed", impossible);
        }
    }

    private static Message complete(Message.Builder message, ProblemKind kind) {
        if (message.isInitialized()) return message.build();
        throw Refusal.ofField(kind, message.findInitializationErrors().get(0), "is required");
    }

    private void echo(HttpRequest request, Promise<HttpResponse> response) {
        var type = (ContentType) request.entity().getContentType();
        withBody(
                request,
                settings.waiting().requestTimeout(),
                response,
                body -> reply(response, answers.echo(type, body)));
    }

    private void refuse(HttpRequest request, Refusal refusal, Promise<HttpResponse> response) {
        RequestEntity entity = request.entity();
        if (entity.isStrict() || RequestHead.expectsContinue(request))
            reply(response, Answers.problem(refusal.problem()));
        else bodies.discard(entity).thenAccept(done -> reply(response, Answers.problem(refusal.problem())));
    }

    private void fail(Throwable failure, Promise<HttpResponse> response) {
        LOG.error("a request failed inside the edge", failure);
        response.trySuccess(Answers.problem(Problem.of(ProblemKind.INTERNAL, "the cause is in the log of this node")));
    }

    /** What happens to a body once it is there. */
    private interface BodyConsumer {
        void accept(byte[] body);
    }

    /** What is known of one request between its head and its response. */
    private final class Exchange {
        private final Routes.Target target;
        private final RequestHead head;
        private final boolean isRead;
        private final Promise<HttpResponse> response;
        private final long startedNanos = inFlight.nanoTime();
        private BodyFormat format = BodyFormat.JSON;
        private String key = "";

        Exchange(Routes.Target target, RequestHead head, boolean isRead, Promise<HttpResponse> response) {
            this.target = target;
            this.head = head;
            this.isRead = isRead;
            this.response = response;
        }

        void ask(byte[] body, HttpRequest request) {
            var mediaType = request.entity().contentType().mediaType().value();
            var sent = BodyFormat.ofRequest(mediaType, body);
            ask(readBody(body, sent, target.route()), sent);
        }

        void ask(Message request, BodyFormat sent) {
            format = BodyFormat.ofReply(head.accept(), sent);
            var method = target.route().method();
            requireNoneMatchOnQuery();
            if (!method.isQuery()) key = head.key().isEmpty() ? keys.next() : head.key();
            var deadlineNanos = startedNanos + head.timeout().toNanos();
            var command = new EntityCommand(
                    target.route().type(),
                    target.id(),
                    method,
                    request,
                    key,
                    head.key().isEmpty(),
                    head.expectedRevision(),
                    Instant.now().plusNanos(deadlineNanos - inFlight.nanoTime()),
                    "",
                    head.trace());
            new RetryingAsk(client, command, inFlight, settings.waiting(), deadlineNanos, this::answer).start();
        }

        private void requireNoneMatchOnQuery() {
            if (head.ifNoneMatch().isEmpty() || target.route().method().isQuery()) return;
            throw Refusal.ofField(
                    ProblemKind.INVALID_HEADER, "If-None-Match", "is for queries; a command takes If-Match");
        }

        private void answer(CommandOutcome outcome) {
            try {
                reply(
                        response,
                        outcome.<HttpResponse>fold(
                                this::completed,
                                rejection -> answers.rejected(rejection, key),
                                notServing -> answers.notServing(notServing, key),
                                unknown -> answers.unknown(unknown, key)));
            } catch (RuntimeException | StackOverflowError failure) {
                fail(failure, response);
            }
        }

        private HttpResponse completed(CommandOutcome.Completed outcome) {
            return isRead && matches(head.ifNoneMatch(), outcome.revision())
                    ? answers.notModified(outcome.revision())
                    : answers.completed(outcome, target.route(), format, key);
        }

        /** Compares weakly, as RFC 9110 says for If-None-Match; what is no tag matches nothing. */
        private static boolean matches(String tags, long revision) {
            if (tags.isEmpty()) return false;
            var wanted = "\"" + revision + '"';
            for (var tag : tags.split(",", -1)) {
                var strong = tag.strip();
                if (strong.equals("*") || strong.equals(wanted) || strong.equals("W/" + wanted)) return true;
            }
            return false;
        }
    }
}
