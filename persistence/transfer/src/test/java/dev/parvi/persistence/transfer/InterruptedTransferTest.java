package dev.parvi.persistence.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parvi.persistence.EventStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that end anywhere, and files that are damaged anywhere. */
final class InterruptedTransferTest {
    @TempDir
    Path folder = Path.of("");

    private final EventStore source = Stores.memory();
    private byte[] whole = new byte[0];

    @BeforeEach
    void export() throws IOException {
        Stores.fill(source);
        new Export(source, "", Progress.silent()).toFile(file());
        whole = Files.readAllBytes(file());
    }

    @AfterEach
    void close() {
        source.close();
    }

    @Test
    void an_export_that_was_interrupted_anywhere_can_be_resumed() throws IOException {
        // Behind the header, in the middle of everything, and just before the last byte.
        for (var length : new int[] {40, whole.length / 3, whole.length - 100_000, whole.length - 1}) {
            Files.write(file(), Arrays.copyOf(whole, length));
            var totals = new Export(source, "", Progress.silent()).resume(file());
            assertThat(totals.entities()).isEqualTo(705);
            try (var target = Stores.memory()) {
                assertThat(new Import(target, "", Progress.silent()).from(file()))
                        .isEqualTo(totals);
                assertThat(Stores.differences(source, target))
                        .as("cut at %d", length)
                        .isEmpty();
            }
        }
    }

    @Test
    void what_cannot_be_resumed_says_why() throws IOException {
        var again = new Export(source, "", Progress.silent());
        assertThatThrownBy(() -> again.resume(file())).hasMessageContaining("is a finished export already");
        Files.write(file(), Arrays.copyOf(whole, 10));
        assertThatThrownBy(() -> again.resume(file())).hasMessageContaining("ends before it begins");
        Files.writeString(file(), "something else");
        assertThatThrownBy(() -> again.resume(file())).hasMessageContaining("is not an export");
        Files.write(file(), Arrays.copyOf(whole, whole.length / 2));
        var other = new Export(source, "counter/", Progress.silent());
        assertThatThrownBy(() -> other.resume(file())).hasMessageContaining("is an export of \"\"");
    }

    @Test
    void an_unfinished_file_is_imported_as_far_as_it_goes_and_named() throws IOException {
        Files.write(file(), Arrays.copyOf(whole, whole.length / 2));
        try (var target = Stores.memory()) {
            assertThatThrownBy(() -> new Import(target, "", Progress.silent()).from(file()))
                    .isInstanceOf(TransferFailure.class)
                    .hasMessageContaining("was interrupted");
            assertThat(Stores.contents(target)).isNotEmpty();
            Files.write(file(), whole);
            new Import(target, "", Progress.silent()).from(file());
            assertThat(Stores.differences(source, target)).isEmpty();
        }
    }

    @Test
    void a_flipped_bit_is_found_wherever_it_is() throws IOException {
        for (var at = 0; at < whole.length; at += whole.length / 50) {
            var damaged = whole.clone();
            damaged[at] ^= 0x10;
            Files.write(file(), damaged);
            try (var target = Stores.memory()) {
                assertThatThrownBy(() -> new Import(target, "", Progress.silent()).from(file()))
                        .as("byte %d", at)
                        .isInstanceOf(TransferFailure.class);
            }
        }
    }

    private Path file() {
        return folder.resolve("store.export");
    }
}
