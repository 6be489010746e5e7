package dev.parvi.testkit.cluster;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import dev.parvi.testkit.TestNode;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What nodes logged and what was done to them, in the order of time. */
final class TimeLine {
    private static final JsonFactory JSON = new JsonFactory();
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final String NOTE = "***";

    private final List<Line> notes = new ArrayList<>();

    synchronized void note(String what) {
        notes.add(new Line(Instant.now(), "", NOTE, what));
    }

    private synchronized List<Line> notes() {
        return new ArrayList<>(notes);
    }

    /** The last {@code linesMax} lines, behind one that says how many there are. */
    String read(Map<String, TestNode> nodes, int linesMax) {
        var lines = notes();
        nodes.forEach((name, node) -> lines.addAll(logged(name, node)));
        lines.sort(Comparator.comparing(Line::time));
        var shown = lines.subList(Math.max(0, lines.size() - linesMax), lines.size());
        var text = new StringBuilder("the last " + shown.size() + " lines of " + lines.size() + '\n');
        shown.forEach(line -> text.append(line.toText()).append('\n'));
        return text.toString();
    }

    private static List<Line> logged(String name, TestNode node) {
        var lines = new ArrayList<Line>();
        var time = Instant.EPOCH;
        try (var log = Files.lines(node.log())) {
            for (var text : (Iterable<String>) log::iterator) {
                var line = Line.of(name, text, time);
                time = line.time();
                lines.add(line);
            }
        } catch (IOException unreadable) {
            lines.add(new Line(time, name, "ERROR", "the log cannot be read: " + unreadable));
        }
        return lines;
    }

    /** One line of a log, or a note. */
    private record Line(Instant time, String node, String level, String text) {
        /** What is not a line of JSON, such as a crash of the JVM, belongs to the time of the line before. */
        static Line of(String node, String text, Instant before) {
            var fields = fields(text);
            if (!fields.containsKey("time")) return new Line(before, node, "", text);
            var logger = fields.getOrDefault("logger", "");
            var message = logger.substring(logger.lastIndexOf('.') + 1) + ": " + fields.getOrDefault("message", "");
            var error = fields.get("error");
            return new Line(
                    Instant.parse(fields.get("time")),
                    node,
                    fields.getOrDefault("level", ""),
                    error == null ? message : message + "\n" + error.stripTrailing());
        }

        private static Map<String, String> fields(String text) {
            var fields = new HashMap<String, String>();
            try (var parser = JSON.createParser(text)) {
                if (parser.nextToken() != JsonToken.START_OBJECT) return Map.of();
                for (var name = parser.nextFieldName(); name != null; name = parser.nextFieldName())
                    fields.put(name, parser.nextTextValue());
            } catch (IOException noJson) {
                return Map.of();
            }
            return fields;
        }

        String toText() {
            return String.format(Locale.ROOT, "%s  %-3s  %-5s  %s", CLOCK.format(time), node, level, text);
        }
    }
}
