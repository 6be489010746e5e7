package dev.parvi.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLayersTest {
    private static final String KEY = "parvi.node.name";

    @TempDir
    Path folder;

    @Test
    void the_command_line_wins_over_the_environment_and_that_over_the_file() throws IOException {
        var file = List.of(write("parvi.node.name = file"));
        var environment = Map.of("PARVI_NODE_NAME", "environment");
        assertThat(setting(ConfigLayers.of(environment, file, Map.of(KEY, "line"))))
                .isEqualTo(new ConfigLayers.Setting(KEY, "line", "command line"));
        assertThat(setting(ConfigLayers.of(environment, file, Map.of())))
                .isEqualTo(new ConfigLayers.Setting(KEY, "environment", "environment"));
        assertThat(setting(ConfigLayers.of(Map.of(), file, Map.of())))
                .isEqualTo(new ConfigLayers.Setting(KEY, "file", "file " + file.get(0)));
        assertThat(setting(ConfigLayers.of(Map.of(), List.of(), Map.of())))
                .isEqualTo(new ConfigLayers.Setting(KEY, "node", "default"));
    }

    @Test
    void a_password_is_not_shown() {
        var key = "parvi.persistence.postgres.password";
        assertThat(ConfigLayers.of(Map.of("PARVI_PERSISTENCE_POSTGRES_PASSWORD", "hush"), List.of(), Map.of())
                        .settings())
                .contains(new ConfigLayers.Setting(key, "***", "environment"));
        assertThat(ConfigLayers.of(Map.of(), List.of(), Map.of()).settings())
                .contains(new ConfigLayers.Setting(key, "", "default"));
    }

    @Test
    void the_overlay_chosen_in_a_file_stands_below_that_file() throws IOException {
        var layers = ConfigLayers.of(
                Map.of(), List.of(write("parvi.node { overlay = production, drain.notice = 9s }")), Map.of());
        assertThat(layers.settings())
                .contains(new ConfigLayers.Setting("parvi.node.log", "json", "overlay production"))
                .contains(new ConfigLayers.Setting(
                        "parvi.node.drain.notice", "9s", "file " + folder.resolve("parvi.conf")));
    }

    @Test
    void the_store_lies_in_the_data_folder_unless_somebody_says_otherwise() {
        assertThat(ConfigLayers.of(Map.of(), List.of(), Map.of("parvi.node.data", "/x"))
                        .effective()
                        .getString("parvi.persistence.store"))
                .isEqualTo("sqlite:/x/parvi.db");
    }

    @Test
    void settings_reach_pekko() {
        var config = ConfigLayers.of(Map.of(), List.of(), Map.of("parvi.node.failure.stable-after", "11s"))
                .effective();
        assertThat(config.getString("pekko.cluster.split-brain-resolver.stable-after"))
                .isEqualTo("11s");
    }

    @Test
    void a_mistyped_key_is_refused_and_the_nearest_is_named() throws IOException {
        assertThatThrownBy(() -> ConfigLayers.of(Map.of(), List.of(), Map.of("parvi.node.managment.port", "1")))
                .isInstanceOf(StartFailure.class)
                .hasMessage("There is no setting parvi.node.managment.port (command line);"
                        + " did you mean parvi.node.management.port?");
        var file = List.of(write("parvi.node.drain.request = 1s"));
        assertThatThrownBy(() -> ConfigLayers.of(Map.of(), file, Map.of()))
                .hasMessageContaining("did you mean parvi.node.drain.requests?");
    }

    @Test
    void a_stray_variable_of_kubernetes_is_no_mistake() {
        ConfigLayers.of(Map.of("PARVI_SERVICE_HOST", "10.0.0.1", "PARVI_PORT_8080_TCP", "x"), List.of(), Map.of());
    }

    @Test
    void an_unknown_overlay_and_an_unreadable_file_are_refused_by_name() throws IOException {
        assertThatThrownBy(() -> ConfigLayers.of(Map.of(), List.of(), Map.of("parvi.node.overlay", "prod")))
                .hasMessageContaining("local, production, test");
        assertThatThrownBy(() -> ConfigLayers.of(Map.of(), List.of(folder.resolve("none.conf")), Map.of()))
                .hasMessageContaining("none.conf");
        var broken = List.of(write("a = {"));
        assertThatThrownBy(() -> ConfigLayers.of(Map.of(), broken, Map.of())).isInstanceOf(StartFailure.class);
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("parvi.conf"), text);
    }

    private static ConfigLayers.Setting setting(ConfigLayers layers) {
        return layers.settings().stream()
                .filter(setting -> setting.key().equals(KEY))
                .findFirst()
                .orElseThrow();
    }
}
