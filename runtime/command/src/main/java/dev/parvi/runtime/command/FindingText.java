package dev.parvi.runtime.command;

import dev.parvi.persistence.pekkojournal.JournalFinding;
import dev.parvi.persistence.pekkojournal.JournalFinding.Contested;
import dev.parvi.persistence.pekkojournal.JournalFinding.Gap;
import dev.parvi.persistence.pekkojournal.JournalReport;
import java.io.PrintWriter;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Findings for a person: a heading for each persistence id, a line for each row, and the sums below. */
final class FindingText {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);
    /** Enough of a writer's UUID to tell those of one persistence id apart. */
    private static final int WRITER_LENGTH = 8;

    private final PrintWriter out;
    private final int max;
    private String current = "";
    private long shown;

    FindingText(PrintWriter out, int max) {
        this.out = out;
        this.max = max;
    }

    void print(JournalFinding finding) {
        if (shown == 0 || !finding.persistenceId().equals(current)) {
            closeId();
            current = finding.persistenceId();
            shown = 0;
            out.println(current);
        }
        if (shown++ >= max) return;
        out.print(finding.<String>fold(FindingText::lines, FindingText::line));
    }

    void print(JournalReport report) {
        closeId();
        sum(
                report.persistenceIds(),
                "persistence ids",
                "read in " + report.took().toSeconds() + " s");
        sum(report.events(), "events", "");
        if (report.isClean()) {
            out.println("No number was written twice, and none is missing.");
            return;
        }
        sum(report.damagedIds(), "persistence ids with damage", "");
        sum(report.doubles(), "numbers written more than once", "");
        sum(report.discarded(), "events that replay discards", "stored, and not delivered");
        sum(report.unread(), "events that replay does not read", "");
        sum(report.notReached(), "events that replay does not reach", "");
        sum(report.missing(), "missing numbers", "in " + report.gaps() + (report.gaps() == 1 ? " gap" : " gaps"));
    }

    private void closeId() {
        if (shown > max) out.println(String.format(Locale.ROOT, "%12s  and %,d more", "", shown - max));
        if (shown > 0) out.println();
    }

    private void sum(long count, String of, String remark) {
        out.println(
                String.format(Locale.ROOT, "%,12d  %-34s%s", count, of, remark).stripTrailing());
    }

    private static String lines(Contested contested) {
        var lines = new StringBuilder();
        var number = Long.toString(contested.sequenceNr());
        for (var row : contested.rows()) {
            lines.append(String.format(
                    Locale.ROOT,
                    "%12s  %-8s  %s  %s%n",
                    number,
                    brief(row.event().writer()),
                    TIME.format(row.event().time()),
                    row.fate().words()));
            number = "";
        }
        return lines.toString();
    }

    private static String line(Gap gap) {
        var numbers = gap.from() == gap.to() ? Long.toString(gap.from()) : gap.from() + "-" + gap.to();
        return String.format(Locale.ROOT, "%12s  missing%n", numbers);
    }

    private static String brief(String writer) {
        return writer.length() <= WRITER_LENGTH ? writer : writer.substring(0, WRITER_LENGTH);
    }
}
