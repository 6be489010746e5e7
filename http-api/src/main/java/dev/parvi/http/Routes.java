package dev.parvi.http;

import com.google.protobuf.Descriptors.Descriptor;
import dev.parvi.entity.EntityType;
import dev.parvi.http.Lookups.Look;
import dev.parvi.http.Lookups.Sight;
import dev.parvi.http.json.MessageShape;
import dev.parvi.http.json.Text;
import dev.parvi.protobuf.CacheControl;
import dev.parvi.transcoding.Binding;
import dev.parvi.transcoding.HttpRules;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.pekko.http.scaladsl.model.HttpHeader;
import org.apache.pekko.http.scaladsl.model.HttpRequest;
import org.apache.pekko.http.scaladsl.model.Uri;
import org.apache.pekko.http.scaladsl.model.headers.RawHeader;
import org.jspecify.annotations.Nullable;

/**
 * The table of paths: {@code /{type}/{id}} and {@code /{type}/{id}/{method}}, what is looked up beside them, and what authors have chosen.
 */
final class Routes {
    static final String ECHO = "echo";
    private static final String EVENTS = "events";
    private static final String COMMANDS = "commands";
    private static final Set<String> RESERVED_TYPES = Set.of("docs", "openapi.json");
    private static final Set<String> RESERVED_METHODS = Set.of(EVENTS, COMMANDS);
    private static final int NAMES_SHOWN_MAX = 20;
    private static final int SEGMENTS_MAX = 3;
    private static final int OUTCOME_SEGMENTS = 4;

    private final Map<String, TypeRoutes> types;
    private final @Nullable Bindings bindings;
    private final HttpSettings.Limits limits;

    private Routes(Map<String, TypeRoutes> types, @Nullable Bindings bindings, HttpSettings.Limits limits) {
        this.types = types;
        this.bindings = bindings;
        this.limits = limits;
    }

    /** Throws if two types share a name, two methods a path, or one takes a word or a path that the contract needs itself. */
    static Routes of(List<EntityType<?, ?>> types, HttpSettings settings) {
        var routes = new LinkedHashMap<String, TypeRoutes>();
        var shapes = new IdentityHashMap<Descriptor, MessageShape>();
        for (var type : types) {
            if (RESERVED_TYPES.contains(type.name())
                    || settings.echoRoute() && type.name().equals(ECHO))
                throw new IllegalArgumentException("entity type " + type + " takes a reserved path; name it otherwise");
            if (routes.put(type.name(), TypeRoutes.of(type, shapes)) != null)
                throw new IllegalArgumentException("two entity types are named " + type);
        }
        return new Routes(routes, Bindings.of(routes.values(), settings), settings.limits());
    }

    /** What the methods of the types are sent. */
    static List<Descriptor> requests(List<EntityType<?, ?>> types) {
        return types.stream()
                .flatMap(type -> type.methods().stream())
                .map(method -> method.request().getDescriptorForType())
                .distinct()
                .toList();
    }

    /**
     * Finds what a request means by a path that an author has chosen, or null if it is for none. Throws a {@link Refusal} if the path is one,
     * and the request does not fit it.
     */
    @Nullable
    Target bound(HttpRequest request) {
        return bindings == null ? null : bindings.find(request);
    }

    /** What fits a path that an author has chosen, or null if it is none. */
    @Nullable
    Allow boundAllow(HttpRequest request) {
        return bindings == null ? null : bindings.allow(rawPath(request));
    }

    /** What fits some path or other. */
    Allow anything() {
        return bindings == null ? Allow.ANYTHING : Allow.ANYTHING.or(bindings.anything());
    }

    /**
     * Finds what a path means, or null if no type has its name. Throws a {@link Refusal} that names what stands nearby.
     *
     * @param isDelete whether the request may be one to delete what {@code /{type}/{id}} names
     */
    @Nullable
    Target resolve(List<String> segments, boolean isDelete) {
        var type = types.get(segments.get(0));
        if (type == null) return null;
        if (segments.size() > SEGMENTS_MAX) throw tooDeep();
        var id = segments.get(1);
        requireId(id, limits.idBytesMax());
        if (segments.size() == SEGMENTS_MAX) return new Target(id, type.method(segments.get(2)), false, type, null);
        var deletion = isDelete ? type.deletion() : null;
        return new Target(id, deletion == null ? type.read() : deletion, true, type, null);
    }

