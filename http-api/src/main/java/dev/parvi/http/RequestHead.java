package dev.parvi.http;

import dev.parvi.entity.EntityCommand;
import dev.parvi.http.json.Text;
import java.time.Duration;
import org.apache.pekko.http.scaladsl.model.HttpHeader;
import org.apache.pekko.http.scaladsl.model.HttpRequest;
import org.apache.pekko.http.scaladsl.model.headers.RawHeader;
import scala.collection.immutable.Seq;

/**
 * What the headers of one request say, read in one go.
 *
 * @param key the idempotency key, or empty
 * @param expectedRevision what If-Match insists on, or {@link EntityCommand#ANY_REVISION}
 * @param ifNoneMatch the header as sent, or empty
 * @param timeout how long the client waits
 * @param trace a valid traceparent, or empty
 * @param accept the header as sent, or empty
 * @param lastEventId where a stream was that broke, or empty
 */
record RequestHead(
        String key,
        long expectedRevision,
        String ifNoneMatch,
        Duration timeout,
        String trace,
        String accept,
        String lastEventId) {
    private static final long NANOS = 1_000_000_000L;
    private static final int REVISION_DIGITS_MAX = 18;
    private static final int TRACE_LENGTH = 55;

    /** Throws a {@link Refusal} that names the header. */
    static RequestHead of(HttpRequest request, HttpSettings settings) {
        var reader = new Reader(settings);
        var headers = headers(request).iterator();
        while (headers.hasNext()) reader.read(headers.next());
        return reader.toHead();
    }

    /**
     * False if a header value is not ASCII. Pekko HTTP 1.3 takes a byte that starts a UTF-8 character, and then whatever
     * follows, line end included: the next header, such as a Content-Length that a proxy in front has seen, becomes part of
     * the value, and the body is read as a request of its own.
     */
    static boolean isAscii(HttpRequest request) {
        var headers = headers(request).iterator();
        while (headers.hasNext())
            if (headers.next() instanceof RawHeader header && !isAscii(header.value())) return false;
        return request.entity().contentType().mediaType().params().isEmpty()
                || isAscii(request.entity().contentType().value());
    }

    private static boolean isAscii(String value) {
        for (var i = 0; i < value.length(); i++) if (value.charAt(i) > '~') return false;
        return true;
    }

    /** The request target as it was sent: Pekko resolves dot segments before anyone sees the path. */
    static String rawTarget(HttpRequest request) {
        var headers = headers(request).iterator();
        while (headers.hasNext()) {
            var header = headers.next();
            if (header.lowercaseName().equals("raw-request-uri")) return header.value();
        }
        return "";
    }

    /** Behind the question mark, as it was sent; empty if nothing is. */
    static String queryOf(HttpRequest request) {
        var query = request.uri().rawQueryString();
        return query.isEmpty() ? "" : query.get();
    }

    /** The value of a header, by its name in lower case; empty if it is not there, or there twice. */
    static String single(HttpRequest request, String name) {
        var headers = headers(request).iterator();
        var value = "";
        while (headers.hasNext()) {
            var header = headers.next();
            if (!header.lowercaseName().equals(name)) continue;
            if (!value.isEmpty()) return "";
            value = header.value();
        }
        return value;
    }

    /** How the client takes bodies, joined if it says so more than once; empty if it does not say. */
    static String acceptEncodingOf(HttpRequest request) {
        var headers = headers(request).iterator();
        var value = "";
        while (headers.hasNext()) {
            var header = headers.next();
            if (header.lowercaseName().equals("accept-encoding"))
                value = value.isEmpty() ? header.value() : value + "," + header.value();
        }
        return value;
    }

    /** True if the client waits for permission before it sends the body. */
    static boolean expectsContinue(HttpRequest request) {
        var headers = headers(request).iterator();
        while (headers.hasNext()) if (headers.next().lowercaseName().equals("expect")) return true;
        return false;
    }

    private static Seq<HttpHeader> headers(HttpRequest request) {
        return request.headers();
    }

    /** Reads {@code "12"}; {@code *} means any. A weak tag never matches If-Match, so sending one is a mistake. */
    static long revision(String tag) {
        if (tag.equals("*")) return EntityCommand.ANY_REVISION;
        var digits = tag.length() - 2;
        if (digits < 1 || digits > REVISION_DIGITS_MAX || tag.charAt(0) != '"' || tag.charAt(digits + 1) != '"')
            throw badRevision();
        var revision = 0L;
        for (var i = 1; i <= digits; i++) {
            if (!Text.isDigit(tag.charAt(i))) throw badRevision();
            revision = revision * 10 + (tag.charAt(i) - '0');
        }
        return revision;
    }

    private static Refusal badRevision() {
        return invalid("If-Match", "expected one revision in quotes, such as \"12\", or *");
    }

    /** Reads seconds such as {@code 2} or {@code 0.25}. */
    static Duration timeout(String seconds, Duration max) {
        var nanos = 0L;
        var unit = 0L;
        for (var i = 0; i < seconds.length(); i++) {
            var c = seconds.charAt(i);
            if (c == '.' && unit == 0 && i > 0 && i + 1 < seconds.length()) {
                unit = NANOS;
                continue;
            }
            if (!Text.isDigit(c) || i >= REVISION_DIGITS_MAX) throw badTimeout(max);
            if (unit == 0) nanos = Math.min(nanos * 10 + (c - '0') * NANOS, Long.MAX_VALUE / 20);
            else nanos += (c - '0') * (unit /= 10);
        }
        var timeout = Duration.ofNanos(nanos);
        if (nanos == 0 || timeout.compareTo(max) > 0) throw badTimeout(max);
        return timeout;
    }

    private static Refusal badTimeout(Duration max) {
        return invalid(
                "Request-Timeout", "expected seconds above 0 and up to " + max.toSeconds() + ", such as 2 or 0.5");
    }

    /** A traceparent that is not valid is dropped, as the W3C recommendation says: tracing must not fail a request. */
    static String trace(String parent) {
        if (parent.length() < TRACE_LENGTH) return "";
        var wellFormed = isHex(parent, 0, 2)
                && parent.charAt(2) == '-'
                && isHex(parent, 3, 35)
                && parent.charAt(35) == '-'
                && isHex(parent, 36, 52)
                && parent.charAt(52) == '-'
                && isHex(parent, 53, TRACE_LENGTH);
        if (!wellFormed || parent.startsWith("ff") || isZero(parent, 3, 35) || isZero(parent, 36, 52)) return "";
        var isLater = !parent.startsWith("00");
        if (parent.length() == TRACE_LENGTH) return parent;
        return isLater && parent.charAt(TRACE_LENGTH) == '-' ? parent : "";
    }

    private static boolean isHex(String text, int from, int to) {
        for (var i = from; i < to; i++) {
            var c = text.charAt(i);
            if (!Text.isDigit(c) && (c < 'a' || c > 'f')) return false;
        }
        return true;
    }

    private static boolean isZero(String text, int from, int to) {
        for (var i = from; i < to; i++) if (text.charAt(i) != '0') return false;
        return true;
    }

    /** What is wrong with a key; empty if nothing is. */
    static String faultOf(String key, int lengthMax) {
        if (key.length() > lengthMax) return "longer than " + lengthMax + " characters";
        for (var i = 0; i < key.length(); i++)
            if (key.charAt(i) < ' ' || key.charAt(i) > '~') return "may only hold printable ASCII characters";
        return "";
    }

    /** Whether the client would rather have a stream than a page. Who takes both alike, such as a generated client, gets a page: it ends. */
    boolean wantsEventStream() {
        return Weight.named(accept, "text/event-stream") > Weight.named(accept, "application/json");
    }

    /** True if If-None-Match says that the client has seen this revision. */
    boolean isAtRevision(long revision) {
        return !ifNoneMatch.isEmpty() && matches(ifNoneMatch, "\"" + revision + '"');
    }

    /** Compares weakly, as RFC 9110 says for If-None-Match; what is no tag matches nothing. */
    static boolean matches(String tags, String wanted) {
        for (var tag : tags.split(",", -1)) {
            var strong = tag.strip();
            if (strong.equals("*") || strong.equals(wanted) || strong.equals("W/" + wanted)) return true;
        }
        return false;
    }

    private static Refusal invalid(String header, String message) {
        return Refusal.ofField(ProblemKind.INVALID_HEADER, header, message);
    }

    /** Collects the headers of one request. */
    private static final class Reader {
        private final HttpSettings settings;
        private String key = "";
        private String ifMatch = "";
        private String ifNoneMatch = "";
        private String requestTimeout = "";
        private String trace = "";
        private String accept = "";
        private String lastEventId = "";

        Reader(HttpSettings settings) {
            this.settings = settings;
        }

        void read(HttpHeader header) {
            switch (header.lowercaseName()) {
                case "idempotency-key" -> key = single(header, key);
                case "if-match" -> ifMatch = single(header, ifMatch);
                case "if-none-match" -> ifNoneMatch = joined(ifNoneMatch, header.value());
                case "request-timeout" -> requestTimeout = single(header, requestTimeout);
                case "traceparent" -> trace = trace(header.value());
                case "last-event-id" -> lastEventId = single(header, lastEventId);
                case "accept" -> accept = joined(accept, header.value());
                // Pekko takes a well-formed one out of the headers.
                case "content-type" -> throw unreadable(header, "is not a media type");
                case "content-encoding" -> requireIdentity(header.value());
                default -> {}
            }
        }

        private static String single(HttpHeader header, String before) {
            if (!before.isEmpty()) throw invalid(header.name(), "sent more than once");
            if (header.value().isEmpty()) throw invalid(header.name(), "is empty");
            return header.value();
        }

        private static String joined(String before, String value) {
            return before.isEmpty() ? value : before + "," + value;
        }

        private static void requireIdentity(String encoding) {
            if (encoding.isEmpty() || encoding.equalsIgnoreCase("identity")) return;
            throw Refusal.ofField(
                    ProblemKind.UNSUPPORTED_MEDIA_TYPE, "Content-Encoding", "send the body as it is, not compressed");
        }

        private static Refusal unreadable(HttpHeader header, String message) {
            return Refusal.ofField(
                    ProblemKind.UNSUPPORTED_MEDIA_TYPE,
                    header.name(),
                    message + "; send one of " + BodyFormat.ACCEPTED);
        }

        RequestHead toHead() {
            requireKey();
            return new RequestHead(
                    key,
                    ifMatch.isEmpty() ? EntityCommand.ANY_REVISION : revision(ifMatch),
                    ifNoneMatch,
                    requestTimeout.isEmpty()
                            ? settings.waiting().requestTimeout()
                            : timeout(requestTimeout, settings.waiting().requestTimeoutMax()),
                    trace,
                    accept,
                    lastEventId);
        }

        private void requireKey() {
            var fault = faultOf(key, settings.limits().keyLengthMax());
            if (!fault.isEmpty()) throw invalid("Idempotency-Key", fault);
        }
    }
}
