package dev.parvi.http;

import dev.parvi.http.admission.Client;
import dev.parvi.http.openapi.Page;
import dev.parvi.http.openapi.Pages;
import java.util.function.BiFunction;
import org.apache.pekko.http.scaladsl.model.ContentType;
import org.apache.pekko.http.scaladsl.model.EntityStreamException;
import org.apache.pekko.http.scaladsl.model.ErrorInfo;
import org.apache.pekko.http.scaladsl.model.HttpRequest;
import org.apache.pekko.http.scaladsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.model.Uri;
import scala.concurrent.Future;
import scala.concurrent.Future$;

/** Finds out what a request is for, and hands it to who answers it. What is refused on the way is answered here. */
final class RequestHandler implements BiFunction<HttpRequest, Client, Future<HttpResponse>> {
    /** Of this kind, and as a failure, because then Pekko answers 400 and reads nothing more from the connection. */
    private static final EntityStreamException NOT_ASCII =
            new EntityStreamException(new ErrorInfo("a header value holds a character that is not ASCII", ""));

    private final Routes routes;
    private final Pages pages;
    private final Lookups lookups;
    private final EntityCalls calls;
    private final BodyReader bodies;
    private final HttpSettings settings;
    private final Gate gate;
    private final Cors cors;
    private final Gzip gzip;
    private final PendingAnswer.Finish finish = this::finished;
    private volatile boolean closing;

    RequestHandler(
            Routes routes,
            Pages pages,
            Lookups lookups,
            EntityCalls calls,
            BodyReader bodies,
            HttpSettings settings,
            Gate gate) {
        this.routes = routes;
        this.pages = pages;
        this.lookups = lookups;
        this.calls = calls;
        this.bodies = bodies;
        this.settings = settings;
        this.gate = gate;
        this.cors = new Cors(settings.cors());
        this.gzip = new Gzip(settings.gzipBytesMin());
    }

    @Override
    public Future<HttpResponse> apply(HttpRequest request, Client client) {
        if (!RequestHead.isAscii(request)) return Future$.MODULE$.failed(NOT_ASCII);
        var answer = new PendingAnswer(request, client, finish);
        try {
            begin(request, answer);
        } catch (Refusal refusal) {
            whenRead(request, answer, Answers.problem(refusal.problem()));
        } catch (RuntimeException | StackOverflowError failure) {
            answer.fail(failure);
        }
        return answer.future();
    }

    /** From now on, every answer closes its connection, and streams end: their clients go elsewhere without a failed request. */
    void closeConnections() {
        closing = true;
        lookups.endStreams();
    }

    /** What every answer gets on its way out, whatever it says. */
    private HttpResponse finished(HttpRequest request, HttpResponse response) {
        var shown = cors.share(request, gzip.compress(request, response));
        return closing ? Answers.closing(shown) : shown;
    }

    private void begin(HttpRequest request, PendingAnswer answer) {
        gate.requireRate(answer.client());
        if (settings.echoRoute() && Routes.firstSegment(request.uri().path()).equals(Routes.ECHO)) {
            echo(request, answer);
            return;
        }
        Routes.requireNoDotSegments(RequestHead.rawTarget(request));
        if (Allow.isAsked(request)) {
            whenRead(request, answer, Answers.allowed(allow(request)));
            return;
        }
        cors.requireKnownPage(request);
        var bound = routes.bound(request);
        if (bound != null) {
            calls.call(request, bound, answer);
            return;
        }
        var segments = Routes.segments(request.uri().path());
        var look = routes.look(segments);
        if (look != null) {
            lookups.tell(request, look, answer);
            return;
        }
        var target = routes.resolve(segments, Allow.isDelete(request));
        if (target == null) show(request, answer);
        else calls.call(request, target, answer);
    }

    private Allow allow(HttpRequest request) {
        // OPTIONS * asks for all that some path takes.
        if (RequestHead.rawTarget(request).equals("*")) return routes.anything();
        var bound = routes.boundAllow(request);
        if (bound != null) return bound;
        var path = request.uri().path();
        var segments = Routes.segments(path);
        if (routes.look(segments) != null) return Allow.READ;
        var target = routes.resolve(segments, true);
        if (target != null) return target.allow();
        page(path);
        return Allow.READ;
    }

    private Page page(Uri.Path path) {
        return pages.find(path.toString()).orElseThrow(() -> routes.unknownType(path));
    }

    /** Answers what is no path of an entity: a page, or that there is nothing. */
    private void show(HttpRequest request, PendingAnswer answer) {
        var page = page(request.uri().path());
        Allow.requireRead(request, "a page");
        var isKnown = RequestHead.matches(RequestHead.of(request, settings).ifNoneMatch(), page.etag());
        answer.give(isKnown ? Answers.notModified(page) : Answers.page(page));
    }

    private void echo(HttpRequest request, PendingAnswer answer) {
        var type = (ContentType) request.entity().getContentType();
        bodies.read(
                request, settings.waiting().requestTimeout(), answer, body -> answer.give(Answers.echo(type, body)));
    }

    /** Answers without having looked at the body, which must be out of the way of the next request. */
    private void whenRead(HttpRequest request, PendingAnswer answer, HttpResponse response) {
        var entity = request.entity();
        if (entity.isStrict() || RequestHead.expectsContinue(request)) answer.give(response);
        else bodies.discard(entity).thenAccept(done -> answer.give(response));
    }
}
