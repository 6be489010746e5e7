package dev.parvi.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DangerousSettingsTest {
    private static final Map<String, String> DANGEROUS_VALUES = Map.ofEntries(
            Map.entry("pekko.cluster.min-nr-of-members", "3"),
            Map.entry("pekko.remote.artery.propagate-harmless-quarantine-events", "on"),
            Map.entry("pekko.cluster.sharding.remember-entities", "on"),
            Map.entry("pekko.cluster.sharding.state-store-mode", "persistence"),
            Map.entry("pekko.cluster.distributed-data.durable.keys", "[\"*\"]"),
            Map.entry("pekko.actor.allow-java-serialization", "on"),
            Map.entry("pekko.cluster.downing-provider-class", ""),
            Map.entry("pekko.cluster.split-brain-resolver.active-strategy", "keep-oldest"),
            Map.entry("pekko.cluster.down-removal-margin", "off"),
            Map.entry("pekko.cluster.run-coordinated-shutdown-when-down", "off"),
            Map.entry("pekko.cluster.configuration-compatibility-check.enforce-on-join", "off"),
            Map.entry("pekko.cluster.sharding.use-lease", "a-lease"),
            Map.entry("pekko.cluster.singleton.use-lease", "a-lease"),
            Map.entry("pekko.persistence.journal.plugin", "pekko.persistence.journal.inmem"),
            Map.entry("parvi.journal.replay-filter.mode", "repair-by-discard-old"),
            Map.entry("parvi.node.failure.unstable-after", "5s"),
            Map.entry("parvi.node.failure.acceptable-pause", "1s"));

    static Stream<String> keys() {
        return DangerousSettings.keys().stream();
    }

    @ParameterizedTest
    @MethodSource("keys")
    void is_refused_by_name_and_with_a_reason(String key) {
        assertThat(DANGEROUS_VALUES).containsKey(key);
        assertThatThrownBy(() -> DangerousSettings.refuse(config(Map.of(key, DANGEROUS_VALUES.get(key)))))
                .isInstanceOf(StartFailure.class)
                .hasMessageMatching(key.replace(".", "\\.") + " must .+: .+\\.");
    }

    @Test
    void the_defaults_are_not_dangerous() {
        DangerousSettings.refuse(config(Map.of()));
    }

    private static Config config(Map<String, String> settings) {
        return ConfigLayers.of(Map.of(), List.of(), settings).effective();
    }
}
