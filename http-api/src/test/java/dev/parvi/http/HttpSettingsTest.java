package dev.parvi.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpSettingsTest {
    private static HttpSettings with(String overrides) {
        return HttpSettings.from(ConfigFactory.parseString(overrides).withFallback(ConfigFactory.defaultReference()));
    }

    @Test
    void the_defaults_are_safe_on_one_machine() {
        assertThat(with(""))
                .isEqualTo(new HttpSettings(
                        "127.0.0.1",
                        8080,
                        new HttpSettings.Limits(1 << 20, 64, 512, 256, 8192, 8192, 64),
                        new HttpSettings.Waiting(
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(60),
                                Duration.ofSeconds(3),
                                Duration.ofMillis(50),
                                Duration.ofMillis(500)),
                        new HttpSettings.Connections(4096, 1, Duration.ofSeconds(75)),
                        false));
    }

    @Test
    void every_key_is_read() {
        assertThat(with("parvi.http { host = h, port = 1, body-bytes-max = 2, depth-max = 3, id-bytes-max = 4,"
                        + " key-length-max = 50, uri-bytes-max = 60, header-bytes-max = 700, headers-max = 80,"
                        + " request-timeout = 9s, request-timeout-max = 10s, attempt-timeout = 11s, backoff-min = 12ms,"
                        + " backoff-max = 13ms, connections-max = 14, pipelining-max = 15, idle-timeout = 16s,"
                        + " echo-route = on }"))
                .isEqualTo(new HttpSettings(
                        "h",
                        1,
                        new HttpSettings.Limits(2, 3, 4, 50, 60, 700, 80),
                        new HttpSettings.Waiting(
                                Duration.ofSeconds(9),
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(11),
                                Duration.ofMillis(12),
                                Duration.ofMillis(13)),
                        new HttpSettings.Connections(14, 15, Duration.ofSeconds(16)),
                        true));
    }

    @ParameterizedTest
    @CsvSource({
        "host, ''",
        "port, 65536",
        "body-bytes-max, 0",
        "depth-max, 101",
        "id-bytes-max, 0",
        "key-length-max, 21",
        "uri-bytes-max, 100",
        "header-bytes-max, 100",
        "headers-max, 2",
        "request-timeout, 0s",
        "request-timeout-max, 1s",
        "attempt-timeout, 0s",
        "backoff-min, 0s",
        "backoff-max, 1ms",
        "connections-max, 0",
        "pipelining-max, 0",
        "idle-timeout, 60s"
    })
    void a_value_out_of_bounds_is_refused_by_name(String key, String value) {
        assertThatThrownBy(() -> with("parvi.http." + key + " = \"" + value + "\""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("parvi.http." + key);
    }

    @Test
    void the_pause_doubles_up_to_its_bound_and_is_spread_over_its_upper_half() {
        var waiting = with("").waiting();

        assertThat(waiting.backoff(0, 0)).isEqualTo(Duration.ofMillis(25));
        assertThat(waiting.backoff(0, 1)).isEqualTo(Duration.ofMillis(50));
        assertThat(waiting.backoff(2, 1)).isEqualTo(Duration.ofMillis(200));
        assertThat(waiting.backoff(50, 1)).isEqualTo(Duration.ofMillis(500));
    }
}
