package dev.parvi.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NodeSettingsTest {
    private static final Map<String, String> OTHER_VALUES = Map.ofEntries(
            Map.entry("parvi.node.name", "n"),
            Map.entry("parvi.node.cluster", "c"),
            Map.entry("parvi.node.data", "d"),
            Map.entry("parvi.node.entities", "[a, b]"),
            Map.entry("parvi.node.log", "json"),
            Map.entry("parvi.node.host", "127.0.0.2"),
            Map.entry("parvi.node.port", "1"),
            Map.entry("parvi.node.management.host", "127.0.0.3"),
            Map.entry("parvi.node.management.port", "2"),
            Map.entry("parvi.node.formation.contact-points", "[\"h:1\", \"i:2\", \"j:3\"]"),
            Map.entry("parvi.node.formation.required-contact-points", "3"),
            Map.entry("parvi.node.formation.give-up-after", "3s"),
            Map.entry("parvi.node.readiness.timeout", "4s"),
            Map.entry("parvi.node.readiness.tolerance", "5s"),
            Map.entry("parvi.node.liveness.starved-after", "6s"),
            Map.entry("parvi.node.drain.notice", "7s"),
            Map.entry("parvi.node.drain.requests", "8s"),
            Map.entry("pekko.remote.artery.advanced.tcp.outbound-client-hostname", "127.0.0.4"));

    @Test
    void the_defaults_are_those_of_the_documentation() {
        assertThat(NodeSettings.from(ConfigFactory.load()))
                .isEqualTo(new NodeSettings(
                        "node",
                        "",
                        Path.of("data"),
                        List.of(),
                        NodeSettings.LogStyle.AUTO,
                        "127.0.0.1",
                        0,
                        "",
                        "127.0.0.1",
                        9080,
                        List.of(),
                        1,
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(20),
                        Duration.ZERO,
                        Duration.ofSeconds(10)));
    }

    @Test
    void every_key_reaches_its_component() {
        assertThat(NodeSettings.from(
                        ConfigLayers.of(Map.of(), List.of(), OTHER_VALUES).effective()))
                .isEqualTo(new NodeSettings(
                        "n",
                        "c",
                        Path.of("d"),
                        List.of(Path.of("a"), Path.of("b")),
                        NodeSettings.LogStyle.JSON,
                        "127.0.0.2",
                        1,
                        "127.0.0.4",
                        "127.0.0.3",
                        2,
                        List.of("h:1", "i:2", "j:3"),
                        3,
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(6),
                        Duration.ofSeconds(7),
                        Duration.ofSeconds(8)));
    }

    @ParameterizedTest
    @CsvSource({
        "port, 65536",
        "port, abc",
        "management.port, -1",
        "log, loud",
        "host, ''",
        "formation.contact-points, '[nowhere]'",
        "formation.required-contact-points, 2",
        "formation.give-up-after, 0s",
        "readiness.timeout, soon",
        "liveness.starved-after, -1s",
        "drain.notice, -1s"
    })
    void a_wrong_value_is_refused_with_its_key(String key, String value) {
        assertThatThrownBy(() ->
                        NodeSettings.from(ConfigLayers.of(Map.of(), List.of(), Map.of("parvi.node." + key, value))
                                .effective()))
                .isInstanceOfSatisfying(StartFailure.class, failure -> {
                    assertThat(failure.exit()).isEqualTo(StartFailure.Exit.USAGE);
                    assertThat(failure.sentence()).contains(key).endsWith(".").doesNotContain("\n");
                });
    }

    @Test
    void without_a_number_a_majority_of_the_contact_points_must_answer() {
        var config = ConfigLayers.of(
                Map.of(),
                List.of(),
                Map.of("parvi.node.formation.contact-points", "[\"a:1\", \"b:1\", \"c:1\", \"d:1\"]"));
        assertThat(NodeSettings.from(config.effective()).requiredContactPoints())
                .isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "production", "test"})
    void every_overlay_makes_settings_that_no_rule_refuses(String overlay) {
        var config = ConfigLayers.of(Map.of(), List.of(), Map.of("parvi.node.overlay", overlay))
                .effective();
        NodeSettings.from(config);
        DangerousSettings.refuse(config);
        assertThat(config.getString("parvi.node.overlay")).isEqualTo(overlay);
    }

    @Test
    void nodes_that_meet_in_the_data_folder_use_the_founders_lock_and_others_do_not() {
        var key = "pekko.management.cluster.bootstrap.join-decider.class";
        var alone = ConfigLayers.of(Map.of(), List.of(), Map.of()).effective();
        var spread = ConfigLayers.of(Map.of(), List.of(), Map.of("parvi.node.formation.contact-points", "[\"a:1\"]"))
                .effective();
        assertThat(NodeSettings.from(alone).forActorSystem(alone).getString(key))
                .contains("FounderDecider");
        assertThat(NodeSettings.from(spread).forActorSystem(spread).getString(key))
                .contains("LowestAddress");
    }
}
