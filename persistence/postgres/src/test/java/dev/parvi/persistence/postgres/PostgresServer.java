package dev.parvi.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.PersistenceSettings;
import dev.parvi.persistence.StoreSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.postgresql.ds.PGSimpleDataSource;

/** A PostgreSQL of the tests' own: in a folder for temporary files, on a free port of this machine, gone when the JVM ends. */
public final class PostgresServer implements AutoCloseable {
    static final String USER = "parvi";
    static final String PASSWORD = "only-for-tests";

    private static final Path INSTALLED = Path.of("/usr/lib/postgresql");
    private static final String SYSTEM_USER = "postgres";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final AtomicInteger SCHEMAS = new AtomicInteger();
    private static @Nullable PostgresServer shared;

    private final Path programs;
    private final Path folder;
    private final int port;
    private @Nullable Process process;

    private PostgresServer(Path programs) throws IOException {
        this.programs = programs;
        folder = Files.createTempDirectory("parvi-postgres");
        port = freePort();
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
        if (isRoot())
            Files.setOwner(
                    folder,
                    folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(SYSTEM_USER));
        var passwordFile = Files.writeString(folder.resolve("password"), PASSWORD);
        run("initdb", "-D", data(), "-U", USER, "-A", "scram-sha-256", "--pwfile=" + passwordFile, "-E", "UTF8", "-N");
        start();
    }

    /** The one that all tests of this JVM share, as long as they do not harm it. */
    public static synchronized PostgresServer shared() {
        var running = shared;
        if (running == null) {
            running = startNew();
            shared = running;
        }
        return running;
    }

    /** One that may be harmed. Skips the test where PostgreSQL is not installed, except in continuous integration. */
    static PostgresServer startNew() {
        var programs = programs();
        if (System.getenv("CI") == null)
            Assumptions.assumeTrue(programs.isPresent(), "no PostgreSQL below " + INSTALLED + ": install postgresql");
        try {
            return new PostgresServer(
                    programs.orElseThrow(() -> new AssertionError("no PostgreSQL below " + INSTALLED)));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static boolean isMissing() {
        return System.getenv("CI") == null && programs().isEmpty();
    }

    int port() {
        return port;
    }

    String url() {
        return "postgres://" + USER + "@127.0.0.1:" + port + "/postgres";
    }

    /** Settings for a store with tables of its own. */
    public Config freshConfig(String... changes) {
        return config("s" + SCHEMAS.incrementAndGet(), changes);
    }

    Config config(String schema, String... changes) {
        return configAt(url(), schema, changes);
    }

    Config configAt(String url, String schema, String... changes) {
        var all = new ArrayList<>(List.of(
                "store = \"" + url + "\"",
                "postgres.password = " + PASSWORD,
                "postgres.schema = " + schema,
                "auto-migrate = on"));
        all.addAll(Arrays.asList(changes));
        return StoreSettings.config(all.toArray(String[]::new));
    }

    public EventStore openFresh(String... changes) {
        return EventStore.open(freshConfig(changes));
    }

    static PostgresStore open(Config config, PostgresTables.Fence fence) {
        var settings = PersistenceSettings.from(config);
        return PostgresStore.open(PostgresUrl.parse(settings.store()), settings, PostgresSettings.from(config), fence);
    }

    /** A connection of a person who looks in. */
    Connection connect() throws SQLException {
        var source = new PGSimpleDataSource();
        source.setServerNames(new String[] {"127.0.0.1"});
        source.setPortNumbers(new int[] {port});
        source.setDatabaseName("postgres");
        source.setUser(USER);
        source.setPassword(PASSWORD);
        source.setConnectTimeout(2);
        source.setApplicationName("a person");
        return source.getConnection();
    }

    void execute(String sql) throws SQLException {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Dumps a schema and restores it on another server, as a person would. */
    void copyTo(PostgresServer another, String schema) throws IOException {
        var dump = Files.createTempFile(another.folder, "dump", ".sql");
        var local = List.of("-h", "127.0.0.1", "-U", USER, "-d", "postgres");
        ask(local, "pg_dump", "-p", "" + port, "-n", schema, "-f", dump.toString());
        ask(local, "psql", "-p", "" + another.port, "-q", "-v", "ON_ERROR_STOP=1", "-f", dump.toString());
    }

    private void ask(List<String> connecting, String program, String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(programs.resolve(program).toString()));
        command.addAll(connecting);
        command.addAll(Arrays.asList(arguments));
        var asking = new ProcessBuilder(command).inheritIO();
        asking.environment().put("PGPASSWORD", PASSWORD);
        assertThat(await(asking.start())).as(program).isZero();
    }

    void start(String... options) {
        var command = new ArrayList<>(
                List.of("postgres", "-D", data(), "-p", "" + port, "-k", folder.toString(), "-h", "127.0.0.1"));
        command.addAll(Arrays.asList(options));
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            process = begin(command.toArray(String[]::new));
            while (process.isAlive()) {
                try {
                    connect().close();
                    return;
                } catch (SQLException notYet) {
                    assertThat(System.nanoTime())
                            .as("the server starts in time")
                            .isLessThan(end);
                    pause();
                }
            }
            // Old processes of a killed server may still be on their way out.
            assertThat(System.nanoTime())
                    .as("the server starts at all: " + log())
                    .isLessThan(end);
            pause();
        }
    }

    /** {@code kill -9}, for all of its processes. */
    void kill() {
        signal("-KILL");
        await(process());
    }

    void freeze() {
        signal("-STOP");
    }

    void thaw() {
        signal("-CONT");
    }

    @Override
    public void close() {
        if (process != null && process.isAlive()) kill();
        try (var files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    private void signal(String signal) {
        var server = process().toHandle();
        var command = new ArrayList<>(List.of("kill", signal, "" + server.pid()));
        server.descendants().forEach(child -> command.add("" + child.pid()));
        try {
            await(new ProcessBuilder(command).start());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private Process process() {
        if (process == null) throw new IllegalStateException("the server was never started");
        return process;
    }

    private void run(String... command) {
        assertThat(await(begin(command)))
                .as(() -> String.join(" ", command) + log())
                .isZero();
    }

    /** The server refuses to run as root. */
    private Process begin(String... command) {
        var all = new ArrayList<String>();
        if (isRoot())
            all.addAll(List.of("setpriv", "--reuid", SYSTEM_USER, "--regid", SYSTEM_USER, "--init-groups", "--"));
        all.add(programs.resolve(command[0]).toString());
        all.addAll(Arrays.asList(command).subList(1, command.length));
        try {
            return new ProcessBuilder(all)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            folder.resolve("log").toFile()))
                    .start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    private String log() {
        try {
            return "\n" + Files.readString(folder.resolve("log"));
        } catch (IOException none) {
            return "";
        }
    }

    private static int await(Process process) {
        try {
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Optional<Path> programs() {
        try (Stream<Path> versions = Files.list(INSTALLED)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("postgres")))
                    .max(Comparator.naturalOrder());
        } catch (IOException none) {
            return Optional.empty();
        }
    }
}
