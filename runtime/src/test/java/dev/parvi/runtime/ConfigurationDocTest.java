package dev.parvi.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigurationDocTest {
    private final String page = Files.readString(Path.of("..", "docs", "configuration.md"));

    ConfigurationDocTest() throws IOException {}

    @Test
    void every_setting_of_every_module_is_in_the_reference() {
        assertThat(ConfigLayers.of(Map.of(), List.of(), Map.of()).settings())
                .map(ConfigLayers.Setting::key)
                .filteredOn(key -> !key.startsWith("parvi.journal.") && !key.startsWith("parvi.snapshot-store."))
                .allSatisfy(key -> assertThat(page).contains("| `" + key + "` |"));
    }

    @Test
    void every_dangerous_setting_is_in_the_reference() {
        assertThat(DangerousSettings.keys()).allSatisfy(key -> assertThat(page).contains("`" + key + "`"));
    }
}
