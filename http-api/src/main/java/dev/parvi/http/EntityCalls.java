package dev.parvi.http;

import com.google.protobuf.Message;
import dev.parvi.entity.CommandOutcome;
import dev.parvi.entity.EntityClient;
import dev.parvi.entity.EntityCommand;
import java.time.Instant;
import java.util.function.Function;
import org.apache.pekko.http.scaladsl.model.HttpRequest;
import org.apache.pekko.http.scaladsl.model.HttpResponse;

/** Takes commands and queries the whole way: headers, message, entity, answer. */
final class EntityCalls {
    private final EntityClient client;
    private final RequestMessages messages;
    private final BodyReader bodies;
    private final HttpSettings settings;
    private final Answers answers;
    private final InFlight inFlight;
    private final Gate gate;
    private final FreshKeys keys = new FreshKeys();

    EntityCalls(
            EntityClient client,
            RequestMessages messages,
            BodyReader bodies,
            HttpSettings settings,
            Answers answers,
            InFlight inFlight,
            Gate gate) {
        this.client = client;
        this.messages = messages;
        this.bodies = bodies;
        this.settings = settings;
        this.answers = answers;
        this.inFlight = inFlight;
        this.gate = gate;
    }

    /** Throws a {@link Refusal} for what is wrong before the body is there. */
    void call(HttpRequest request, Routes.Target target, PendingAnswer pending) {
        requireMethod(request, target);
        gate.requireRoom(target);
        var isRead = Allow.isRead(request);
        var head = RequestHead.of(request, settings);
        var exchange = new Exchange(target, head, isRead, pending);
        if (target.route().method().isDeletion())
            exchange.ask(target.route().method().request());
        else if (isRead || Allow.isDelete(request))
            exchange.ask(messages.ofParameters(request, target), BodyFormat.JSON);
        else bodies.read(request, head.timeout(), pending, body -> exchange.ask(body, request));
    }

    /**
     * Asks a query what it answers to an empty request, and answers what is made of its reply. Throws a {@link Refusal} that names
     * {@code parameter} if the query does not take one.
     */
    void query(
            Routes.Target target,
            String parameter,
            RequestHead head,
            PendingAnswer pending,
            Function<CommandOutcome.Completed, HttpResponse> shown) {
        var request = messages.empty(target.route(), parameter);
        gate.requireRoom(target);
        new Exchange(target, head, true, pending).ask(request, shown);
    }

    private static void requireMethod(HttpRequest request, Routes.Target target) {
        var chosen = target.chosen();
        if (chosen == null && !target.allow().fits(request)) throw target.refusal(request);
        var isDelete = Allow.isDelete(request);
        if (isDelete || Allow.isRead(request)) Allow.requireNoBody(request);
        var hasParameters =
                chosen == null ? Allow.isRead(request) : chosen.binding().hasParameters();
        if (!hasParameters && request.uri().rawQueryString().isDefined())
            throw Refusal.of(
                    ProblemKind.INVALID_PARAMETER,
                    isDelete
                            ? "a DELETE has no query parameters"
                            : "a " + request.method().value()
                                    + " has no query parameters here; its fields stand in the body");
    }

    /** What is known of one request between its head and its answer. */
    private final class Exchange {
        private final Routes.Target target;
        private final RequestHead head;
        private final boolean isRead;
        private final PendingAnswer pending;
        private final long startedNanos = inFlight.nanoTime();
        private BodyFormat format = BodyFormat.JSON;
        private String key = "";

        Exchange(Routes.Target target, RequestHead head, boolean isRead, PendingAnswer pending) {
            this.target = target;
            this.head = head;
            this.isRead = isRead;
            this.pending = pending;
        }

        void ask(byte[] body, HttpRequest request) {
            var mediaType = request.entity().contentType().mediaType().value();
            var sent = BodyFormat.ofRequest(mediaType, body);
            ask(messages.ofBody(body, sent, target, request), sent);
        }

        void ask(Message request, BodyFormat sent) {
            format = target.isBinaryReply()
                    ? BodyFormat.ofReply(head.accept(), sent)
                    : BodyFormat.ofJsonReply(head.accept());
            ask(request);
        }

        void ask(Message request) {
            ask(request, this::completed);
        }

        void ask(Message request, Function<CommandOutcome.Completed, HttpResponse> shown) {
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
            gate.enter(
                    pending,
                    head.timeout(),
                    place -> new RetryingAsk(
                                    client,
                                    command,
                                    inFlight,
                                    settings.waiting(),
                                    deadlineNanos,
                                    place::waits,
                                    outcome -> answer(outcome, shown))
                            .start());
        }

        private void requireNoneMatchOnQuery() {
            if (head.ifNoneMatch().isEmpty() || target.route().method().isQuery()) return;
            throw Refusal.ofField(
                    ProblemKind.INVALID_HEADER, "If-None-Match", "is for queries; a command takes If-Match");
        }

        private void answer(CommandOutcome outcome, Function<CommandOutcome.Completed, HttpResponse> shown) {
            try {
                pending.give(outcome.<HttpResponse>fold(
                        shown,
                        rejection -> Answers.rejected(rejection, key),
                        notServing -> Answers.notServing(notServing, key),
                        unknown -> Answers.unknown(
                                unknown, key, Routes.outcomePath(target.route().type(), target.id(), key))));
            } catch (RuntimeException | StackOverflowError failure) {
                pending.fail(failure);
            }
        }

        private HttpResponse completed(CommandOutcome.Completed outcome) {
            if (target.route().method().isDeletion()) return Answers.deleted(outcome, key);
            if (!isRead) return answers.completed(outcome, target, format, key);
            return head.isAtRevision(outcome.revision())
                    ? Answers.notModified(outcome.revision(), target.route())
                    : answers.queried(outcome, target, format);
        }
    }
}
