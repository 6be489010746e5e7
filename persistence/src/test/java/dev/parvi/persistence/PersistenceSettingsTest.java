package dev.parvi.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PersistenceSettingsTest {

    @Test
    void the_defaults_are_those_of_reference_conf() {
        assertThat(StoreSettings.with())
                .isEqualTo(new PersistenceSettings(
                        "sqlite:parvi.db",
                        false,
                        10_000,
                        64 << 20,
                        512,
                        Duration.ofMillis(5),
                        2,
                        20_000,
                        Duration.ofSeconds(5),
                        64 << 20,
                        true,
                        2));
    }

    @Test
    void every_key_maps() {
        assertThat(StoreSettings.with(
                        "store = \"memory:\"",
                        "auto-migrate = on",
                        "queue-max = 1",
                        "queue-bytes-max = 2MiB",
                        "group-max = 3",
                        "group-wait-max = 4us",
                        "readers = 5",
                        "reader-queue-max = 6",
                        "busy-timeout = 7s",
                        "wal-bytes-max = 8MiB",
                        "verify-snapshots = off",
                        "snapshots-kept = 9"))
                .isEqualTo(new PersistenceSettings(
                        "memory:",
                        true,
                        1,
                        2 << 20,
                        3,
                        Duration.ofNanos(4_000),
                        5,
                        6,
                        Duration.ofSeconds(7),
                        8 << 20,
                        false,
                        9));
    }

    @ParameterizedTest
    @CsvSource({
        "store, \"\"",
        "queue-max, 0",
        "queue-max, many",
        "queue-bytes-max, 1KiB",
        "queue-bytes-max, 1GiB",
        "group-max, 0",
        "group-wait-max, -1ms",
        "group-wait-max, 2s",
        "readers, 0",
        "reader-queue-max, 0",
        "busy-timeout, 0s",
        "wal-bytes-max, 1",
        "verify-snapshots, perhaps",
        "snapshots-kept, 0"
    })
    void a_wrong_value_names_its_key(String key, String value) {
        assertThatThrownBy(() -> StoreSettings.with(key + " = " + value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("parvi.persistence." + key);
    }
}
