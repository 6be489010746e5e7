package dev.parvi.persistence.cassandra.server;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What one start of a server has written so far. */
final class ServerLog {
    private static final int TAIL_LINES = 60;

    private final Path file;
    private final long start;

    private ServerLog(Path file, long start) {
        this.file = file;
        this.start = start;
    }

    /** What comes from now on. */
    static ServerLog from(Path file) throws IOException {
        return new ServerLog(file, Files.exists(file) ? Files.size(file) : 0);
    }

    /** The settings of logback: each line reaches the file at once. Who has joined the ring is said at DEBUG only. */
    static String logback(Path file) {
        return """
                <configuration>
                  <appender name="file" class="ch.qos.logback.core.FileAppender">
                    <file>FILE</file>
                    <encoder>
                      <pattern>%d{HH:mm:ss.SSS} %-5level %logger{20} %msg%n</pattern>
                    </encoder>
                  </appender>
                  <logger name="org.apache.cassandra.service.StorageService" level="DEBUG"/>
                  <root level="INFO">
                    <appender-ref ref="file"/>
                  </root>
                </configuration>
                """.replace("FILE", file.toString());
    }

    boolean says(String text) {
        return lines().stream().anyMatch(line -> line.contains(text));
    }

    /** The last thing that went wrong. */
    Optional<String> lastError() {
        return lines().stream()
                .filter(line -> line.contains(" ERROR ") || line.startsWith("Error") || line.startsWith("Caused by"))
                .reduce((first, second) -> second)
                .map(String::strip);
    }

    String tail() {
        var lines = lines();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
    }

    private List<String> lines() {
        try (var in = new RandomAccessFile(file.toFile(), "r")) {
            var bytes = new byte[(int) Math.max(0, in.length() - start)];
            in.seek(start);
            in.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
