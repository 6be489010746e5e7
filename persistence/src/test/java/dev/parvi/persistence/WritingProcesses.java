package dev.parvi.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.typesafe.config.Config;
import dev.parvi.entity.NotServing;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.sqlite.JDBC;

/** Starts processes that write to one file, and holds what they were told against what the file holds. */
final class WritingProcesses {
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    private final Path folder;
    private final Path file;
    private final int entities;
    private final List<Path> outputs = new ArrayList<>();

    WritingProcesses(Path folder, int entities) {
        this.folder = folder;
        this.file = folder.resolve("store.db");
        this.entities = entities;
    }

    Running start() throws IOException {
        var output = folder.resolve("output-" + outputs.size());
        outputs.add(output);
        var process = new ProcessBuilder(
                        JAVA.toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx128m",
                        "-Xshare:auto",
                        "-Dorg.sqlite.tmpdir=" + folder,
                        "-cp",
                        classPath(),
                        WritingProcess.class.getName(),
                        file.toString(),
                        String.valueOf(entities))
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return new Running(process, output);
    }

    /** Every acknowledged revision must be there once, with its bytes, and acknowledged to one writer only. Returns how many. */
    int verify() throws IOException, SQLException {
        var acknowledged = acknowledged();
        var stored = stored();
        assertThat(stored).containsAllEntriesOf(acknowledged);
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement();
                var rows = statement.executeQuery("PRAGMA integrity_check")) {
            assertThat(rows.getString(1)).isEqualTo("ok");
        }
        return acknowledged.size();
    }

    /** What processes were told: entity and revision, and the hash of the record. */
    Map<String, String> acknowledged() throws IOException {
        var all = new HashMap<String, String>();
        for (var output : outputs) {
            var text = Files.readString(output, StandardCharsets.UTF_8);
            var whole = text.substring(0, text.lastIndexOf('\n') + 1);
            for (var line :
                    whole.lines().filter(any -> any.startsWith("entity-")).toList()) {
                var hash = line.lastIndexOf(' ');
                var before = all.put(line.substring(0, hash), line.substring(hash + 1));
                assertThat(before).as("acknowledged twice: %s", line).isNull();
            }
        }
        return all;
    }

    private Map<String, String> stored() {
        var all = new HashMap<String, String>();
        try (var store = SqliteStore.open(file, WritingProcess.settings())) {
            var client = new StoreClient(store);
            for (var entity = 0; entity < entities; entity++)
                for (var event : client.replay("entity-" + entity))
                    all.put(
                            event.entity() + " " + event.revision(),
                            String.valueOf(event.record().hashCode()));
        }
        return all;
    }

    private static String classPath() {
        return Stream.of(
                        WritingProcess.class,
                        EventStore.class,
                        NotServing.class,
                        ByteString.class,
                        Config.class,
                        Logger.class,
                        JDBC.class)
                .map(WritingProcesses::location)
                .distinct()
                .collect(Collectors.joining(java.io.File.pathSeparator));
    }

    private static String location(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** One such process. */
    record Running(Process process, Path output) {
        void awaitReady() throws InterruptedException, IOException {
            while (Files.size(output) == 0 && process.isAlive()) Thread.sleep(2);
        }

        /** SIGKILL: nothing of the process runs after it. */
        void kill() throws InterruptedException {
            process.destroyForcibly().waitFor();
        }

        void end() throws InterruptedException, IOException {
            process.getOutputStream().close();
            assertThat(process.waitFor()).isZero();
        }
    }
}
