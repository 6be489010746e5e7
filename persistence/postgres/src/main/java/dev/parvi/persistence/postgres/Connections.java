package dev.parvi.persistence.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Opens connections. While the server is away, one caller at a time tries to reach it, with growing pauses; the others are told at once.
 * For many threads.
 */
final class Connections {
    private static final long PAUSE_MIN_NANOS = Duration.ofMillis(50).toNanos();
    private static final long PAUSE_MAX_NANOS = Duration.ofSeconds(1).toNanos();
    /** A server that is away has no connection to take: what callers see in the meantime. */
    private static final String CANNOT_CONNECT = "08001";

    private final PostgresUrl url;
    private final PostgresSettings settings;
    private final Object gate = new Object();
    private @Nullable SQLException away;
    private boolean trying;
    private long pauseNanos;
    private long nextTryAt;

    Connections(PostgresUrl url, PostgresSettings settings) {
        this.url = url;
        this.settings = settings;
    }

    PostgresUrl url() {
        return url;
    }

    PostgresSettings settings() {
        return settings;
    }

    /** A connection for writes; their transactions see what others commit meanwhile. */
    Session openWriter() throws SQLException {
        return open(false);
    }

    /** A connection for reads; each of its transactions sees the database as it was at one moment. */
    Session openReader() throws SQLException {
        return open(true);
    }

    /** Where migrations get their connections: without limits on time, for a large table takes long to change. */
    PGSimpleDataSource unlimited() throws SQLException {
        var source = new PGSimpleDataSource();
        source.setServerNames(new String[] {url.host()});
        source.setPortNumbers(new int[] {url.port()});
        source.setDatabaseName(url.database());
        var user = url.user().isEmpty() ? settings.user() : url.user();
        if (!user.isEmpty()) source.setUser(user);
        var password = password();
        if (!password.isEmpty()) source.setPassword(password);
        if (!url.sslmode().isEmpty()) source.setSslMode(url.sslmode());
        source.setApplicationName("parvi");
        source.setTcpKeepAlive(true);
        source.setLogServerErrorDetail(false);
        source.setConnectTimeout(seconds(settings.connectTimeout()));
        return source;
    }

    private Session open(boolean readOnly) throws SQLException {
        enter();
        @Nullable SQLException failed = null;
        try {
            return connect(readOnly);
        } catch (SQLException failure) {
            failed = failure;
            throw failure;
        } catch (RuntimeException | Error failure) {
            failed = new SQLException(failure.toString(), CANNOT_CONNECT, failure);
            throw failure;
        } finally {
            leave(failed);
        }
    }

    private Session connect(boolean readOnly) throws SQLException {
        var source = unlimited();
        source.setSocketTimeout(seconds(settings.connectTimeout()));
        var connection = source.getConnection();
        try {
            return Session.on(connection, settings, readOnly);
        } catch (SQLException | RuntimeException | Error failure) {
            connection.abort(Runnable::run);
            throw failure;
        }
    }

    private void enter() throws SQLException {
        synchronized (gate) {
            if (away == null) return;
            if (trying || System.nanoTime() - nextTryAt < 0)
                throw new SQLException(away.getMessage(), CANNOT_CONNECT, away);
            trying = true;
        }
    }

    private void leave(@Nullable SQLException failure) {
        synchronized (gate) {
            trying = false;
            away = failure;
            pauseNanos = failure == null ? 0 : Math.min(PAUSE_MAX_NANOS, Math.max(PAUSE_MIN_NANOS, 2 * pauseNanos));
            nextTryAt = System.nanoTime() + pauseNanos;
        }
    }

    private String password() throws SQLException {
        if (settings.passwordFile().isEmpty()) return settings.password();
        try {
            return Files.readString(Path.of(settings.passwordFile())).stripTrailing();
        } catch (IOException unreadable) {
            throw new SQLException(
                    "the password file " + settings.passwordFile() + " cannot be read", CANNOT_CONNECT, unreadable);
        }
    }

    private static int seconds(Duration duration) {
        return (int) Math.max(1, (duration.toMillis() + 999) / 1_000);
    }

