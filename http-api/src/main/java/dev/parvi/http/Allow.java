package dev.parvi.http;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.pekko.http.scaladsl.model.HttpRequest;

/** The HTTP methods that fit a path. OPTIONS, which asks for them, fits every path. */
final class Allow {
    private static final List<String> ORDER = List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    static final Allow READ = of(Set.of("GET"));
    static final Allow READ_OR_DELETE = of(Set.of("GET", "DELETE"));
    static final Allow DELETE = of(Set.of("DELETE"));
    static final Allow COMMAND = of(Set.of("POST"));
    /** A query may also be posted, for what does not fit into a URL. */
    static final Allow QUERY = of(Set.of("GET", "POST"));
    /** What fits some path or other, if no author has chosen any. */
    static final Allow ANYTHING = of(Set.of("GET", "POST", "DELETE"));

    private final Set<String> fitting;
    private final String methods;

    private Allow(Set<String> fitting) {
        this.fitting = Set.copyOf(fitting);
        this.methods = ORDER.stream().filter(fitting::contains).collect(Collectors.joining(", "));
    }

    /** These; where GET fits, HEAD does too. */
    static Allow of(Collection<String> methods) {
        var fitting = new TreeSet<>(methods);
        fitting.add("OPTIONS");
        if (fitting.contains("GET")) fitting.add("HEAD");
        return new Allow(fitting);
    }

    /** As the header Allow says it. */
    String methods() {
        return methods;
    }

    /** All that fits one or the other. */
    Allow or(Allow other) {
        var both = new TreeSet<>(fitting);
        both.addAll(other.fitting);
        return new Allow(both);
    }

    /** Whether a request with this method reads, or sends a body. */
    static boolean isRead(HttpRequest request) {
        var method = request.method().value();
        return method.equals("GET") || method.equals("HEAD");
    }

    /** Whether a request asks what fits. */
    static boolean isAsked(HttpRequest request) {
        return request.method().value().equals("OPTIONS");
    }

    static boolean isDelete(HttpRequest request) {
        return request.method().value().equals("DELETE");
    }

    boolean fits(HttpRequest request) {
        return fitting.contains(request.method().value());
    }

    /** The 405 for a method that does not fit {@code what}. */
    Refusal refusal(HttpRequest request, String what, String hint) {
        return new Refusal(Problem.notAllowed(
                request.method().value() + " does not fit " + what + ", which takes " + methods + hint, methods));
    }

    /** Refuses all but a GET or HEAD without a body. */
    static void requireRead(HttpRequest request, String what) {
        if (!READ.fits(request)) throw READ.refusal(request, what, "");
        requireNoBody(request);
    }

    static void requireNoBody(HttpRequest request) {
        if (request.entity().isKnownEmpty()) return;
        throw Refusal.of(
                ProblemKind.INVALID_BODY,
                isDelete(request)
                        ? "a DELETE has no body"
                        : "a GET has no body; use query parameters, or POST the query");
    }
}