    /** What a path wants to see of the store, or null if it is for an entity itself. */
    @Nullable
    Look look(List<String> segments) {
        var type = types.get(segments.get(0));
        if (type == null) return null;
        var size = segments.size();
        if (size == 1) return new Look(Sight.ENTITIES, type, "", "");
        if (size == 2) return segments.get(1).equals(EVENTS) ? new Look(Sight.EVENTS, type, "", "") : null;
        var word = segments.get(2);
        var isEvents = size == SEGMENTS_MAX && word.equals(EVENTS);
        if (!isEvents && !(size == OUTCOME_SEGMENTS && word.equals(COMMANDS))) return null;
        requireId(segments.get(1), limits.idBytesMax());
        if (isEvents) return new Look(Sight.EVENTS, type, segments.get(1), "");
        requireKey(segments.get(3));
        return new Look(Sight.OUTCOME, type, segments.get(1), segments.get(3));
    }

    private void requireKey(String key) {
        var fault = RequestHead.faultOf(key, limits.keyLengthMax());
        if (!fault.isEmpty()) throw Refusal.ofField(ProblemKind.INVALID_PATH, "key", fault);
    }

    /** Where the outcome of a command is told; empty for a key that no path can hold. */
    static String outcomePath(EntityType<?, ?> type, String id, String key) {
        if (key.equals(".") || key.equals("..")) return "";
        return "/" + type.name() + "/" + encoded(id) + "/" + COMMANDS + "/" + encoded(key);
    }

    private static String encoded(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }

    Refusal unknownType(Uri.Path path) {
        return Refusal.of(
                ProblemKind.UNKNOWN_TYPE,
                "there is no type " + Text.shortened(firstSegment(path)) + "; there is " + list(types.keySet()));
    }

    /** The first segment of a path, decoded; empty if there is none. */
    static String firstSegment(Uri.Path path) {
        var rest = path.startsWithSlash() ? path.tail() : path;
        return rest.startsWithSegment() ? rest.head().toString() : "";
    }

    /** The path as it was sent. */
    static String rawPath(HttpRequest request) {
        var target = RequestHead.rawTarget(request);
        var query = target.indexOf('?');
        var path = query < 0 ? target : target.substring(0, query);
        if (path.startsWith("/")) return path;
        // To a proxy: http://host/path.
        var slash = path.indexOf('/', path.indexOf("://") + 3);
        return slash < 0 ? "" : path.substring(slash);
    }

    /** Refuses {@code .} and {@code ..} as segments, escaped or not: somebody hopes that they are resolved. */
    static void requireNoDotSegments(String rawTarget) {
        var end = rawTarget.indexOf('?');
        if (end < 0) end = rawTarget.length();
        for (var slash = rawTarget.indexOf('/'); slash >= 0 && slash < end; slash = rawTarget.indexOf('/', slash + 1)) {
            var behind = behindDot(rawTarget, behindDot(rawTarget, slash + 1));
            if (behind > slash + 1 && (behind >= end || rawTarget.charAt(behind) == '/'))
                throw Refusal.of(
                        ProblemKind.INVALID_PATH, "the path has a dot segment: the form is /{type}/{id}/{method}");
        }
    }

    /** The index behind a dot at {@code at}, or {@code at} if none is there. */
    private static int behindDot(String target, int at) {
        if (at < target.length() && target.charAt(at) == '.') return at + 1;
        return target.regionMatches(true, at, "%2e", 0, 3) ? at + 3 : at;
    }

