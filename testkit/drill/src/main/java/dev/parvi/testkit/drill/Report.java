package dev.parvi.testkit.drill;

import dev.parvi.runtime.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The result of a drill as one page of HTML: it loads nothing from elsewhere and runs no script. */
final class Report {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final Map<String, String> CHECKS = Map.of(
            "lost",
                    "What was acknowledged is in the journal: same revision, key, method and reply; nothing was seen that is not there",
            "twice", "No revision was acknowledged to two commands",
            "order", "Revisions follow real time: nobody was told of an older state than was told before to others",
            "once", "A key is in the journal at most once, with one outcome; what was only refused is nowhere",
            "wrong entity", "No command was stored by another entity than it was sent to",
            "stream", "Streams showed every event once, in order, to the end",
            "undecided", "Of every command it is known in the end what became of it",
            "replay",
                    "Every entity can be replayed from the journal, from its beginning and from a snapshot, and its commands, decided again, come to what is stored");

    private static final int SHOWN_OF_A_KIND = 4;

    private final DrillResult result;
    private final StringBuilder html = new StringBuilder();

    private Report(DrillResult result) {
        this.result = result;
    }

    static String of(DrillResult result) {
        var report = new Report(result);
        report.write();
        return report.html.toString();
    }

    private void write() {
        var word = result.passed() ? "Passed" : "Failed";
        add("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        add("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        add("<title>Parvi drill " + result.plan().seed() + ": " + word + "</title>\n<style>\n" + css()
                + "</style>\n</head>\n");
        add("<body class=\"" + word.toLowerCase(Locale.ROOT) + "\">\n<header>\n<p class=\"over\">Parvi drill "
                + result.plan().seed() + "</p>\n<h1>" + word + "</h1>\n<p class=\"sum\">"
                + escaped(withoutVerdict(result.sentence())) + "</p>\n</header>\n<main>\n");
        violations();
        list("remarks", "Read this before you believe it", result.remarks());
        timeLine();
        checks();
        numbers();
        setting();
        happenings();
        add(
                "</main>\n<footer>Made by <code>parvi drill</code>, Parvi " + escaped(Node.version())
                        + ". The same seed, time and number of nodes give the same faults in the same order.</footer>\n</body>\n</html>\n");
    }

    private static String withoutVerdict(String sentence) {
        var text = sentence.substring(sentence.indexOf(':') + 2);
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    /** The first of each kind at once, the others behind a click. */
    private void violations() {
        if (result.violations().isEmpty()) return;
        var first = new ArrayList<String>();
        var more = new ArrayList<String>();
        var shown = new HashMap<String, Integer>();
        for (var sentence : result.violations())
            (shown.merge(sentence.split(":", 2)[0], 1, Integer::sum) <= SHOWN_OF_A_KIND ? first : more).add(sentence);
        list("violations", "What was violated", first);
        if (more.isEmpty()) return;
        add("<details><summary>" + more.size() + " more</summary>\n<ul>\n");
        for (var sentence : more) add("<li>" + escaped(sentence) + "</li>\n");
        add("</ul>\n</details>\n");
    }

    private void list(String kind, String title, List<String> sentences) {
        if (sentences.isEmpty()) return;
        add("<section class=\"" + kind + "\">\n<h2>" + title + "</h2>\n<ul>\n");
        for (var sentence : sentences) add("<li>" + escaped(sentence) + "</li>\n");
        add("</ul>\n</section>\n");
    }

    private void timeLine() {
        add("<section>\n<h2>What happened</h2>\n<figure>\n" + Chart.of(result) + "<figcaption>");
        var used = EnumSet.noneOf(Bars.Kind.class);
        Bars.of(result.happenings(), result.took()).forEach(bar -> used.add(bar.kind()));
        for (var kind : used) {
            var name = kind.name().toLowerCase(Locale.ROOT);
            add("<span class=\"key\"><i class=\"" + name + "\"></i>" + legend(kind) + "</span> ");
        }
        if (!result.stalls().isEmpty())
            add("<span class=\"key\"><i class=\"stall\"></i>the machine stood still: timing is void</span>");
        add("</figcaption>\n</figure>\n</section>\n");
    }

    private static String legend(Bars.Kind kind) {
        return switch (kind) {
            case KILLED -> "killed, until ready again";
            case STOPPED -> "stopped, until ready again";
            case FROZEN -> "frozen";
            case GONE -> "ended by itself, as it should when cut off or frozen";
            case STARVED -> "starved of CPU";
            case CUT -> "cut";
            case FLAPPING -> "flapping";
            case LOSS -> "loss";
        };
    }

    private void checks() {
        add(
                "<section>\n<h2>What was judged</h2>\n<table>\n<tr><th>check</th><th>what must hold</th><th class=\"n\">violations</th></tr>\n");
        result.verdict()
                .violations()
                .forEach((name, count) -> add("<tr class=\"" + (count == 0 ? "good" : "bad")
                        + "\"><td>" + escaped(name) + "</td><td>" + escaped(CHECKS.getOrDefault(name, ""))
                        + "</td><td class=\"n\">"
                        + number(count) + "</td></tr>\n"));
        add("<tr class=\"" + (result.failures().isEmpty() ? "good" : "bad")
                + "\"><td>repair</td><td>After each repair all nodes are ready again</td><td class=\"n\">"
                + result.failures().size() + "</td></tr>\n</table>\n</section>\n");
    }

    private void numbers() {
        var counts = result.verdict().counts();
        add("<section>\n<h2>In numbers</h2>\n<table>\n");
        row("Commands acknowledged", number(counts.acknowledged()));
        result.types().forEach((type, count) -> row("of which to " + type, number(count)));
        row("of which told again, from the stored outcome", number(counts.replayed()));
        row("Sent more than once, until it was decided", number(counts.retried()));
        row("Answered queries, and commands with nothing to store", number(counts.answered()));
        row("Refused", number(counts.refused()));
        result.refusals().forEach((why, count) -> row("of which " + why, number(count)));
        row("Undecided to the end", number(counts.undecided()));
        row("Entities", number(counts.entities()));
        row("Events that streams showed", number(counts.seen()) + " in " + counts.streams() + " streams");
        row(
                "Longest wait of a command",
                String.format(Locale.ROOT, "%.1f s", result.longestWait().toMillis() / 1e3));
        row("Faults", number(result.faults()) + ", in " + result.played() + " of " + result.planned() + " episodes");
        add("</table>\n</section>\n");
    }

    private void setting() {
        var plan = result.plan();
        var machine = result.machine();
        add("<section>\n<h2>To have it again</h2>\n<pre>" + escaped(plan.command()) + "</pre>\n<table>\n");
        row("Seed", Long.toString(plan.seed()));
        row("Begun", TIME.format(result.begun()));
        row(
                "Took",
                Chronicle.clock(result.took()) + " of planned " + Chronicle.clock(plan.duration())
                        + ", repair included");
        row("Nodes", plan.nodes() + ", on one machine, each a process of its own");
        row("Store", plan.store());
        row(
                "Clients",
                plan.clients() + ", to " + plan.ids() + " entities of "
                        + String.join(", ", plan.requests().typeNames()));
        row("Machine", machine.cores() + " cores, memory " + machine.memory());
        row("JDK", machine.jdk());
        row("System", machine.system());
        for (var kept : result.kept()) row("Data and logs", kept.toString());
        add("</table>\n</section>\n");
    }

    private void happenings() {
        add("<section>\n<h2>One after the other</h2>\n<table class=\"log\">\n");
        for (var happening : result.happenings())
            add("<tr class=\"" + (happening.isFault() ? "fault" : "note") + "\"><td class=\"n\">"
                    + Chronicle.clock(happening.at()) + "</td><td>" + escaped(happening.text()) + "</td></tr>\n");
        add("</table>\n</section>\n");
    }

    private void row(String name, String value) {
        var isPart = name.startsWith("of which");
        add("<tr" + (isPart ? " class=\"part\"" : "") + "><td>" + escaped(name) + "</td><td>" + escaped(value)
                + "</td></tr>\n");
    }

    private static String number(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** Text that cannot be taken for markup. */
    static String escaped(String text) {
        var escaped = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(each -> {
            switch (each) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.appendCodePoint(isText(each) ? each : '\ufffd');
            }
        });
        return escaped.toString();
    }

    /** What XML allows in a text. */
    private static boolean isText(int each) {
        if (each < ' ') return each == '\t' || each == '\n';
        return each < 0xd800 || each > 0xdfff && each < 0xfffe || each > 0xffff;
    }

    private static String css() {
        try (var file = Report.class.getResourceAsStream("report.css")) {
            if (file == null) throw new IllegalStateException("report.css is not on the class path");
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Writes the page. */
    static void write(DrillResult result, Path file) throws IOException {
        Files.writeString(file, of(result));
    }

    private void add(String text) {
        html.append(text);
    }
}
