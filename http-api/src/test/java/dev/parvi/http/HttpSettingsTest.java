package dev.parvi.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.parvi.http.admission.AdmissionSettings;
import dev.parvi.http.admission.ConnectionSettings;
import dev.parvi.http.streams.StreamSettings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
                        new HttpSettings.Limits(1 << 20, 64, 1_000, 512, 256, 8192, 8192, 64),
                        new HttpSettings.Waiting(
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(60),
                                Duration.ofSeconds(3),
                                Duration.ofMillis(50),
                                Duration.ofMillis(500)),
                        new ConnectionSettings(
                                4096,
                                0,
                                1,
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(75),
                                Duration.ofSeconds(10),
                                16 << 10,
                                64 << 20),
                        new AdmissionSettings(
                                1024,
                                64,
                                4096,
                                Duration.ofMillis(500),
                                Duration.ofMillis(500),
                                32 << 20,
                                0,
                                0,
                                100_000),
                        new StreamSettings(2_000, Duration.ofSeconds(15), Duration.ofMillis(250), 1_000),
                        new HttpSettings.Cors(List.of(), Duration.ofMinutes(10)),
                        1024,
                        false));
    }

    @Test
    void every_key_is_read() {
        assertThat(with("parvi.http { host = h, port = 1, body-bytes-max = 2, depth-max = 3,"
                        + " rule-elements-max = 9, id-bytes-max = 4,"
                        + " key-length-max = 50, uri-bytes-max = 60, header-bytes-max = 700, headers-max = 80,"
                        + " request-timeout = 9s, request-timeout-max = 10s, attempt-timeout = 11s, backoff-min = 12ms,"
                        + " backoff-max = 13ms, connections-max = 14, pipelining-max = 15, idle-timeout = 16s,"
                        + " connections-per-source-max = 13, head-timeout = 14s, answer-timeout = 15s, answer-rate-min = 16, answers-bytes-max = 17,"
                        + " requests-max = 21, requests-min = 20, queue-max = 18, queue-wait = 19ms, latency-target = 22ms, bodies-bytes-max = 23,"
                        + " rates { entity-max = 2.5, source-max = 24, entries-max = 25 },"
                        + " streams { streams-max = 17, heartbeat = 180ms, poll = 19ms, page-max = 20 },"
                        + " cors { allowed-origins = [\"https://a.example\", \"http://b:81\"], max-age = 21s },"
                        + " gzip-bytes-min = 22, echo-route = on }"))
                .isEqualTo(new HttpSettings(
                        "h",
                        1,
                        new HttpSettings.Limits(2, 3, 9, 4, 50, 60, 700, 80),
                        new HttpSettings.Waiting(
                                Duration.ofSeconds(9),
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(11),
                                Duration.ofMillis(12),
                                Duration.ofMillis(13)),
                        new ConnectionSettings(
                                14,
                                13,
                                15,
                                Duration.ofSeconds(14),
                                Duration.ofSeconds(16),
                                Duration.ofSeconds(15),
                                16,
                                17),
                        new AdmissionSettings(
                                21, 20, 18, Duration.ofMillis(19), Duration.ofMillis(22), 23, 2.5, 24, 25),
                        new StreamSettings(17, Duration.ofMillis(180), Duration.ofMillis(19), 20),
                        new HttpSettings.Cors(List.of("https://a.example", "http://b:81"), Duration.ofSeconds(21)),
                        22,
                        true));
    }

    @ParameterizedTest
    @CsvSource({
        "host, ''",
        "gzip-bytes-min, 0",
        "cors.max-age, -1s",
        "streams.streams-max, -1",
        "streams.heartbeat, 80s",
        "streams.poll, 0",
        "streams.page-max, 0",
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
        "connections-per-source-max, -1",
        "head-timeout, 0s",
        "head-timeout, 80s",
        "answer-timeout, 0s",
        "answer-rate-min, 0",
        "answers-bytes-max, 0",
        "requests-max, 0",
        "requests-min, 0",
        "requests-min, 1025",
        "latency-target, 0s",
        "queue-max, -1",
        "queue-wait, 0s",
        "bodies-bytes-max, 0",
        "rates.entity-max, -1",
        "rates.source-max, -1",
        "rates.entries-max, 1",
        "idle-timeout, 60s"
    })
    void a_value_out_of_bounds_is_refused_by_name(String key, String value) {
        assertThatThrownBy(() -> with("parvi.http." + key + " = \"" + value + "\""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("parvi.http." + key);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"https://a.example\", \"*\"",
                "\"https://a.example/\"",
                "\"https://a.example/shop\"",
                "\"https://a.example?x\"",
                "\"https://A.example\"",
                "\"https://me@a.example\"",
                "\"https://a.example:443\"",
                "\"http://a.example:80\"",
                "\"https://*.example\"",
                "a.example",
                "\"null\"",
                "\"\""
            })
    void an_origin_that_no_browser_sends_is_refused(String origins) {
        assertThatThrownBy(() -> with("parvi.http.cors.allowed-origins = [" + origins + "]"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("parvi.http.cors.allowed-origins must be [\"*\"], or list origins");
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
