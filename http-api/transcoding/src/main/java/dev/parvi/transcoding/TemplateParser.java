package dev.parvi.transcoding;

import dev.parvi.transcoding.PathTemplate.Variable;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the grammar of {@code google/api/http.proto}:
 *
 * <pre>
 * Template = "/" Segments [ Verb ] ;     Variable  = "{" FieldPath [ "=" Segments ] "}" ;
 * Segments = Segment { "/" Segment } ;   FieldPath = IDENT { "." IDENT } ;
 * Segment  = "*" | "**" | LITERAL | Variable ;
 * Verb     = ":" LITERAL ;
 * </pre>
 *
 * A literal holds what a path may hold unescaped, or escapes. A colon begins the verb; in a literal it is {@code %3A}.
 */
final class TemplateParser {
    private static final String IN_LITERALS = "!$&'()+,;=@";

    private final String text;
    private final List<Segment> segments = new ArrayList<>();
    private final List<Variable> variables = new ArrayList<>();
    private int at;

    TemplateParser(String text) {
        this.text = text;
    }

    /** Throws a {@link BadTemplate}. */
    PathTemplate parse() {
        if (!text.startsWith("/")) throw new BadTemplate("does not start with a slash", "write \"/" + text + "\"");
        at = 1;
        readSegments(false);
        var verb = "";
        if (has(':')) {
            at++;
            verb = literal();
        }
        if (at < text.length()) throw unexpected();
        for (var i = 0; i + 1 < segments.size(); i++)
            if (segments.get(i).isRest()) throw new BadTemplate("goes on after **", "move ** to its end");
        return new PathTemplate(text, segments, variables, verb);
    }

    private void readSegments(boolean isInside) {
        readSegment(isInside);
        while (has('/')) {
            at++;
            readSegment(isInside);
        }
    }

    private void readSegment(boolean isInside) {
        if (has('*')) {
            var isRest = text.startsWith("**", at);
            at += isRest ? 2 : 1;
            segments.add(isRest ? Segment.REST : Segment.ANY);
        } else if (has('{')) {
            if (isInside) throw new BadTemplate("has a variable inside of a variable", "name one of them only");
            readVariable();
        } else segments.add(Segment.of(segmentLiteral()));
    }

    private void readVariable() {
        at++;
        var name = new StringBuilder(identifier());
        while (has('.')) {
            at++;
            name.append('.').append(identifier());
        }
        var from = segments.size();
        if (has('=')) {
            at++;
            readSegments(true);
        } else segments.add(Segment.ANY);
        if (!has('}')) throw unexpected();
        at++;
        var fieldPath = name.toString();
        if (variables.stream().anyMatch(variable -> variable.fieldPath().equals(fieldPath)))
            throw new BadTemplate("has {" + fieldPath + "} twice", "name it once");
        variables.add(new Variable(fieldPath, from, segments.size(), isMulti(from)));
    }

    /** A variable of one wildcard is decoded as a whole; any other may hold slashes, so escaped ones are kept apart. */
    private boolean isMulti(int from) {
        return segments.size() - from > 1 || segments.get(from).isRest();
    }

    private String identifier() {
        var from = at;
        while (at < text.length() && isWord(text.charAt(at)) && (at > from || !isDigit(text.charAt(at)))) at++;
        if (at == from) throw unexpected();
        return text.substring(from, at);
    }

    private static boolean isWord(char c) {
        return c == '_' || isDigit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private String segmentLiteral() {
        var literal = literal();
        if (literal.equals(".") || literal.equals("..") || literal.contains("/"))
            throw new BadTemplate("has the segment " + literal + ", which no request reaches", "name it otherwise");
        return literal;
    }

    /** Decoded. */
    private String literal() {
        var from = at;
        while (at < text.length() && isLiteral(text.charAt(at))) at++;
        if (at == from) throw unexpected();
        var literal = Percent.decode(text.substring(from, at));
        if (literal == null)
            throw new BadTemplate(
                    "has a broken escape in " + text.substring(from, at), "write two hex digits behind %, of UTF-8");
        return literal;
    }

    private static boolean isLiteral(char c) {
        return Percent.isUnreserved(c) || c == '%' || IN_LITERALS.indexOf(c) >= 0;
    }

    private boolean has(char c) {
        return at < text.length() && text.charAt(at) == c;
    }

    private BadTemplate unexpected() {
        if (at == text.length())
            return text.endsWith("/")
                    ? new BadTemplate("ends with a slash", "remove it, or write a segment behind it")
                    : new BadTemplate("ends too early", "write what is missing, such as }");
        if (has('/') && text.charAt(at - 1) == '/') return new BadTemplate("has an empty segment", "write one slash");
        return new BadTemplate(
                "has an unexpected '" + text.charAt(at) + "' at character " + (at + 1),
                "write segments such as /v1/things/{thing_id}/parts/{part=**}:verb, and %3A for a colon in a segment");
    }
}
