package dev.parvi.persistence;

import static dev.parvi.persistence.StoreClient.appendOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.parvi.entity.NotServing;
import dev.parvi.persistence.EventStore.Appended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is really full, and one that is really read-only: needs the right to mount a file system, and says so otherwise. */
final class DiskFullIT {
    @TempDir
    Path folder = Path.of("");

    private Path disk = Path.of("");

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(folder.resolve("disk"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=4m", "parvi-test", disk.toString()),
                "skipped: this user may not mount a file system");
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", disk.toString());
    }

    @Test
    void a_full_disk_refuses_in_one_sentence_and_loses_nothing_and_serves_when_there_is_room_again() throws Exception {
        var ballast = Files.write(disk.resolve("ballast"), new byte[1 << 20]);
        var file = disk.resolve("store.db");
        var record = "x".repeat(3_000);
        var acknowledged = new ArrayList<String>();
        try (var store = EventStore.open(StoreSettings.configOn(file, "wal-bytes-max = 1MiB"))) {
            var client = new StoreClient(store);
            var refusal = fill(client, record, acknowledged);
            assertThat(refusal)
                    .isInstanceOf(NotServing.class)
                    .hasMessageContaining(file + " cannot grow: the disk is full");
            assertThat(client.records("a")).isEqualTo(acknowledged);
            assertThat(store.failure()).isEmpty();

            Files.delete(ballast);
            assertThat(client.append("a", acknowledged.size(), "w", record))
                    .isEqualTo(new Appended(acknowledged.size() + 1L));
            acknowledged.add(record);
            assertThat(client.records("a")).isEqualTo(acknowledged);
        }
        try (var store = EventStore.open(StoreSettings.configOn(file))) {
            assertThat(new StoreClient(store).records("a")).isEqualTo(acknowledged);
        }
    }

    @Test
    void a_read_only_disk_refuses_to_open_in_one_sentence() throws Exception {
        var file = disk.resolve("store.db");
        try (var store = EventStore.open(StoreSettings.configOn(file))) {
            new StoreClient(store).append("a", 0, "w", "one");
        }
        assertThat(run("mount", "-o", "remount,ro", disk.toString())).isTrue();
        assertThatThrownBy(() -> EventStore.open(StoreSettings.configOn(file)))
                .isInstanceOf(UnusableStore.class)
                .hasMessageContaining(disk + " is not writable");
        run("mount", "-o", "remount,rw", disk.toString());
        try (var store = EventStore.open(StoreSettings.configOn(file))) {
            assertThat(new StoreClient(store).records("a")).containsExactly("one");
        }
    }

    private static Throwable fill(StoreClient client, String record, List<String> acknowledged) {
        while (true) {
            var answer = client.store().append(appendOf("a", acknowledged.size(), "w", record));
            var failure = answer.handle((result, refused) -> refused).join();
            if (failure != null) return failure;
            acknowledged.add(record);
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException noSuchCommand) {
            return false;
        }
    }
}
