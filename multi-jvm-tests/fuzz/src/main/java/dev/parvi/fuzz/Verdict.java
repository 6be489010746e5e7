package dev.parvi.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What no answer may be. */
final class Verdict {
    /** What comes from within: names of classes, traces, statements, files. */
    private static final List<String> INTERNALS = List.of(
            "dev.parvi", "org.apache", "java.", "scala.", "exception", "\tat ", "sqlite", "jdbc", "select ", ".java:");

    private final List<String> canaries;

    Verdict(List<String> more) {
        this.canaries = new ArrayList<>(INTERNALS);
        for (var each : more) canaries.add(each.toLowerCase(Locale.ROOT));
    }

    /** Throws if the answer tells what is nobody's business, or says that the node failed. */
    void judge(byte[] request, String answer) {
        if (answer.startsWith("HTTP/1.1 5")) throw new AssertionError("the node failed: " + answer);
        if (!answer.isEmpty() && !answer.startsWith("HTTP/1.1 ")) throw new AssertionError("no answer: " + answer);
        var text = answer.toLowerCase(Locale.ROOT);
        var sent = new String(request, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        for (var canary : canaries)
            if (text.contains(canary) && !sent.contains(canary))
                throw new AssertionError("the answer tells of " + canary + ": " + answer);
    }
}
