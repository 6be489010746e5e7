package dev.parvi.http;

import dev.parvi.http.Routes.MethodRoute;
import dev.parvi.http.Routes.Target;
import dev.parvi.http.Routes.TypeRoutes;
import dev.parvi.transcoding.BadPath;
import dev.parvi.transcoding.Binding;
import dev.parvi.transcoding.HttpRules;
import dev.parvi.transcoding.PathTemplate;
import dev.parvi.transcoding.PathTree;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.http.scaladsl.model.HttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * The paths that authors have chosen, in one tree with those that are there by themselves: the more special one is meant, whosever it
 * is.
 */
final class Bindings {
    private static final List<String> ALL_METHODS = List.of("GET", "POST", "PUT", "PATCH", "DELETE");

    private final PathTree<Way> tree = new PathTree<>();
    private final int idBytesMax;

    private Bindings(int idBytesMax) {
        this.idBytesMax = idBytesMax;
    }

    /** Null if no author has chosen a path. Throws if one takes what is not to be had, or if two could mean the same request. */
    static @Nullable Bindings of(Collection<TypeRoutes> types, HttpSettings settings) {
        if (types.stream().allMatch(type -> type.bound().isEmpty())) return null;
        var bindings = new Bindings(settings.limits().idBytesMax());
        bindings.addPages(settings.echoRoute());
        types.forEach(bindings::addDefaults);
        types.forEach(type -> type.bound().forEach(bound -> bindings.add(type, bound)));
        return bindings;
    }

    private void addPages(boolean isEchoing) {
        for (var page : List.of("/docs", "/docs/**", "/openapi.json")) addOwn("GET", page);
        if (isEchoing) for (var method : ALL_METHODS) addOwn(method, "/" + Routes.ECHO + "/**");
    }

    private void addDefaults(TypeRoutes routes) {
        var type = "/" + routes.type().name();
        for (var look : List.of("", "/events", "/*/events", "/*/commands/*")) addOwn("GET", type + look);
        if (routes.defaultQuery() != null) addOwn("GET", type + "/*");
        if (routes.deletion() != null) addOwn("DELETE", type + "/*");
        for (var route : routes.methods().values()) {
            var path = type + "/*/" + route.method().path();
            addOwn("POST", path);
            if (route.method().isQuery()) addOwn("GET", path);
        }
    }

    private void addOwn(String method, String path) {
        var words =
                path.endsWith("**") ? path : path.replaceFirst("\\*", "{id}").replace("*", "{key}");
        tree.add(method, PathTemplate.of(path), new Way(method + " " + words, null, null));
    }

    private void add(TypeRoutes type, Bound bound) {
        var binding = bound.binding();
        var words = bound.route().type() + "." + bound.route().method().name() + ": " + binding;
        var rival = tree.rival(binding.method(), binding.template());
        if (rival != null && rival.bound() != null)
            throw new IllegalArgumentException("a request may fit two paths, and nobody could say which is meant: "
                    + words + ", and " + rival.words() + "; give one of them a segment that the other has not");
        var victims = tree.victims(binding.method(), binding.template());
        Stream.concat(Stream.ofNullable(rival), victims.stream())
                .filter(way -> way.bound() == null)
                .findFirst()
                .ifPresent(way -> {
                    throw new IllegalArgumentException(
                            words + " takes " + way.words() + ", which is in use; choose another path");
                });
        tree.add(binding.method(), binding.template(), new Way(words, type, bound));
    }

    /**
     * Where the request is bound to, or null if it is for no path of an author's. Throws a {@link Refusal} if it is, by another HTTP
     * method, or if its path holds what cannot be.
     */
    @Nullable
    Target find(HttpRequest request) {
        var path = Routes.rawPath(request);
        var method = request.method().value();
        var found = tree.find(method.equals("HEAD") ? "GET" : method, path);
        if (found == null) {
            if (path.contains("//") || path.length() > 1 && path.endsWith("/"))
                throw Refusal.of(ProblemKind.INVALID_PATH, "the path has an empty segment");
            var allow = allow(path);
            if (allow != null) throw allow.refusal(request, "this path", "");
            return null;
        }
        var type = found.target().type();
        var bound = found.target().bound();
        if (type == null || bound == null) return null;
        try {
            var values = found.values();
            var id = Objects.requireNonNull(values.get(bound.binding().idVariable()));
            // Before a verb, as in /..:close, they are no dot segments, and the same ids.
            if (id.equals(".") || id.equals(".."))
                throw Refusal.ofField(ProblemKind.INVALID_ID, "id", "is a dot segment, which proxies may resolve");
            Routes.requireId(id, idBytesMax);
            return new Target(id, bound.route(), false, type, new Routes.Chosen(bound, values));
        } catch (BadPath bad) {
            throw Refusal.ofField(ProblemKind.INVALID_PATH, bad.variable(), bad.message());
        }
    }

    /** What fits a path, or null if it is none of an author's. */
    @Nullable
    Allow allow(String path) {
        var ways = tree.targets(path);
        return ways.values().stream().anyMatch(way -> way.bound() != null) ? Allow.of(ways.keySet()) : null;
    }

    /** What fits some path or other. */
    Allow anything() {
        return Allow.of(tree.methods());
    }

    /**
     * Where a path of the tree leads.
     *
     * @param words for messages
     * @param type null, with {@code bound}, if it is there by itself
     */
    private record Way(
            String words,
            @Nullable TypeRoutes type,
            @Nullable Bound bound) {}

    /**
     * A path of an author's.
     *
     * @param elsewhere the fields that do not stand in the query
     */
    record Bound(MethodRoute route, Binding binding, Set<String> elsewhere) {
        /** Throws if the annotation is wrong. */
        static List<Bound> of(MethodRoute route) {
            var method = route.method();
            var rpc = route.type().service().findMethodByName(method.name());
            var rules = HttpRules.of(rpc, route.type().idVariable(), method.isQuery());
            if (!rules.faults().isEmpty())
                throw new IllegalArgumentException(
                        "entity type " + route.type() + ": " + rules.faults().get(0));
            return rules.bindings().stream()
                    .map(binding -> new Bound(route, binding, elsewhere(binding)))
                    .toList();
        }

        private static Set<String> elsewhere(Binding binding) {
            return Stream.concat(binding.pathFields().stream(), Stream.of(binding.body()))
                    .collect(Collectors.toUnmodifiableSet());
        }
    }
}
