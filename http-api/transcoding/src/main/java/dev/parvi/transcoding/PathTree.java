package dev.parvi.transcoding;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds the template that a path fits. A verb goes before none; then, from the left, a literal before {@code *}, and that before
 * {@code **}. Where {@link #rival} has refused nothing, this is the same as: the most special template. Templates are added first;
 * then it may be asked by many threads.
 *
 * @param <T> what templates lead to
 */
public final class PathTree<T> {
    private final Node<T> root = new Node<>();
    private final List<Entry<T>> entries = new ArrayList<>();

    /** What one with the same HTTP method leads to that shares paths with this template, while neither is more special; or null. */
    public @Nullable T rival(String method, PathTemplate template) {
        return entries.stream()
                .filter(entry -> entry.method.equals(method) && Overlap.isAmbiguous(entry.template, template))
                .map(Entry::target)
                .findFirst()
                .orElse(null);
    }

    /** What those with the same HTTP method lead to from which this template would take paths by being more special. */
    public List<T> victims(String method, PathTemplate template) {
        return entries.stream()
                .filter(entry -> entry.method.equals(method) && Overlap.covers(entry.template, template))
                .map(Entry::target)
                .toList();
    }

    /** Throws an {@link IllegalArgumentException} if a path could not tell this template from an earlier one. */
    public void add(String method, PathTemplate template, T target) {
        if (rival(method, template) != null)
            throw new IllegalArgumentException("the path \"" + template + "\" is there already");
        var entry = new Entry<>(method, template, target);
        entries.add(entry);
        var node = root;
        for (var segment : template.segments()) node = node.child(segment);
        node.entries
                .computeIfAbsent(template.verb(), verb -> new LinkedHashMap<>())
                .put(method, entry);
    }

    /**
     * Finds where a path leads, or null if it fits no template of this HTTP method.
     *
     * @param path as it was sent, without a query
     */
    public @Nullable Found<T> find(String method, String path) {
        var found = new ArrayList<Entry<T>>(1);
        var segments = search(path, leaf -> {
            var entry = leaf.get(method);
            if (entry != null && found.isEmpty()) found.add(entry);
        });
        return found.isEmpty() ? null : new Found<>(found.get(0).target, found.get(0).template, segments);
    }

    /** Where a path leads by each HTTP method. */
    public SortedMap<String, T> targets(String path) {
        var targets = new TreeMap<String, T>();
        search(path, leaf -> leaf.forEach((method, entry) -> targets.putIfAbsent(method, entry.target)));
        return targets;
    }

    /** The HTTP methods of all templates. */
    public Set<String> methods() {
        return entries.stream().map(Entry::method).collect(Collectors.toSet());
    }

    /** Shows all leaves that the path fits, the most special first; gives back its segments. */
    private String[] search(String path, Consumer<Map<String, Entry<T>>> visitor) {
        var segments = path.startsWith("/") ? path.substring(1).split("/", -1) : new String[0];
        for (var segment : segments) if (segment.isEmpty()) return segments;
        if (segments.length == 0) return segments;
        var last = segments.length - 1;
        var colon = segments[last].lastIndexOf(':');
        if (colon > 0) {
            var verb = Percent.decode(segments[last].substring(colon + 1));
            var plain = segments.clone();
            plain[last] = segments[last].substring(0, colon);
            if (verb != null && !verb.isEmpty()) root.visit(plain, 0, verb, visitor);
        }
        root.visit(segments, 0, "", visitor);
        return segments;
    }

    private record Entry<T>(String method, PathTemplate template, T target) {}

    /** Where a path has got to. The tree is as deep as its longest template, so no path goes deeper than that. */
    private static final class Node<T> {
        private final Map<String, Node<T>> literals = new HashMap<>();
        private final Map<String, Map<String, Entry<T>>> entries = new HashMap<>();
        private @Nullable Node<T> any;
        private @Nullable Node<T> rest;

        Node<T> child(Segment segment) {
            return switch (segment.kind()) {
                case LITERAL -> literals.computeIfAbsent(segment.literal(), literal -> new Node<>());
                case ANY -> any == null ? any = new Node<>() : any;
                case REST -> rest == null ? rest = new Node<>() : rest;
            };
        }

        void visit(String[] segments, int at, String verb, Consumer<Map<String, Entry<T>>> visitor) {
            if (at == segments.length) visitLeaf(verb, visitor);
            else {
                var literal = literals.isEmpty() ? null : Percent.decode(segments[at]);
                var next = literal == null ? null : literals.get(literal);
                if (next != null) next.visit(segments, at + 1, verb, visitor);
                if (any != null) any.visit(segments, at + 1, verb, visitor);
            }
            if (rest != null) rest.visitLeaf(verb, visitor);
        }

        private void visitLeaf(String verb, Consumer<Map<String, Entry<T>>> visitor) {
            var leaf = entries.get(verb);
            if (leaf != null) visitor.accept(leaf);
        }
    }

    /** Where a path leads. */
    public static final class Found<T> {
        private final T target;
        private final PathTemplate template;
        private final String[] segments;

        Found(T target, PathTemplate template, String[] segments) {
            this.target = target;
            this.template = template;
            this.segments = segments.clone();
            var last = segments.length - 1;
            if (!template.verb().isEmpty())
                this.segments[last] = segments[last].substring(0, segments[last].lastIndexOf(':'));
        }

        public T target() {
            return target;
        }

        /** What the variables stand for, by their field paths, decoded. Throws a {@link BadPath} for what is no text. */
        public Map<String, String> values() {
            var values = new LinkedHashMap<String, String>();
            for (var variable : template.variables()) values.put(variable.fieldPath(), value(variable));
            return values;
        }

        private String value(PathTemplate.Variable variable) {
            var isRest = template.segments().get(variable.to() - 1).isRest();
            var to = isRest ? segments.length : variable.to();
            var value = new StringBuilder();
            for (var i = variable.from(); i < to; i++) {
                var decoded = variable.isMulti() ? Percent.decodeButSlashes(segments[i]) : Percent.decode(segments[i]);
                if (decoded == null) throw new BadPath(variable.fieldPath(), "has an escape that is cut or not UTF-8");
                value.append(i > variable.from() ? "/" : "").append(decoded);
            }
            return value.toString();
        }
    }
}
