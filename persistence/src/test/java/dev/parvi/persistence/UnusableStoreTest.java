package dev.parvi.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every mistake in opening a store is one sentence that says what is wrong, and where. */
final class UnusableStoreTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void another_scheme_is_refused_with_the_ones_there_are() {
        for (var url : new String[] {"postgres://host/db", "parvi.db", "memory:x"})
            assertThat(messageOf(StoreSettings.config("store = \"" + url + "\"")))
                    .contains("\"" + url + "\"")
                    .contains("sqlite:<file>")
                    .contains("memory:");
    }

    @Test
    void a_url_without_a_file_is_refused() {
        assertThat(messageOf(StoreSettings.config("store = \"sqlite:\"")))
                .isEqualTo("parvi.persistence.store is \"sqlite:\" and names no file: write sqlite:<file>");
    }

    @Test
    void a_file_that_is_not_a_database_is_refused() throws IOException {
        var file = Files.writeString(folder.resolve("notes.txt"), "dear diary, ".repeat(1_000));
        assertThat(messageOf(StoreSettings.configOn(file))).startsWith(file + " is not a SQLite database");
        assertThat(Files.readString(file)).startsWith("dear diary, dear");
    }

    @Test
    void a_database_of_another_program_is_refused_and_left_alone() throws SQLException {
        var file = folder.resolve("other.db");
        execute(file, "CREATE TABLE event(a, b)");
        assertThat(messageOf(StoreSettings.configOn(file)))
                .isEqualTo(file + " is a SQLite database of another program");
    }

    @Test
    void a_newer_schema_is_refused() throws SQLException {
        var file = folder.resolve("newer.db");
        EventStore.open(StoreSettings.configOn(file)).close();
        execute(file, "UPDATE meta SET value = '99' WHERE name = 'schema-version'");
        assertThat(messageOf(StoreSettings.configOn(file)))
                .startsWith(file + " has schema version 99, this release knows up to 1");
    }

    @Test
    void a_folder_in_place_of_the_file_is_refused() {
        assertThat(messageOf(StoreSettings.configOn(folder))).startsWith(folder + " is a folder");
    }

    @Test
    void a_file_in_place_of_the_folder_is_refused() throws IOException {
        var file = Files.createFile(folder.resolve("file"));
        assertThat(messageOf(StoreSettings.configOn(file.resolve("store.db")))).startsWith("the folder " + file);
    }

    @Test
    void missing_folders_are_made() {
        EventStore.open(StoreSettings.configOn(folder.resolve("a/b/c/store.db")))
                .close();
        assertThat(folder.resolve("a/b/c/store.db")).exists();
    }

    @Test
    void several_may_open_a_new_file_at_the_same_moment() {
        var opened = new ArrayList<CompletableFuture<EventStore>>();
        for (var n = 0; n < 8; n++)
            opened.add(CompletableFuture.supplyAsync(
                    () -> EventStore.open(StoreSettings.configOn(folder.resolve("new.db"), "busy-timeout = 20s")),
                    work -> SqliteStore.Threads.of("opener", work).start()));
        for (var store : opened) store.join().close();
    }

    private static String messageOf(Config config) {
        try (var store = EventStore.open(config)) {
            throw new AssertionError(store + " was opened");
        } catch (UnusableStore refusal) {
            return String.valueOf(refusal.getMessage());
        }
    }

    private static void execute(Path file, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            SqliteFile.execute(connection, sql);
        }
    }
}
