package dev.parvi.runtime.command;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.parvi.persistence.pekkojournal.Fate;
import dev.parvi.persistence.pekkojournal.JournalFinding;
import dev.parvi.persistence.pekkojournal.JournalFinding.Contested;
import dev.parvi.persistence.pekkojournal.JournalFinding.Gap;
import dev.parvi.persistence.pekkojournal.JournalFinding.Judged;
import dev.parvi.persistence.pekkojournal.JournalReport;
import dev.parvi.runtime.Json;
import java.io.IOException;
import java.util.Locale;

/** Findings for programs: one object on one line each. Fields are only ever added. */
final class FindingJson {
    private FindingJson() {}

    static String of(JournalFinding finding) {
        return finding.fold(FindingJson::contested, FindingJson::gap);
    }

    static String of(JournalReport report) {
        return Json.object(json -> {
            json.writeStringField("kind", "report");
            json.writeBooleanField("clean", report.isClean());
            json.writeNumberField("persistenceIds", report.persistenceIds());
            json.writeNumberField("events", report.events());
            json.writeNumberField("damagedIds", report.damagedIds());
            json.writeNumberField("doubles", report.doubles());
            json.writeNumberField("lost", report.lost());
            json.writeNumberField("discarded", report.discarded());
            json.writeNumberField("unread", report.unread());
            json.writeNumberField("notReached", report.notReached());
            json.writeNumberField("gaps", report.gaps());
            json.writeNumberField("missing", report.missing());
            json.writeNumberField("millis", report.took().toMillis());
        });
    }

    private static String contested(Contested contested) {
        return Json.object(json -> {
            json.writeStringField("kind", "contested");
            json.writeStringField("persistenceId", contested.persistenceId());
            json.writeNumberField("sequenceNr", contested.sequenceNr());
            json.writeNumberField("writers", contested.writers());
            json.writeArrayFieldStart("rows");
            for (var row : contested.rows()) write(row, json);
            json.writeEndArray();
        });
    }

    private static void write(Judged row, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("writer", row.event().writer());
        json.writeStringField("time", row.event().time().toString());
        json.writeStringField("timeuuid", row.event().timestamp().toString());
        json.writeNumberField("serializerId", row.event().serializerId());
        json.writeStringField("manifest", row.event().manifest());
        json.writeStringField("fate", row.fate().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        json.writeBooleanField("kept", row.fate() == Fate.KEPT);
        json.writeEndObject();
    }

    private static String gap(Gap gap) {
        return Json.object(json -> {
            json.writeStringField("kind", "gap");
            json.writeStringField("persistenceId", gap.persistenceId());
            json.writeNumberField("from", gap.from());
            json.writeNumberField("to", gap.to());
        });
    }
}
