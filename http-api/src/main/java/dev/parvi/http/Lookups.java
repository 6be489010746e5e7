package dev.parvi.http;

import dev.parvi.entity.EntityType;
import dev.parvi.entity.NotServing;
import dev.parvi.entity.Rejection;
import dev.parvi.http.streams.EntityHistory;
import dev.parvi.http.streams.EntityQuery;
import dev.parvi.http.streams.EventStreams;
import dev.parvi.http.streams.HistoryQuery;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.pekko.http.scaladsl.model.HttpRequest;
import org.apache.pekko.http.scaladsl.model.HttpResponse;

/** Tells what the store knows: histories, outcomes and lists. No entity is asked, but by who wants to begin with a snapshot of it. */
final class Lookups {
    private static final NotServing NO_ROOM = new NotServing("this node has no room for another stream");

    private final EntityHistory history;
    private final EventStreams streams;
    private final EntityCalls calls;
    private final HttpSettings settings;
    private final Answers answers;
    private final Gate gate;

    Lookups(
            EntityHistory history,
            EventStreams streams,
            EntityCalls calls,
            HttpSettings settings,
            Answers answers,
            Gate gate) {
        this.history = history;
        this.streams = streams;
        this.calls = calls;
        this.settings = settings;
        this.answers = answers;
        this.gate = gate;
    }

    /** Throws a {@link Refusal} if the request asks for what is not there to be told. */
    void tell(HttpRequest request, Look look, PendingAnswer answer) {
        Allow.requireRead(request, look.sight().words());
        var head = RequestHead.of(request, settings);
        switch (look.sight()) {
            case EVENTS -> events(request, look, head, answer);
            case OUTCOME -> lookUp(head, answer, () -> outcome(request, look));
            case ENTITIES -> lookUp(head, answer, () -> list(request, look));
        }
    }

    private void lookUp(RequestHead head, PendingAnswer answer, Supplier<CompletableFuture<HttpResponse>> told) {
        gate.enterLookup(
                answer,
                head.timeout(),
                () -> told.get()
                        .orTimeout(head.timeout().toMillis(), TimeUnit.MILLISECONDS)
                        .whenComplete(
                                (response, failure) -> answer.give(failure == null ? response : untold(failure))));
    }

    /** Ends the streams. Their clients go on elsewhere. */
    void endStreams() {
        streams.end();
    }

    /** On a page, or as a stream that goes on. */
    private void events(HttpRequest request, Look look, RequestHead head, PendingAnswer answer) {
        var query = parameters(
                () -> HistoryQuery.of(look.type(), look.id(), RequestHead.queryOf(request), head.lastEventId()));
        if (query.beginsWithSnapshot()) requireSnapshot(look, head);
        var isStream = head.wantsEventStream() && request.method().value().equals("GET");
        if (!isStream) lookUp(head, answer, () -> streams.page(query).thenApply(Answers::events));
        else if (query.beginsWithSnapshot()) beginWithSnapshot(query, look, head, answer);
        else lookUp(head, answer, () -> begin(query));
    }

    private CompletableFuture<HttpResponse> begin(HistoryQuery query) {
        if (!streams.hasRoom()) return CompletableFuture.failedFuture(NO_ROOM);
        return streams.check(query).thenApply(ready -> Answers.stream(streams.follow(query)));
    }

    private static void requireSnapshot(Look look, RequestHead head) {
        if (look.routes().whole() == null)
            throw noSnapshot(look.type()
                    + " has no query named Get; ask one of its queries, and then for what is after its ETag");
        if (!head.wantsEventStream())
            throw noSnapshot(
                    "is for streams: send Accept: text/event-stream, or GET /{type}/{id}, whose ETag is the revision");
    }

    private static Refusal noSnapshot(String why) {
        return Refusal.ofField(ProblemKind.INVALID_PARAMETER, HistoryQuery.SNAPSHOT, why);
    }

    /** The events are read from the journal behind the revision of the reply, whenever that is: none is missed in between. */
    private void beginWithSnapshot(HistoryQuery query, Look look, RequestHead head, PendingAnswer answer) {
        if (!streams.hasRoom()) {
            answer.give(Answers.notServing(NO_ROOM, ""));
            return;
        }
        var whole = Objects.requireNonNull(look.routes().whole());
        var target = new Routes.Target(look.id(), whole, true, look.routes(), null);
        calls.query(
                target,
                HistoryQuery.SNAPSHOT,
                head,
                answer,
                reply -> streams.hasRoom()
                        ? Answers.stream(streams.follow(query, reply.revision(), answers.json(reply, target.route())))
                        : Answers.notServing(NO_ROOM, ""));
    }

    private CompletableFuture<HttpResponse> outcome(HttpRequest request, Look look) {
        if (!RequestHead.queryOf(request).isEmpty())
            throw Refusal.of(ProblemKind.INVALID_PARAMETER, "an outcome has no parameters");
        return history.outcome(look.type(), look.id(), look.key())
                .thenApply(found -> found.map(command ->
                                answers.outcome(command, look.routes().reply(command.method())))
                        .orElseGet(() -> Answers.unknownKey(look.key())));
    }

    private CompletableFuture<HttpResponse> list(HttpRequest request, Look look) {
        var query = parameters(() -> EntityQuery.of(RequestHead.queryOf(request)));
        var max = Math.min(query.limit(), settings.streams().pageMax());
        return history.entities(look.type(), query.prefix(), query.cursor(), max)
                .thenApply(Answers::list);
    }

    private static <T> T parameters(Supplier<T> read) {
        try {
            return read.get();
        } catch (Rejection invalid) {
            throw Refusal.ofField(ProblemKind.INVALID_PARAMETER, invalid.field(), invalid.message());
        }
    }

    private HttpResponse untold(Throwable failure) {
        var cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof Rejection invalid)
            return Answers.problem(Problem.ofField(ProblemKind.INVALID_PARAMETER, invalid.field(), invalid.message()));
        if (cause instanceof NotServing notServing) return Answers.notServing(notServing, "");
        return cause instanceof TimeoutException
                ? Answers.notServing(new NotServing("the store was not read in time"), "")
                : Answers.internal(failure);
    }

    /** What is answered from the store, without an entity. */
    enum Sight {
        EVENTS("a history"),
        OUTCOME("an outcome"),
        ENTITIES("the list of a type");

        private final String words;

        Sight(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    /**
     * A look into the store.
     *
     * @param id empty if all entities of the type are meant
     * @param key of the command whose outcome is meant, or empty
     */
    record Look(Sight sight, Routes.TypeRoutes routes, String id, String key) {
        EntityType<?, ?> type() {
            return routes.type();
        }
    }
}
