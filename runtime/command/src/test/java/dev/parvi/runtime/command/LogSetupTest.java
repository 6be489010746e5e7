package dev.parvi.runtime.command;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LogSetupTest {
    private final LoggerContext context = new LoggerContext();

    @Test
    void a_json_line_has_the_closed_list_of_keys_and_no_other() throws IOException {
        var event = event("two\nlines and a \"quote\"", new IOException("disk"));
        event.setMDCPropertyMap(Map.of("trace_id", "4bf92f3577b34da6a3ce929d0e0e4736", "pekkoSource", "somewhere"));
        var line = new LogSetup.JsonLayout("n1").doLayout(event);
        assertThat(line).endsWith("}\n");
        assertThat(line.strip()).doesNotContain("\n");
        var fields = parse(line);
        assertThat(fields.keySet()).containsExactlyElementsOf(LogSetup.JsonLayout.KEYS);
        assertThat(fields)
                .containsEntry("node", "n1")
                .containsEntry("level", "WARN")
                .containsEntry("logger", "dev.parvi.Test")
                .containsEntry("trace_id", "4bf92f3577b34da6a3ce929d0e0e4736")
                .containsEntry("message", "two\nlines and a \"quote\"");
        assertThat(fields.get("error")).startsWith("java.io.IOException: disk");
    }

    @Test
    void the_diagnostic_context_adds_no_other_key() throws IOException {
        var event = event("plain", null);
        event.setMDCPropertyMap(Map.of("pekkoSource", "somewhere"));
        assertThat(parse(new LogSetup.JsonLayout("n1").doLayout(event)).keySet())
                .containsExactly("time", "level", "node", "logger", "thread", "message");
    }

    @Test
    void a_person_reads_time_level_who_and_what() {
        assertThat(new LogSetup.HumanLayout().doLayout(event("The disk is full", null)))
                .matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3}  WARN   Test +The disk is full\n");
    }

    private LoggingEvent event(String message, @Nullable Throwable error) {
        return new LoggingEvent("x", context.getLogger("dev.parvi.Test"), Level.WARN, message, error, null);
    }

    private static Map<String, String> parse(String line) throws IOException {
        var fields = new LinkedHashMap<String, String>();
        try (var json = new JsonFactory().createParser(line)) {
            while (json.nextToken() != null) {
                if (json.currentToken() == JsonToken.VALUE_STRING) fields.put(json.currentName(), json.getText());
            }
        }
        return fields;
    }
}
