package dev.parvi.persistence;

import static dev.parvi.persistence.StoreClient.appendOf;
import static dev.parvi.persistence.StoreClient.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parvi.entity.NotServing;
import dev.parvi.entity.OutcomeUnknown;
import dev.parvi.persistence.EventStore.Appended;
import dev.parvi.persistence.EventStore.Fenced;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What the store says when SQLite fails at a given step. The failures are thrown by a connection of the test. */
final class SqliteFailureTest {
    private volatile Fault fault = Fault.NONE;

    @TempDir
    Path folder = Path.of("");

    private StoreClient client = new StoreClient(EventStore.open(StoreSettings.config("store = \"memory:\"")));

    @BeforeEach
    void open() {
        var file = folder.resolve("store.db");
        client = new StoreClient(SqliteStore.open(file, StoreSettings.on(file), Faulty::new));
        client.append("a", 0, "w", "one");
    }

    @AfterEach
    void close() {
        client.store().close();
    }

    @Test
    void a_sync_that_fails_leaves_the_outcome_unknown_and_stops_the_store() {
        fault = new Fault(Step.COMMIT, SQLiteErrorCode.SQLITE_IOERR_FSYNC);
        assertThat(failure(1)).isInstanceOf(OutcomeUnknown.class).hasMessageContaining("while committing");
        fault = Fault.NONE;
        assertThat(failure(1)).isInstanceOf(NotServing.class).hasMessageContaining("the store has stopped");
        assertThat(client.store().failure()).isPresent();
        assertThat(client.records("a")).containsExactly("one");
    }

    @Test
    void a_commit_that_succeeds_and_reports_a_failure_is_unknown_too() {
        fault = new Fault(Step.AFTER_COMMIT, SQLiteErrorCode.SQLITE_IOERR_WRITE);
        assertThat(failure(1)).isInstanceOf(OutcomeUnknown.class);
        assertThat(client.head("a")).isEqualTo(2);
        assertThat(client.store().failure()).isPresent();
    }

    @Test
    void a_commit_without_room_for_the_index_is_unknown_and_the_store_goes_on() {
        fault = new Fault(Step.COMMIT, SQLiteErrorCode.SQLITE_IOERR_SHMSIZE);
        assertThat(failure(1)).isInstanceOf(OutcomeUnknown.class);
        fault = Fault.NONE;
        assertThat(client.append("a", 1, "w", "two")).isEqualTo(new Appended(2));
        assertThat(client.store().failure()).isEmpty();
    }

    @Test
    void a_retry_after_an_unknown_outcome_that_was_stored_is_told_that_it_succeeded() {
        fault = new Fault(Step.AFTER_COMMIT, SQLiteErrorCode.SQLITE_IOERR_SHMSIZE);
        assertThat(failure(1)).isInstanceOf(OutcomeUnknown.class);
        fault = Fault.NONE;
        assertThat(client.append("a", 1, "w", "two")).isEqualTo(new Appended(2));
        assertThat(client.append("a", 1, "rival", "two")).isEqualTo(new Fenced(2));
        assertThat(client.records("a")).containsExactly("one", "two");
    }

    @Test
    void a_full_disk_at_commit_stores_nothing_and_the_store_goes_on() {
        fault = new Fault(Step.COMMIT, SQLiteErrorCode.SQLITE_FULL);
        assertThat(failure(1)).isInstanceOf(NotServing.class).hasMessageContaining("the disk is full");
        assertThat(failure(1)).isInstanceOf(NotServing.class);
        fault = Fault.NONE;
        assertThat(client.append("a", 1, "w", "two")).isEqualTo(new Appended(2));
        assertThat(client.records("a")).containsExactly("one", "two");
    }

    @Test
    void a_file_that_became_read_only_stores_nothing_and_the_store_goes_on() {
        fault = new Fault(Step.BEGIN, SQLiteErrorCode.SQLITE_READONLY);
        assertThat(failure(1)).isInstanceOf(NotServing.class).hasMessageContaining("read-only");
        fault = Fault.NONE;
        assertThat(client.append("a", 1, "w", "two")).isEqualTo(new Appended(2));
    }

    @Test
    void a_write_that_fails_in_a_transaction_undoes_its_whole_group() throws SQLException {
        // The driver closes a statement that fails: this one, and then the store's, must not be used again.
        tamper(
                "CREATE TRIGGER fault BEFORE INSERT ON event WHEN NEW.revision = 3 BEGIN SELECT RAISE(FAIL, 'a fault'); END");
        var first = client.store().append(appendOf("a", 1, "w", "two", "three"));
        assertThat(failureOf(first)).isInstanceOf(NotServing.class);
        assertThat(client.records("a")).containsExactly("one");
        tamper("DROP TRIGGER fault");
        assertThat(client.append("a", 1, "w", "two", "three")).isEqualTo(new Appended(3));
        assertThat(client.store().failure()).isEmpty();
    }

    @Test
    void a_damaged_file_stops_the_store() {
        fault = new Fault(Step.BEGIN, SQLiteErrorCode.SQLITE_CORRUPT);
        assertThat(failure(1)).isInstanceOf(NotServing.class).hasMessageContaining("is damaged");
        fault = Fault.NONE;
        assertThat(failure(1)).isInstanceOf(NotServing.class);
        assertThat(client.store().failure()).isPresent();
    }

    private void tamper(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("store.db"))) {
            SqliteFile.execute(connection, sql);
        }
    }

    private Throwable failure(long expectedRevision) {
        return failureOf(client.store().append(appendOf("a", expectedRevision, "w", "two")));
    }

    private enum Step {
        NEVER,
        BEGIN,
        COMMIT,
        AFTER_COMMIT
    }

    private record Fault(Step step, SQLiteErrorCode code) {
        static final Fault NONE = new Fault(Step.NEVER, SQLiteErrorCode.SQLITE_OK);
    }

    private final class Faulty extends SqliteConnection {
        Faulty(SqliteFile file) throws SQLException {
            super(file);
        }

        @Override
        void begin() throws SQLException {
            check(Step.BEGIN);
            super.begin();
        }

        @Override
        void commit() throws SQLException {
            check(Step.COMMIT);
            super.commit();
            check(Step.AFTER_COMMIT);
        }

        private void check(Step step) throws SQLException {
            var wanted = fault;
            if (wanted.step() == step) throw new SQLiteException("a fault of the test", wanted.code());
        }
    }
}
