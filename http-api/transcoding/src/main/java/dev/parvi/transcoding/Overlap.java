package dev.parvi.transcoding;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Compares two templates by the paths that they match. */
final class Overlap {
    /** Equal to no literal, as none holds a slash. */
    private static final Segment WITH_VERB = Segment.of("/");

    private Overlap() {}

    /** True if some path matches both, and neither is the more special one: then nobody could say which is meant. */
    static boolean isAmbiguous(PathTemplate one, PathTemplate other) {
        return overlaps(one, other) && covers(one, other) == covers(other, one);
    }

    /** True if some path matches both. */
    static boolean overlaps(PathTemplate one, PathTemplate other) {
        if (one.verb().equals(other.verb())) return overlaps(one.segments(), other.segments());
        if (!one.verb().isEmpty() && !other.verb().isEmpty()) return false;
        var plain = one.verb().isEmpty() ? one : other;
        return verbForms(plain == one ? other : one, plain).anyMatch(form -> overlaps(plain.segments(), form));
    }

    /** True if {@code wide} matches every path that {@code narrow} matches. */
    static boolean covers(PathTemplate wide, PathTemplate narrow) {
        if (wide.verb().equals(narrow.verb())) return covers(wide.segments(), narrow.segments());
        return wide.verb().isEmpty() && verbForms(narrow, wide).allMatch(form -> covers(wide.segments(), form));
    }

    private static boolean overlaps(List<Segment> left, List<Segment> right) {
        for (var i = 0; ; i++) {
            if (isRest(left, i) || isRest(right, i)) return true;
            if (i == left.size() || i == right.size()) return left.size() == right.size();
            if (left.get(i).isLiteral()
                    && right.get(i).isLiteral()
                    && !left.get(i).equals(right.get(i))) return false;
        }
    }

    private static boolean covers(List<Segment> wide, List<Segment> narrow) {
        for (var i = 0; ; i++) {
            if (isRest(wide, i)) return true;
            if (isRest(narrow, i)) return false;
            if (i == wide.size() || i == narrow.size()) return wide.size() == narrow.size();
            if (wide.get(i).isLiteral() && !wide.get(i).equals(narrow.get(i))) return false;
        }
    }

    /**
     * What a template with a verb looks like to one without: its last segment ends in the verb, so it is no literal of the other's. If it
     * may be of any length, then of each up to one that is too long for all but the other's {@code **}.
     */
    private static Stream<List<Segment>> verbForms(PathTemplate template, PathTemplate other) {
        var segments = template.segments();
        var isOpen = isRest(segments, segments.size() - 1);
        var fixed = isOpen ? segments.subList(0, segments.size() - 1) : segments;
        return IntStream.rangeClosed(0, isOpen ? other.segments().size() + 1 : 0)
                .mapToObj(more -> Stream.concat(
                                fixed.stream(),
                                Stream.generate(() -> Segment.ANY).limit(more))
                        .toList())
                .filter(form -> !form.isEmpty())
                .map(form -> Stream.concat(form.subList(0, form.size() - 1).stream(), Stream.of(WITH_VERB))
                        .toList());
    }

    private static boolean isRest(List<Segment> segments, int index) {
        return index < segments.size() && segments.get(index).isRest();
    }
}
