package dev.parvi.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.EventStore.StoredEvent;
import dev.parvi.persistence.FeedReader;
import dev.parvi.persistence.RecordChecksum;
import dev.parvi.persistence.StoreClient;
import dev.parvi.persistence.UnusableStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.assertj.core.api.AbstractThrowableAssert;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person is told who starts a node, and what is done to the tables then. */
final class PostgresOpeningTest {
    private final PostgresServer server = PostgresServer.shared();

    @TempDir
    Path folder = Path.of("");

    @Test
    void missing_tables_are_named_and_so_is_what_to_do() {
        refused(server.config("nothing_here", "auto-migrate = off"))
                .hasMessageContaining("the schema \"nothing_here\" has no tables")
                .hasMessageContaining("needs version 2")
                .hasMessageContaining("parvi store migrate");
    }

    @Test
    void tables_of_a_newer_version_are_refused_by_name() throws Exception {
        EventStore.open(server.config("newer")).close();
        server.execute("INSERT INTO newer.schema_history SELECT 7, '7', 'later', type, script, checksum, installed_by,"
                + " installed_on, execution_time, success FROM newer.schema_history WHERE version = '1'");
        refused(server.config("newer"))
                .hasMessageContaining("has version 7")
                .hasMessageContaining("knows version 2")
                .hasMessageContaining("run a newer node");
        refused(server.config("newer", "auto-migrate = off")).hasMessageContaining("has version 7");
    }

    @Test
    void migrated_tables_are_used_without_the_right_to_change_them() throws Exception {
        EventStore.open(server.config("made_before")).close();
        server.execute("CREATE ROLE worker LOGIN PASSWORD 'only-for-tests';"
                + " GRANT USAGE ON SCHEMA made_before TO worker; GRANT SELECT ON made_before.schema_history,"
                + " made_before.feed_origin TO worker;"
                + " GRANT SELECT, INSERT, UPDATE, DELETE ON made_before.entity, made_before.event,"
                + " made_before.snapshot TO worker");
        var url = "postgres://worker@127.0.0.1:" + server.port() + "/postgres";
        try (var store = EventStore.open(server.configAt(url, "made_before", "auto-migrate = off"))) {
            var client = new StoreClient(store);
            client.append("a", 0, "w", "one", "two");
            client.save("a", 1, "after 1");
            StoreClient.get(store.deleteTo("a", 1));
            assertThat(client.records("a")).containsExactly("two");
            assertThat(client.load("a")).contains("after 1");
            assertThat(FeedReader.from(store, "", 10).next().events())
                    .extracting(StoredEvent::revision)
                    .containsExactly(2L);
        }
    }

    @Test
    void events_of_the_first_version_are_told_after_the_migration() throws Exception {
        Flyway.configure()
                .dataSource(
                        "jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres",
                        PostgresServer.USER,
                        PostgresServer.PASSWORD)
                .schemas("first_version")
                .table("schema_history")
                .locations("classpath:dev/parvi/persistence/postgres")
                .target("1")
                .load()
                .migrate();
        server.execute("INSERT INTO first_version.entity(id, head) VALUES ('a', 1);"
                + " INSERT INTO first_version.event(entity, revision, checksum, writer, record) VALUES (1, 1, "
                + RecordChecksum.of(RecordChecksum.entityBytes("a"), 1, new byte[0]) + ", 'w', '')");
        refused(server.config("first_version", "auto-migrate = off")).hasMessageContaining("has version 1");
        try (var store = EventStore.open(server.config("first_version"))) {
            new StoreClient(store).append("a", 1, "w", "two");
            var reader = FeedReader.from(store, "", 1);
            reader.readUntil(Duration.ofSeconds(30), () -> reader.events() == 2);
            assertThat(reader.revisions("a")).containsExactly(1L, 2L);
        }
    }

    @Test
    void many_processes_may_migrate_at_once() {
        var config = server.freshConfig();
        var threads = Executors.newFixedThreadPool(6);
        var stores = new ArrayList<CompletableFuture<EventStore>>();
        for (var n = 0; n < 6; n++) stores.add(CompletableFuture.supplyAsync(() -> EventStore.open(config), threads));
        for (var store : stores) StoreClient.get(store).close();
        threads.shutdown();
    }

    @Test
    void the_version_is_that_of_the_newest_script() {
        assertThat(PostgresSchema.class.getResource("V" + PostgresSchema.VERSION + "__change_feed.sql"))
                .isNotNull();
    }

    @Test
    void a_server_that_is_not_there_is_one_sentence() {
        refused(server.configAt("postgres://127.0.0.1:1/parvi", "s"))
                .hasMessageStartingWith("postgres://127.0.0.1:1/parvi: ")
                .hasMessageContaining("refused")
                .hasMessageNotContaining("\n");
    }

    @Test
    void a_wrong_password_is_not_repeated() {
        refused(server.config("s", "postgres.password = wrong-and-secret"))
                .hasMessageContaining("password authentication failed")
                .hasMessageNotContaining("wrong-and-secret");
    }

    @Test
    void a_password_in_the_url_is_refused_and_not_repeated() {
        for (var url : List.of(
                "postgres://parvi:hush@127.0.0.1/parvi",
                "postgres://parvi:hu/sh@127.0.0.1/parvi",
                "postgres://127.0.0.1/parvi?password=hush"))
            refused(server.configAt(url, "s"))
                    .hasMessageContaining("PARVI_PERSISTENCE_POSTGRES_PASSWORD")
                    .hasMessageNotContaining("hush");
    }

    @Test
    void a_password_may_lie_in_a_file() throws Exception {
        var file = Files.writeString(folder.resolve("password"), PostgresServer.PASSWORD + "\n");
        EventStore.open(server.freshConfig("postgres.password = \"\"", "postgres.password-file = \"" + file + "\""))
                .close();
        refused(server.freshConfig("postgres.password-file = \"" + folder + "/none\""))
                .hasMessageContaining("the password file " + folder + "/none cannot be read");
    }

    @Test
    void a_wrong_setting_is_named() {
        refused(server.freshConfig("postgres.writers = 0"))
                .hasMessageContaining("parvi.persistence.postgres.writers must be between 1 and 64");
    }

    @Test
    void a_database_that_is_not_there_is_named() {
        refused(server.configAt("postgres://parvi@127.0.0.1:" + server.port() + "/nowhere", "s"))
                .hasMessageContaining("\"nowhere\" does not exist");
    }

    @Test
    void a_url_of_another_shape_is_refused_with_the_right_one() {
        for (var url : List.of("postgres://", "postgres:db", "postgres://h:99999/db", "postgres://h/db?ssl=on"))
            refused(server.configAt(url, "s")).hasMessageContaining("parvi.persistence.store is \"" + url);
    }

    private static AbstractThrowableAssert<?, ?> refused(Config config) {
        return assertThatThrownBy(() -> EventStore.open(config).close()).isInstanceOf(UnusableStore.class);
    }
}
