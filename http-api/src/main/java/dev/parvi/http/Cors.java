package dev.parvi.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.scaladsl.model.HttpRequest;
import org.apache.pekko.http.scaladsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.model.headers.RawHeader;

/**
 * Lets browsers hand answers to pages of other origins, in the words of the Fetch standard. It keeps no program out: whoever is no
 * browser sends and reads what it likes.
 */
final class Cors {
    /** What a client may send, here or to what stands in front. */
    private static final String SENT = "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match,"
            + " Last-Event-ID, Request-Timeout, traceparent, tracestate";
    /** What a page would not see otherwise. */
    private static final String SHOWN = "Allow, ETag, Idempotency-Key, Idempotency-Replayed, Retry-After";

    private static final HttpHeader VARY = new RawHeader("Vary", "Origin");
    private static final HttpHeader EXPOSE = new RawHeader("Access-Control-Expose-Headers", SHOWN);
    private static final HttpHeader ALLOW_HEADERS = new RawHeader("Access-Control-Allow-Headers", SENT);

    private final boolean isOff;
    private final boolean isForAll;
    private final Set<String> origins;
    private final HttpHeader maxAge;

    Cors(HttpSettings.Cors settings) {
        this.isOff = settings.isOff();
        this.isForAll = settings.isForAll();
        this.origins = Set.copyOf(settings.allowedOrigins());
        this.maxAge = new RawHeader(
                "Access-Control-Max-Age", String.valueOf(settings.maxAge().toSeconds()));
    }

    /** The same answer with what a browser needs to know before a page may see it, refusals included. */
    HttpResponse share(HttpRequest request, HttpResponse response) {
        if (isOff) return response;
        var headers = new ArrayList<HttpHeader>();
        response.getHeaders().forEach(headers::add);
        // A cache must not show one origin the answer that another was allowed to read.
        if (!isForAll) headers.add(VARY);
        var origin = RequestHead.single(request, "origin");
        if (isForAll || origins.contains(origin)) {
            headers.add(new RawHeader("Access-Control-Allow-Origin", isForAll ? "*" : origin));
            if (isPreflight(request)) addPermission(response, headers);
            else headers.add(EXPOSE);
        }
        return (HttpResponse) response.withHeaders(headers);
    }

    /**
     * Refuses what a browser sends for a page of an origin that is not listed. It does not ask before everything: without this, any
     * page could send commands to a node on its visitor's machine, and only not read the answers.
     */
    void requireKnownPage(HttpRequest request) {
        if (Allow.isRead(request) || isForAll) return;
        var site = RequestHead.single(request, "sec-fetch-site");
        if (!site.equals("cross-site") && !site.equals("same-site")) return;
        if (origins.contains(RequestHead.single(request, "origin"))) return;
        throw Refusal.ofField(
                ProblemKind.ORIGIN_NOT_ALLOWED,
                "Origin",
                "is not let in; the node lists those that are in parvi.http.cors.allowed-origins");
    }

    /** The browser asks, before it sends the page's own request, whether it may. */
    private static boolean isPreflight(HttpRequest request) {
        return Allow.isAsked(request)
                && !RequestHead.single(request, "access-control-request-method").isEmpty();
    }

    private void addPermission(HttpResponse response, List<HttpHeader> headers) {
        response.getHeader("Allow")
                .ifPresent(allow -> headers.add(new RawHeader("Access-Control-Allow-Methods", allow.value())));
        headers.add(ALLOW_HEADERS);
        headers.add(maxAge);
    }
}