    /** A connection that is set up, and what the server calls it. Not for several threads. */
    static final class Session {
        private static final Duration GRACE = Duration.ofSeconds(1);
        private static final long TRUSTED_NANOS = Duration.ofSeconds(5).toNanos();
        private static final int VERSION_MIN = 130_000;

        final Connection connection;
        private final int pid;
        private final String startedAt;
        private long usedAt = System.nanoTime();

        private Session(Connection connection, int pid, String startedAt) {
            this.connection = connection;
            this.pid = pid;
            this.startedAt = startedAt;
        }

        /**
         * All look-ups are by key: the planner must not read whole tables because it has no statistics of a new one yet. An abandoned
         * transaction must not hold its locks until the network notices.
         */
        private static Session on(Connection connection, PostgresSettings settings, boolean readOnly)
                throws SQLException {
            var limit = settings.statementTimeout();
            var isolation = readOnly ? "repeatable read" : "read committed";
            try (var setUp = connection.prepareStatement("SELECT current_setting('server_version_num')::int,"
                    + " pg_is_in_recovery(), current_setting('fsync') = 'on', pg_backend_pid(),"
                    + " (SELECT backend_start::text FROM pg_stat_activity WHERE pid = pg_backend_pid()),"
                    + " set_config('search_path', ?, false), set_config('statement_timeout', ?, false),"
                    + " set_config('idle_in_transaction_session_timeout', ?, false),"
                    + " set_config('default_transaction_isolation', ?, false),"
                    + " set_config('default_transaction_read_only', ?, false),"
                    + " set_config('synchronous_commit', 'on', false), set_config('jit', 'off', false),"
                    + " set_config('enable_seqscan', 'off', false)")) {
                setUp.setString(1, settings.schema());
                setUp.setString(2, limit.toMillis() + "ms");
                setUp.setString(3, limit.multipliedBy(2).toMillis() + "ms");
                setUp.setString(4, isolation);
                setUp.setString(5, readOnly ? "on" : "off");
                try (var row = setUp.executeQuery()) {
                    row.next();
                    requireUsable(row.getInt(1), row.getBoolean(2), row.getBoolean(3), settings);
                    var session =
                            new Session(connection, row.getInt(4), Objects.requireNonNullElse(row.getString(5), ""));
                    connection.setNetworkTimeout(
                            Runnable::run, (int) limit.plus(GRACE).toMillis());
                    return session;
                }
            }
        }

        private static void requireUsable(int version, boolean standby, boolean syncs, PostgresSettings settings)
                throws SQLException {
            if (version < VERSION_MIN)
                throw new SQLException("the server is older than PostgreSQL 13, which the store needs", CANNOT_CONNECT);
            if (standby)
                throw new SQLException("the server is a standby and takes no writes: name the primary", CANNOT_CONNECT);
            if (!syncs && !settings.allowUnsafeServer())
                throw new SQLException(
                        "the server runs with fsync=off and loses acknowledged events in a crash: set fsync=on"
                                + " (or parvi.persistence.postgres.allow-unsafe-server=on, for tests)",
                        CANNOT_CONNECT);
        }

        /** Whether it can be used without asking: idle connections are cut by proxies and restarts. */
        boolean isAlive(Duration patience) {
            if (System.nanoTime() - usedAt < TRUSTED_NANOS) return true;
            try {
                return connection.isValid(seconds(patience));
            } catch (SQLException dead) {
                return false;
            }
        }

        void onUsed() {
            usedAt = System.nanoTime();
        }

        /** Ends another session that was given up, so that its locks are free: it cannot commit any more, or it has. */
        void end(Session given) throws SQLException {
            try (var end = connection.prepareStatement("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE pid = ? AND backend_start::text = ?")) {
                end.setInt(1, given.pid);
                end.setString(2, given.startedAt);
                end.executeQuery().close();
            }
        }

        /** Hangs up, whatever the server is doing: an open transaction is undone. */
        void drop() {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException gone) {
                // Then there is nothing to hang up.
            }
        }

        void close() throws SQLException {
            connection.close();
        }
    }
}
