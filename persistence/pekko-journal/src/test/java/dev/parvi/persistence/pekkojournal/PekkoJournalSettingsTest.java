package dev.parvi.persistence.pekkojournal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.parvi.persistence.pekkojournal.PekkoJournalSettings.Filter;
import dev.parvi.persistence.pekkojournal.PekkoJournalSettings.Mode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PekkoJournalSettingsTest {
    @Test
    void the_defaults_are_those_of_the_stock_plugin() {
        assertThat(with(""))
                .isEqualTo(new PekkoJournalSettings(
                        "messages",
                        "metadata",
                        500_000,
                        new Filter(Mode.REPAIR_BY_DISCARD_OLD, 100, 10),
                        true,
                        8,
                        1_000));
    }

    @Test
    void every_key_is_read() {
        assertThat(with("table = m, metadata-table = d, target-partition-size = 5, gap-free-sequence-numbers = off,"
                        + "parallelism = 2, page-size = 3,"
                        + "replay-filter { mode = off, window-size = 4, max-old-writers = 6 }"))
                .isEqualTo(new PekkoJournalSettings("m", "d", 5, new Filter(Mode.OFF, 4, 6), false, 2, 3));
    }

    @ParameterizedTest
    @CsvSource({
        "table = \"a.b\", table",
        "target-partition-size = 0, target-partition-size",
        "replay-filter.mode = guess, replay-filter.mode",
        "replay-filter.window-size = 0, replay-filter.window-size",
        "replay-filter.max-old-writers = 0, replay-filter.max-old-writers",
        "parallelism = 65, parallelism",
        "page-size = none, page-size"
    })
    void a_wrong_value_names_its_key(String line, String key) {
        assertThatThrownBy(() -> with(line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("parvi.pekko-journal." + key);
    }

    private static PekkoJournalSettings with(String lines) {
        return PekkoJournalSettings.from(ConfigFactory.parseString("parvi.pekko-journal { " + lines + " }")
                .withFallback(ConfigFactory.defaultReference())
                .resolve());
    }
}
