package dev.parvi.http;

import com.google.protobuf.Descriptors.Descriptor;
import dev.parvi.entity.EntityType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.pekko.http.scaladsl.model.Uri;
import org.jspecify.annotations.Nullable;

/** The table of paths: {@code /{type}/{id}} and {@code /{type}/{id}/{method}}. */
final class Routes {
    static final String ECHO = "echo";
    private static final Set<String> RESERVED_TYPES = Set.of("docs", "openapi.json");
    private static final Set<String> RESERVED_METHODS = Set.of("events", "commands");
    private static final int NAMES_SHOWN_MAX = 20;
    private static final int SEGMENTS_MAX = 3;

    private final Map<String, TypeRoutes> types;
    private final int idBytesMax;

    private Routes(Map<String, TypeRoutes> types, int idBytesMax) {
        this.types = types;
        this.idBytesMax = idBytesMax;
    }

    /** Throws if two types share a name, two methods a path, or one takes a word that the contract needs itself. */
    static Routes of(List<EntityType<?, ?>> types, HttpSettings settings) {
        var routes = new HashMap<String, TypeRoutes>();
        var shapes = new IdentityHashMap<Descriptor, MessageShape>();
        for (var type : types) {
            if (RESERVED_TYPES.contains(type.name())
                    || settings.echoRoute() && type.name().equals(ECHO))
                throw new IllegalArgumentException("entity type " + type + " takes a reserved path; name it otherwise");
            if (routes.put(type.name(), TypeRoutes.of(type, shapes)) != null)
                throw new IllegalArgumentException("two entity types are named " + type);
        }
        return new Routes(routes, settings.limits().idBytesMax());
    }

    /** Finds what a path means. Throws a {@link Refusal} that names what stands nearby. */
    Target resolve(Uri.Path path) {
        var segments = segments(path);
        var type = types.get(segments.get(0));
        if (type == null)
            throw Refusal.of(
                    ProblemKind.UNKNOWN_TYPE,
                    "there is no type " + Text.shortened(segments.get(0)) + "; there is " + list(types.keySet()));
        if (segments.size() == 1)
            throw Refusal.of(
                    ProblemKind.UNKNOWN_PATH, "an entity id is missing: /" + segments.get(0) + "/{id}/{method}");
        var id = segments.get(1);
        requireId(id);
        return new Target(id, segments.size() == 2 ? type.read() : type.method(segments.get(2)), segments.size() == 2);
    }

    /** The first segment of a path, decoded; empty if there is none. */
    static String firstSegment(Uri.Path path) {
        var rest = path.startsWithSlash() ? path.tail() : path;
        return rest.startsWithSegment() ? rest.head().toString() : "";
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
    private static List<String> segments(Uri.Path path) {
        if (!path.startsWithSlash()) throw Refusal.of(ProblemKind.INVALID_PATH, "a path starts with a slash");
        var segments = new ArrayList<String>(SEGMENTS_MAX);
        var rest = path.tail();
        while (true) {
            if (!rest.startsWithSegment())
                throw Refusal.of(
                        ProblemKind.INVALID_PATH, "the path has an empty segment: the form is /{type}/{id}/{method}");
            if (segments.size() == SEGMENTS_MAX)
                throw Refusal.of(ProblemKind.UNKNOWN_PATH, "the path is too deep: the form is /{type}/{id}/{method}");
            segments.add(rest.head().toString());
            rest = rest.tail();
            if (rest.isEmpty()) return segments;
            rest = rest.tail();
        }
    }

    /**
     * Refuses ids that a proxy, a log or a store could read as something else. Slashes and backslashes are refused even when
     * escaped: what decodes them on the way sends the request to another entity.
     */
    private void requireId(String id) {
        var bytes = 0;
        for (var i = 0; i < id.length(); i++) {
            var c = id.charAt(i);
            if (Character.isISOControl(c)) throw badId("has a control character");
            if (c == '/' || c == '\\') throw badId("has a slash or a backslash, which proxies may decode");
            if (c == '\uFFFD') throw badId("is not valid UTF-8");
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        if (bytes > idBytesMax)
            throw Refusal.ofField(ProblemKind.URI_TOO_LONG, "id", "is longer than " + idBytesMax + " bytes");
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
     * @param isShort true for {@code /{type}/{id}}, which can only be read
     */
    record Target(String id, MethodRoute route, boolean isShort) {
        String allow() {
            return isShort ? "GET, HEAD" : route.allow();
        }
    }

    /** The methods of one type; {@code read} answers {@code GET /{type}/{id}}. */
    private record TypeRoutes(
            String type,
            Map<String, MethodRoute> methods,
            @Nullable MethodRoute defaultQuery) {

        static TypeRoutes of(EntityType<?, ?> type, Map<Descriptor, MessageShape> shapes) {
            var methods = new HashMap<String, MethodRoute>();
            for (var method : type.methods()) {
                if (RESERVED_METHODS.contains(method.path()))
                    throw new IllegalArgumentException("rpc " + method.name() + " of " + type
                            + " takes the reserved path /" + method.path() + "; name it otherwise");
                var route = new MethodRoute(
                        type,
                        method,
                        MessageShape.of(method.request().getDescriptorForType(), shapes),
                        MessageShape.of(method.reply().getDescriptorForType(), shapes));
                if (methods.put(method.path(), route) != null)
                    throw new IllegalArgumentException("two rpcs of " + type + " have the path /" + method.path());
            }
            return new TypeRoutes(type.name(), methods, defaultQuery(methods));
        }

        /** The query named Get or, if there is none, the only one. */
        private static @Nullable MethodRoute defaultQuery(Map<String, MethodRoute> methods) {
            var get = methods.get("get");
            if (get != null && get.method().isQuery()) return get;
            var queries = methods.values().stream()
                    .filter(route -> route.method().isQuery())
                    .toList();
            return queries.size() == 1 ? queries.get(0) : null;
        }

        MethodRoute read() {
            if (defaultQuery != null) return defaultQuery;
            throw Refusal.of(
                    ProblemKind.UNKNOWN_METHOD,
                    type + " has no query named Get; add one of its methods to the path: " + list(methods.keySet()));
        }

        MethodRoute method(String path) {
            var route = methods.get(path);
            if (route != null) return route;
            throw Refusal.of(
                    ProblemKind.UNKNOWN_METHOD,
                    type + " has no method " + Text.shortened(path) + "; it has " + list(methods.keySet()));
        }
    }

    /** Where a path ends: one rpc of one entity type, with the shapes of its messages. */
    record MethodRoute(EntityType<?, ?> type, EntityType.Method method, MessageShape request, MessageShape reply) {

        /** The HTTP methods that fit. A query may also be posted, for what does not fit into a URL. */
        String allow() {
            return method.isQuery() ? "GET, HEAD, POST" : "POST";
        }
    }
}
