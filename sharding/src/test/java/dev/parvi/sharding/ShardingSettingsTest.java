package dev.parvi.sharding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.parvi.entity.CommandPipeline.Limits;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShardingSettingsTest {
    @Test
    void the_defaults() {
        assertThat(ShardingSettings.from(ConfigFactory.load()))
                .isEqualTo(new ShardingSettings(
                        128,
                        Duration.ofSeconds(2),
                        Duration.ofMinutes(5),
                        100_000,
                        100,
                        Duration.ofSeconds(30),
                        new Limits(128, Duration.ofHours(24))));
    }

    @Test
    void every_key_maps() {
        var config = ConfigFactory.parseString("""
                parvi.sharding {
                  shards = 1, attempt-timeout = 2ms, passivate-after = 3ms, live-entities-max = 4, snapshot-every = 5
                  quarantine-retry = 6ms, outcomes-max = 7, outcome-age-max = 8ms
                }""");

        assertThat(ShardingSettings.from(config))
                .isEqualTo(new ShardingSettings(
                        1,
                        Duration.ofMillis(2),
                        Duration.ofMillis(3),
                        4,
                        5,
                        Duration.ofMillis(6),
                        new Limits(7, Duration.ofMillis(8))));
    }

    @ParameterizedTest
    @CsvSource({
        "shards, 0",
        "attempt-timeout, 0ms",
        "passivate-after, 0s",
        "live-entities-max, -1",
        "snapshot-every, 0",
        "quarantine-retry, 0s",
        "outcomes-max, 1",
        "outcome-age-max, 0s",
        "shards, many"
    })
    void a_wrong_value_names_its_key(String key, String value) {
        var config = ConfigFactory.parseString("parvi.sharding." + key + " = " + value)
                .withFallback(ConfigFactory.load());

        assertThatThrownBy(() -> ShardingSettings.from(config)).hasMessageContaining(key);
    }
}
