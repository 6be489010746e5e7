package dev.parvi.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ClientOptionsTest {
    private static final ClientOptions OPTIONS = ClientOptions.of(URI.create("http://127.0.0.1:8080"));

    @Test
    void the_defaults() {
        assertThat(OPTIONS.timeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(OPTIONS.connectTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(OPTIONS.silenceMax()).isEqualTo(Duration.ofSeconds(40));
        assertThat(OPTIONS.headers()).isEmpty();
    }

    @Test
    void one_option_is_changed_and_the_others_stay() {
        var changed = OPTIONS.withTimeout(Duration.ofSeconds(1))
                .withConnectTimeout(Duration.ofSeconds(3))
                .withSilenceMax(Duration.ofSeconds(4))
                .withHeader("Authorization", "Bearer t")
                .withHeader("X-Tenant", "a");

        assertThat(changed)
                .isEqualTo(new ClientOptions(
                        OPTIONS.nodes(),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(4),
                        Map.of("Authorization", "Bearer t", "X-Tenant", "a")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:8080", "ftp://a", "/account", "http:///account"})
    void what_is_no_address_is_named(String node) {
        assertThatThrownBy(() -> ClientOptions.of(URI.create(node)))
                .hasMessage("nodes: " + node + " is no address of a node; write one such as http://127.0.0.1:8080");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Idempotency-Key", "if-match", "ACCEPT", "Host", "größe"})
    void a_header_that_would_break_calls_is_refused(String name) {
        assertThatThrownBy(() -> OPTIONS.withHeader(name, "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("headers: ")
                .hasMessageContaining(name);
    }

    @Test
    void times_are_above_zero_and_there_is_a_node() {
        assertThatThrownBy(() -> OPTIONS.withTimeout(Duration.ZERO)).hasMessage("timeout: must be above zero");
        assertThatThrownBy(() -> OPTIONS.withSilenceMax(Duration.ofSeconds(-1)))
                .hasMessage("silenceMax: must be above zero");
        assertThatThrownBy(ClientOptions::of).hasMessage("nodes: name at least one");
    }
}
