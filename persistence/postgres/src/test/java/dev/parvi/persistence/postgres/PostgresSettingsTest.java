package dev.parvi.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parvi.persistence.StoreSettings;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PostgresSettingsTest {

    @Test
    void the_defaults_are_those_of_reference_conf() {
        assertThat(with())
                .isEqualTo(new PostgresSettings(
                        "",
                        "",
                        "",
                        "parvi",
                        2,
                        4,
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5),
                        false));
    }

    @Test
    void every_key_maps() {
        assertThat(with(
                        "user = me",
                        "password = secret",
                        "password-file = \"a/file\"",
                        "schema = two",
                        "writers = 3",
                        "readers = 5",
                        "connect-timeout = 6s",
                        "statement-timeout = 7s",
                        "outcome-timeout = 8s",
                        "allow-unsafe-server = yes"))
                .isEqualTo(new PostgresSettings(
                        "me",
                        "secret",
                        "a/file",
                        "two",
                        3,
                        5,
                        Duration.ofSeconds(6),
                        Duration.ofSeconds(7),
                        Duration.ofSeconds(8),
                        true));
    }

    @ParameterizedTest
    @CsvSource({
        "schema, Parvi",
        "schema, pg_parvi",
        "schema, \"a;b\"",
        "writers, 0",
        "writers, 65",
        "readers, many",
        "connect-timeout, 1ms",
        "connect-timeout, 2m",
        "statement-timeout, 0s",
        "outcome-timeout, 1h",
        "allow-unsafe-server, 2"
    })
    void a_wrong_value_names_its_key(String key, String value) {
        assertThatThrownBy(() -> with(key + " = " + value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("parvi.persistence.postgres." + key);
    }

    @Test
    void the_password_is_not_shown() {
        assertThat(with("password = secret").toString())
                .doesNotContain("secret")
                .contains("user=");
        assertThat(PostgresUrl.parse("postgres://me@[::1]:5/db?sslmode=require"))
                .isEqualTo(new PostgresUrl("me", "[::1]", 5, "db", "require"))
                .hasToString("postgres://[::1]:5/db");
    }

    private static PostgresSettings with(String... changes) {
        return PostgresSettings.from(StoreSettings.config(
                Stream.of(changes).map(change -> "postgres." + change).toArray(String[]::new)));
    }
}
