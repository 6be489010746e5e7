package dev.parvi.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was acknowledged survives {@code kill -9}, once, whoever else writes to the file. */
final class CrashIT {
    private static final int KILLS = 200;
    private static final int ENTITIES = 24;
    private static final int FEED_KILLS = 10;
    private static final long KILL_INTERVAL_NANOS = 300_000_000;

    @TempDir
    Path folder = Path.of("");

    @Test
    void every_acknowledged_revision_survives_kills_at_any_moment_exactly_once() throws Exception {
        var seed = System.nanoTime();
        var random = new Random(seed);
        var processes = new WritingProcesses(folder, ENTITIES);
        var kills = 0;
        while (kills < KILLS) {
            var running = new ArrayList<WritingProcesses.Running>();
            for (var n = random.nextInt(3); n >= 0; n--) running.add(processes.start());
            for (var process : running) {
                // One in ten dies while it opens the file, perhaps while it repairs what the last one left behind.
                if (random.nextInt(10) != 0) process.awaitReady();
                Thread.sleep(random.nextInt(running.size() == 1 ? 350 : 200));
                process.kill();
                kills++;
            }
            try (var leftovers = Files.newDirectoryStream(folder, "sqlite-*")) {
                for (var leftover : leftovers) Files.delete(leftover);
            }
        }
        var acknowledged = processes.verify();
        System.out.printf("%d kills, %d events acknowledged, all there once (seed %d)%n", kills, acknowledged, seed);
        assertThat(acknowledged).isGreaterThan(KILLS);
    }

    @Test
    void three_processes_on_one_file_fence_each_other_on_every_entity() throws Exception {
        var processes = new WritingProcesses(folder, ENTITIES);
        var running = new ArrayList<WritingProcesses.Running>();
        for (var n = 0; n < 3; n++) running.add(processes.start());
        for (var process : running) process.awaitReady();
        Thread.sleep(6_000);
        for (var process : running) process.end();
        var acknowledged = processes.verify();
        System.out.printf("three processes: %d events acknowledged in 6 s, each to one of them%n", acknowledged);
        for (var process : running) {
            var output = Files.readString(process.output());
            assertThat(output).contains("entity-").contains("closed Stats");
            assertThat(output.lines()
                            .filter(line -> line.startsWith("closed"))
                            .findFirst()
                            .orElseThrow())
                    .doesNotContain("fenced=0");
        }
    }

    /** The reader is a process of its own to the writers: this one. Now and then it starts again from the cursor that it kept. */
    @Test
    void a_reader_of_the_feed_misses_nothing_of_writers_that_are_killed() throws Exception {
        var processes = new WritingProcesses(folder, ENTITIES);
        var told = new HashMap<String, String>();
        var cursor = "";
        for (var kills = 0; kills < FEED_KILLS; ) {
            var running = List.of(processes.start(), processes.start());
            for (var process : running) process.awaitReady();
            try (var store = SqliteStore.open(folder.resolve("store.db"), WritingProcess.settings())) {
                var reader = FeedReader.from(store, cursor, 100);
                for (var process : running) {
                    var end = System.nanoTime() + KILL_INTERVAL_NANOS;
                    while (System.nanoTime() < end) reader.next();
                    process.kill();
                    kills++;
                }
                reader.readToEnd(Duration.ofSeconds(30));
                tell(reader, told);
                cursor = reader.cursor();
            }
        }
        processes.verify();
        assertThat(told).containsAllEntriesOf(processes.acknowledged());
        System.out.printf("%d kills, %d events told in order%n", FEED_KILLS, told.size());
    }

    /** Each reader must go on where the last one was. */
    private static void tell(FeedReader reader, Map<String, String> told) {
        for (var entity : reader.entities()) {
            var next = 1L;
            while (told.containsKey(entity + " " + next)) next++;
            for (var event : reader.told(entity)) {
                assertThat(event.revision()).as(entity).isEqualTo(next++);
                var before = told.put(
                        entity + " " + event.revision(),
                        String.valueOf(event.record().hashCode()));
                assertThat(before).as("told twice").isNull();
            }
        }
    }

    @Test
    void the_check_itself_fails_when_an_acknowledged_event_is_missing() throws Exception {
        var processes = new WritingProcesses(folder, 1);
        var running = processes.start();
        running.awaitReady();
        Thread.sleep(200);
        running.end();
        assertThat(processes.verify()).isPositive();
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("store.db"))) {
            SqliteFile.execute(connection, "DELETE FROM event WHERE position = (SELECT max(position) FROM event)");
        }
        assertThatThrownBy(processes::verify).isInstanceOf(AssertionError.class).hasMessageContaining("entity-0");
    }
}