    /** The segments, each decoded exactly once. */
    static List<String> segments(Uri.Path path) {
        if (!path.startsWithSlash()) throw Refusal.of(ProblemKind.INVALID_PATH, "a path starts with a slash");
        var segments = new ArrayList<String>(OUTCOME_SEGMENTS);
        var rest = path.tail();
        while (true) {
            if (!rest.startsWithSegment())
                throw Refusal.of(
                        ProblemKind.INVALID_PATH, "the path has an empty segment: the form is /{type}/{id}/{method}");
            if (segments.size() == OUTCOME_SEGMENTS) throw tooDeep();
            segments.add(rest.head().toString());
            rest = rest.tail();
            if (rest.isEmpty()) return segments;
            rest = rest.tail();
        }
    }

    private static Refusal tooDeep() {
        return Refusal.of(ProblemKind.UNKNOWN_PATH, "the path is too deep: the form is /{type}/{id}/{method}");
    }

    /**
     * Refuses ids that a proxy, a log or a store could read as something else. Slashes and backslashes are refused even when
     * escaped: what decodes them on the way sends the request to another entity.
     */
    static void requireId(String id, int bytesMax) {
        var bytes = 0;
        for (var i = 0; i < id.length(); i++) {
            var c = id.charAt(i);
            if (Character.isISOControl(c)) throw badId("has a control character");
            if (c == '/' || c == '\\') throw badId("has a slash or a backslash, which proxies may decode");
            if (c == '\uFFFD') throw badId("is not valid UTF-8");
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        if (bytes > bytesMax)
            throw Refusal.ofField(ProblemKind.URI_TOO_LONG, "id", "is longer than " + bytesMax + " bytes");
    }

    private static Refusal badId(String message) {
        return Refusal.ofField(ProblemKind.INVALID_ID, "id", message);
    }

    private static String list(Set<String> names) {
        if (names.isEmpty()) return "none";
        var sorted = new ArrayList<>(new TreeSet<>(names));
        var shown = sorted.subList(0, Math.min(sorted.size(), NAMES_SHOWN_MAX));
        return String.join(", ", shown) + (sorted.size() > NAMES_SHOWN_MAX ? ", …" : "");
    }

    /**
     * What one path means.
     *
     * @param isShort true for {@code /{type}/{id}}, which can be read, and deleted if the type says so
     * @param chosen if the path is an author's
     */
    record Target(
            String id,
            MethodRoute route,
            boolean isShort,
            TypeRoutes type,
            @Nullable Chosen chosen) {
        Allow allow() {
            return isShort ? type.allow() : route.allow();
        }

        /** Whether the answer is a message, which has a binary form. */
        boolean isBinaryReply() {
            var field = chosen == null ? null : chosen.binding().responseField();
            return field == null || Binding.isMessage(field);
        }

        /** The 405 for a method that does not fit; it tells an author what {@code DELETE} would need. */
        Refusal refusal(HttpRequest request) {
            if (isShort && Allow.isDelete(request))
                return allow().refusal(
                                request,
                                "this path",
                                "; the .proto of " + type.type()
                                        + " does not say deletable: true in its option (parvi.v1.entity)");
            var kind = route.method().isQuery() ? "the query " : "the command ";
            return allow().refusal(
                            request,
                            isShort ? "this path" : kind + route.method().name(),
                            "");
        }
    }

    /**
     * What a path of an author's says.
     *
     * @param values of its variables, by the paths of their fields
     */
    record Chosen(Bindings.Bound bound, Map<String, String> values) {
        Binding binding() {
            return bound.binding();
        }
    }

    /**
     * The methods of one type; {@code read} answers {@code GET /{type}/{id}}.
     *
     * @param methods that have no path of an author's
     * @param bound all paths of the author's
     */
    record TypeRoutes(
            EntityType<?, ?> type,
            Map<String, MethodRoute> methods,
            List<Bindings.Bound> bound,
            @Nullable MethodRoute defaultQuery,
            @Nullable MethodRoute deletion) {

        static TypeRoutes of(EntityType<?, ?> type, Map<Descriptor, MessageShape> shapes) {
            var methods = new HashMap<String, MethodRoute>();
            var bound = new ArrayList<Bindings.Bound>();
            var query = type.defaultQuery().map(EntityType.Method::path);
            var deletion = type.deletion().map(method -> MethodRoute.of(type, method, shapes));
            for (var method : type.methods()) {
                if (RESERVED_METHODS.contains(method.path()))
                    throw new IllegalArgumentException("rpc " + method.name() + " of " + type
                            + " takes the reserved path /" + method.path() + "; name it otherwise");
                var rpc = type.service().findMethodByName(method.name());
                var fault = CacheControl.faultOf(rpc);
                if (!fault.isEmpty()) throw new IllegalArgumentException("entity type " + type + ": " + fault);
                var route = MethodRoute.of(type, method, shapes);
                if (HttpRules.isAnnotated(rpc)) bound.addAll(Bindings.Bound.of(route));
                else if (methods.put(method.path(), route) != null)
                    throw new IllegalArgumentException("two rpcs of " + type + " have the path /" + method.path());
            }
            return new TypeRoutes(type, methods, bound, query.map(methods::get).orElse(null), deletion.orElse(null));
        }

        /** What fits {@code /{type}/{id}}. */
        Allow allow() {
            if (deletion == null) return Allow.READ;
            return defaultQuery == null ? Allow.DELETE : Allow.READ_OR_DELETE;
        }

        /** The query that reads an entity as a whole, wherever it is found; or null. */
        @Nullable
        MethodRoute whole() {
            if (defaultQuery != null) return defaultQuery;
            return bound.stream()
                    .map(Bindings.Bound::route)
                    .filter(route ->
                            type.defaultQuery().filter(route.method()::equals).isPresent())
                    .findFirst()
                    .orElse(null);
        }

        MethodRoute read() {
            if (defaultQuery != null) return defaultQuery;
            requireNotChosen(type.defaultQuery().map(EntityType.Method::path).orElse(""));
            throw Refusal.of(
                    ProblemKind.UNKNOWN_METHOD,
                    type + " has no query named Get; add one of its methods to the path: " + list(methods.keySet()));
        }

        /** How replies of the rpc of this name look; empty if there is none in this release. */
        Optional<MessageShape> reply(String rpc) {
            return Stream.concat(methods.values().stream(), bound.stream().map(Bindings.Bound::route))
                    .filter(route -> route.method().name().equals(rpc))
                    .map(MethodRoute::reply)
                    .findFirst();
        }

        /** A method that is found elsewhere says where. */
        private void requireNotChosen(String path) {
            for (var each : bound)
                if (each.route().method().path().equals(path))
                    throw Refusal.of(
                            ProblemKind.UNKNOWN_METHOD,
                            each.route().method().name() + " of " + type + " is found at " + each.binding());
        }

        MethodRoute method(String path) {
            var route = methods.get(path);
            if (route != null) return route;
            requireNotChosen(path);
            throw Refusal.of(
                    ProblemKind.UNKNOWN_METHOD,
                    type + " has no method " + Text.shortened(path) + "; it has " + list(methods.keySet()));
        }
    }

    /**
     * Where a path ends: one rpc of one entity type, with the shapes of its messages.
     *
     * @param caching what caches may do with the answer to a GET
     */
    record MethodRoute(
            EntityType<?, ?> type,
            EntityType.Method method,
            HttpHeader caching,
            MessageShape request,
            MessageShape reply) {
        static MethodRoute of(EntityType<?, ?> type, EntityType.Method method, Map<Descriptor, MessageShape> shapes) {
            var rpc = type.service().findMethodByName(method.name());
            return new MethodRoute(
                    type,
                    method,
                    new RawHeader("Cache-Control", rpc == null ? CacheControl.OF_A_COMMAND : CacheControl.of(rpc)),
                    MessageShape.of(method.request().getDescriptorForType(), shapes),
                    MessageShape.of(method.reply().getDescriptorForType(), shapes));
        }

        /** The HTTP methods that fit. A query may also be posted, for what does not fit into a URL. */
        Allow allow() {
            return method.isQuery() ? Allow.QUERY : Allow.COMMAND;
        }
    }
}
