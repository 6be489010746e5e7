package dev.parvi.persistence.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parvi.persistence.StoreSettings;
import dev.parvi.persistence.cassandra.CassandraSettings.Login;
import dev.parvi.persistence.cassandra.CassandraSettings.Scope;
import dev.parvi.persistence.cassandra.CassandraSettings.Tls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CassandraSettingsTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void the_defaults_are_those_of_reference_conf() {
        assertThat(settings())
                .isEqualTo(new CassandraSettings(
                        "",
                        "parvi",
                        0,
                        Scope.LOCAL,
                        new Login("", ""),
                        new Tls(false, "", "", true),
                        Duration.ofSeconds(3),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(8),
                        256,
                        4 << 20,
                        50_000,
                        32 << 20,
                        604_800,
                        2,
                        10,
                        Duration.ofMillis(500)));
    }

    @Test
    void every_key_maps() {
        assertThat(settings(
                        "datacenter = dc1",
                        "keyspace = other",
                        "replication-factor = 1",
                        "scope = global",
                        "user = alice",
                        "password = secret",
                        "tls { enabled = on, truststore = store, truststore-password = word, verify-host = off }",
                        "request-timeout = 2s",
                        "ask-another-after = 1s",
                        "connect-timeout = 4s",
                        "resolve-timeout = 6s",
                        "in-flight-max = 7",
                        "append-bytes-max = 8MiB",
                        "bucket-events-max = 9",
                        "bucket-bytes-max = 10",
                        "feed-epochs-kept = 100",
                        "readers = 11",
                        "breaker { failures = 12, pause = 13ms }"))
                .isEqualTo(new CassandraSettings(
                        "dc1",
                        "other",
                        1,
                        Scope.GLOBAL,
                        new Login("alice", "secret"),
                        new Tls(true, "store", "word", false),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(6),
                        7,
                        8 << 20,
                        9,
                        10,
                        100,
                        11,
                        12,
                        Duration.ofMillis(13)));
    }

    @ParameterizedTest
    @CsvSource({
        "keyspace, \"a-b\"",
        "replication-factor, -1",
        "scope, somewhere",
        "feed-epochs-kept, 59",
        "request-timeout, 1ms",
        "ask-another-after, 1ms",
        "connect-timeout, 1ms",
        "resolve-timeout, 3s",
        "in-flight-max, 0",
        "append-bytes-max, 1KiB",
        "append-bytes-max, 9MiB",
        "bucket-events-max, 0",
        "bucket-bytes-max, 0",
        "readers, 0",
        "breaker.failures, 0",
        "breaker.pause, 0ms",
        "tls.enabled, perhaps",
        "password-file, nowhere/to/be/found",
    })
    void a_wrong_value_is_refused_by_its_key(String key, String value) {
        assertThatThrownBy(() -> settings(key + " = " + value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("parvi.persistence.cassandra." + key);
    }

    @Test
    void the_password_may_lie_in_a_file() throws IOException {
        var file = Files.writeString(folder.resolve("password"), "from a file\n");
        var settings = settings("user = alice", "password-file = \"" + file + "\"");
        assertThat(settings.login().password()).isEqualTo("from a file");
    }

    @Test
    void no_password_is_ever_shown() {
        var text = settings("user = alice", "password = secret", "tls.truststore-password = secret")
                .toString();
        assertThat(text).contains("alice").doesNotContain("secret");
    }

    private static CassandraSettings settings(String... changes) {
        var lines = new String[changes.length];
        for (var n = 0; n < changes.length; n++) lines[n] = "cassandra." + changes[n];
        return CassandraSettings.from(StoreSettings.config(lines));
    }
}
