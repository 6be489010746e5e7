package dev.parvi.persistence.postgres;

import dev.parvi.persistence.UnusableStore;
import java.sql.Connection;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** The tables and their version: the scripts beside this class, applied one after the other. */
final class PostgresSchema {
    /** Of the newest script. */
    static final int VERSION = 2;

    private static final String HISTORY = "schema_history";
    private static final String ADOPT = "UPDATE feed_origin SET system_identifier = here.system_identifier"
            + " FROM pg_control_system() AS here WHERE feed_origin.system_identifier <> here.system_identifier";
    /** Any number that nobody else locks in this database. */
    private static final long ADVISORY_LOCK = 0x7061727669L;

    private final Connections connections;

    PostgresSchema(Connections connections) {
        this.connections = connections;
    }

    /** Brings the tables to this version. Several processes may do so at once: one does, and the others wait for it. */
    void migrate() {
        try (var connection = connections.unlimited().getConnection();
                var lock = connection.prepareStatement("SELECT pg_advisory_lock(?)")) {
            lock.setLong(1, ADVISORY_LOCK);
            lock.execute();
            // The lock goes with the connection.
            flyway().migrate();
            adopt(connection);
        } catch (SQLException | FlywayException failure) {
            throw new UnusableStore(PostgresFailure.sentence(connections.url(), failure), failure);
        }
    }

    /**
     * Events that were restored from another server's dump carry labels of its transactions. All of them were committed, so from here
     * on their positions are order enough.
     */
    private void adopt(Connection connection) throws SQLException {
        connection.setSchema(connections.settings().schema());
        connection.setAutoCommit(false);
        try (var statement = connection.createStatement()) {
            if (statement.executeUpdate(ADOPT) == 0) return;
            statement.executeUpdate("UPDATE entity SET xact = '0'");
            statement.executeUpdate("UPDATE event SET xact = '0'");
            connection.commit();
        }
    }

    /** Throws {@link UnusableStore} unless the tables have this version. */
    void check() {
        int found;
        try {
            found = version();
        } catch (SQLException failure) {
            throw new UnusableStore(PostgresFailure.sentence(connections.url(), failure), failure);
        }
        var schema =
                connections.url() + ": the schema \"" + connections.settings().schema() + "\"";
        if (found > VERSION)
            throw new UnusableStore(schema + " has version " + found + " and this node knows version " + VERSION
                    + ": run a newer node");
        if (found < VERSION)
            throw new UnusableStore(schema + (found == 0 ? " has no tables" : " has version " + found)
                    + " and this node needs version " + VERSION
                    + ": run \"parvi store migrate\", or set parvi.persistence.auto-migrate=on");
    }

    /** 0 if there are no tables. */
    private int version() throws SQLException {
        var session = connections.openReader();
        try (var find = session.connection.prepareStatement(
                        "SELECT max(version::int) FROM " + HISTORY + " WHERE success");
                var rows = find.executeQuery()) {
            return rows.next() ? rows.getInt(1) : 0;
        } catch (SQLException failure) {
            if (PostgresFailure.isMissingTable(failure)) return 0;
            throw failure;
        } finally {
            session.close();
        }
    }

    private Flyway flyway() throws SQLException {
        return Flyway.configure(PostgresSchema.class.getClassLoader())
                .dataSource(connections.unlimited())
                .schemas(connections.settings().schema())
                .table(HISTORY)
                .locations("classpath:dev/parvi/persistence/postgres")
                .loggers("slf4j")
                .load();
    }
}
