package dev.parvi.persistence.transfer;

import static dev.parvi.persistence.StoreClient.get;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.EventStore.Append;
import dev.parvi.persistence.EventStore.Record;
import dev.parvi.persistence.transfer.Verification.Finding;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VerificationTest {
    @TempDir
    Path folder = Path.of("");

    private EventStore store = Stores.memory();

    @BeforeEach
    void fill() {
        store = Stores.file(folder.resolve("store.db"));
        Stores.fill(store);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void a_sound_store_is_gone_through_without_a_finding() {
        var findings = new ArrayList<Finding>();
        var totals = new Verification(store, "", true, Progress.silent(), findings::add).run();
        assertThat(findings).isEmpty();
        assertThat(totals).isEqualTo(new Totals(706, 5_324, 2));
    }

    @Test
    void a_changed_byte_a_missing_row_and_a_forgotten_key_are_named_and_the_rest_is_read() throws SQLException {
        change("UPDATE event SET record = x'00' WHERE " + row("long/1", 70));
        change("DELETE FROM event WHERE " + row("long/1", 2_500));
        change("UPDATE event SET record = x'01' WHERE " + row("counter/3", 1));
        change("UPDATE event SET key_hash = NULL WHERE " + row("deleted/some", 20));
        var findings = new ArrayList<Finding>();
        var totals = new Verification(store, "", true, Progress.silent(), findings::add).run();
        assertThat(findings)
                .containsExactlyInAnyOrder(
                        new Finding("long/1", 70, "is damaged: its checksum does not match"),
                        new Finding("long/1", 2_500, "is missing"),
                        new Finding("counter/3", 1, "is damaged: its checksum does not match"),
                        new Finding("deleted/some", 20, "is not found by its idempotency key"));
        assertThat(totals.events()).isEqualTo(5_324);
    }

    @Test
    void a_key_that_was_applied_twice_and_an_outcome_of_another_revision_are_named() {
        append("twice/1", Stores.record(1, "k", 5), Stores.record(2, "other", 5), Stores.record(3, "k", 5));
        append("wrong/1", Stores.record(9, "k", 5));
        append("noise/1", new Record(ByteString.copyFromUtf8("no record"), ""));
        assertThat(findings(""))
                .containsExactlyInAnyOrder(
                        new Finding("twice/1", 3, "has the idempotency key of revision 1"),
                        new Finding("wrong/1", 1, "carries an outcome of revision 9"),
                        new Finding("noise/1", 1, "is not readable"));
        assertThat(findings("wrong/")).hasSize(1);
    }

    private List<Finding> findings(String prefix) {
        var findings = new ArrayList<Finding>();
        new Verification(store, prefix, false, Progress.silent(), findings::add).run();
        return findings;
    }

    private void append(String entity, Record... records) {
        get(store.append(new Append(entity, 0, "w", List.of(records))));
    }

    private static String row(String entity, long revision) {
        return "revision = " + revision + " AND entity = (SELECT number FROM entity WHERE id = '" + entity + "')";
    }

    private void change(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("store.db"));
                var statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(sql)).isEqualTo(1);
        }
    }
}
