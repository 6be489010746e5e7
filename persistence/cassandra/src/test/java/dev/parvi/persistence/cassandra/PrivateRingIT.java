package dev.parvi.persistence.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.EventStore.Appended;
import dev.parvi.persistence.StoreClient;
import dev.parvi.persistence.UnusableStore;
import dev.parvi.persistence.cassandra.server.CassandraOptions;
import dev.parvi.persistence.cassandra.server.CassandraServers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that wants TLS and a password. Whoever has not the right ones is told which it is, in one sentence. */
final class PrivateRingIT {
    private static final String WORD = "parvi-test";

    @TempDir
    static Path folder = Path.of("");

    private static CassandraServers servers;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        certificate("node");
        certificate("stranger");
        var options = CassandraOptions.standard()
                .withPasswords()
                .with(
                        "client_encryption_options",
                        "{enabled: true, optional: false, keystore: \"" + folder.resolve("node.p12")
                                + "\", keystore_password: " + WORD + ", store_type: PKCS12}");
        servers = CassandraServers.start(1, folder.resolve("server"), options, progress -> {});
        Files.writeString(folder.resolve("password"), "cassandra\n");
        // The first user is made some seconds after the start.
        await().atMost(Duration.ofSeconds(180))
                .pollInterval(Duration.ofSeconds(1))
                .ignoreExceptions()
                .until(() -> EventStore.migrate(OneNode.config(url(), with(tls("node"), user("cassandra"))))
                        .contains("schema version"));
    }

    @AfterAll
    static void stop() {
        if (servers != null) servers.close();
    }

    @Test
    void with_the_right_certificate_and_password_events_are_stored() {
        try (var store = OneNode.open(url(), with(tls("node"), user("cassandra")))) {
            assertThat(new StoreClient(store).append("a", 0, "w", "one")).isEqualTo(new Appended(1));
            assertThat(new StoreClient(store).records("a")).containsExactly("one");
        }
    }

    @Test
    void a_wrong_password_is_one_sentence() throws IOException {
        Files.writeString(folder.resolve("wrong"), "guessed\n");
        refusal(with(
                        tls("node"),
                        Stream.of(
                                "cassandra.user = cassandra",
                                "cassandra.password-file = \"" + folder.resolve("wrong") + "\"")))
                .hasMessageStartingWith("Cassandra does not let parvi.persistence.cassandra.user in: ")
                .hasMessageContaining("Provided username cassandra and/or password are incorrect");
    }

    @Test
    void a_certificate_that_nobody_vouches_for_is_one_sentence() {
        refusal(with(tls("stranger"), user("cassandra")))
                .hasMessageStartingWith("no TLS with Cassandra at ")
                .hasMessageContaining("parvi.persistence.cassandra.tls")
                .hasMessageContaining("unable to find valid certification path");
    }

    @Test
    void a_truststore_that_cannot_be_opened_is_one_sentence() {
        refusal(with(
                        Stream.of(
                                "cassandra.tls.enabled = on",
                                "cassandra.tls.truststore = \"" + folder.resolve("nowhere.p12") + "\""),
                        user("cassandra")))
                .hasMessageContaining("nowhere.p12");
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> refusal(String... changes) {
        return assertThatThrownBy(() -> OneNode.open(url(), changes).close())
                .isInstanceOf(UnusableStore.class)
                .satisfies(refusal -> assertThat(refusal.getMessage()).doesNotContain("\n", WORD, "guessed"));
    }

    private static String[] with(Stream<String> tls, Stream<String> user) {
        return Stream.concat(tls, user).toArray(String[]::new);
    }

    private static Stream<String> tls(String trusted) {
        return Stream.of(
                "cassandra.tls.enabled = on",
                "cassandra.tls.truststore = \"" + folder.resolve(trusted + "-trust.p12") + "\"",
                "cassandra.tls.truststore-password = " + WORD);
    }

    private static Stream<String> user(String name) {
        return Stream.of(
                "cassandra.user = " + name, "cassandra.password-file = \"" + folder.resolve("password") + "\"");
    }

    private static String url() {
        var address = servers.contactPoint();
        return "cassandra://" + address.getHostString() + ":" + address.getPort() + "/private";
    }

    /** A key with a certificate of its own, and a store for those who trust it. */
    private static void certificate(String name) throws IOException, InterruptedException {
        var key = folder.resolve(name + ".p12").toString();
        var file = folder.resolve(name + ".crt").toString();
        keytool(
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "RSA",
                "-dname",
                "CN=" + name,
                "-validity",
                "2",
                "-ext",
                "san=ip:127.0.0.1,dns:localhost",
                "-keystore",
                key);
        keytool("-exportcert", "-alias", name, "-file", file, "-keystore", key);
        keytool(
                "-importcert",
                "-noprompt",
                "-alias",
                name,
                "-file",
                file,
                "-keystore",
                folder.resolve(name + "-trust.p12").toString());
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        var program = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        var command = Stream.of(
                        Stream.of(program), Stream.of(arguments), Stream.of("-storetype", "PKCS12", "-storepass", WORD))
                .flatMap(each -> each)
                .toList();
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }
}
