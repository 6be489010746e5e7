package dev.parvi.http;

import dev.parvi.http.admission.Client;
import dev.parvi.http.admission.Permit;
import org.apache.pekko.http.scaladsl.model.HttpRequest;
import org.apache.pekko.http.scaladsl.model.HttpResponse;
import org.jspecify.annotations.Nullable;
import scala.concurrent.Future;
import scala.concurrent.Promise;

/** The answer to one request, until it is given. Only the first one counts. */
final class PendingAnswer {
    private final Promise<HttpResponse> promise = Promise.apply();
    private final HttpRequest request;
    private final Client client;
    private final Finish finish;
    private @Nullable Permit permit;
    private BodyReader.@Nullable Body body;

    PendingAnswer(HttpRequest request, Client client, Finish finish) {
        this.request = request;
        this.client = client;
        this.finish = finish;
    }

    Future<HttpResponse> future() {
        return promise.future();
    }

    Client client() {
        return client;
    }

    /** Until the answer is given, it has this place. */
    void holds(Permit place) {
        permit = place;
    }

    /** Until the answer is given, a body is in memory. */
    void holdsBody(BodyReader.Body held) {
        body = held;
    }

    void give(HttpResponse answer) {
        if (permit != null) permit.end();
        if (body != null) body.forget();
        promise.trySuccess(finish.finished(request, answer));
    }

    void refuse(Refusal refusal) {
        give(Answers.problem(refusal.problem()));
    }

    /** Whatever {@code begin} throws is the answer. */
    void attempt(Runnable begin) {
        try {
            begin.run();
        } catch (Refusal refusal) {
            refuse(refusal);
        } catch (RuntimeException | StackOverflowError failure) {
            fail(failure);
        }
    }

    void fail(Throwable failure) {
        give(Answers.internal(failure));
    }

    /** Adds to an answer what it owes to its request and to the moment at which it is given. */
    interface Finish {
        HttpResponse finished(HttpRequest request, HttpResponse answer);
    }
}
