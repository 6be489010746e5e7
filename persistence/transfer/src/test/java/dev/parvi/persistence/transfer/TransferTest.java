package dev.parvi.persistence.transfer;

import static dev.parvi.persistence.StoreClient.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.EventStore.Append;
import dev.parvi.persistence.EventStore.Record;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TransferTest {
    @TempDir
    Path folder = Path.of("");

    private EventStore source = Stores.memory();
    private EventStore target = Stores.memory();

    @BeforeEach
    void open() {
        source = Stores.file(folder.resolve("source.db"));
        target = Stores.file(folder.resolve("target.db"));
    }

    @AfterEach
    void close() {
        source.close();
        target.close();
    }

    @Test
    void what_was_exported_and_imported_is_the_same_but_for_the_owner() {
        Stores.fill(source);
        var exported = export("");
        assertThat(exported).isEqualTo(new Totals(705, 2_100 + 3_200 + 3 + 18 + 2, 2));
        assertThat(importAll("")).isEqualTo(exported);
        assertThat(Stores.differences(source, target)).isEmpty();
        assertThat(get(target.claim("another", "there", false)).cluster()).isEqualTo("another");
    }

    @Test
    void an_import_again_changes_nothing() {
        Stores.fill(source);
        export("");
        importAll("");
        var once = Stores.contents(target);
        importAll("");
        assertThat(Stores.contents(target)).isEqualTo(once);
    }

    @Test
    void an_entity_that_has_gone_on_since_stays_as_it_is() {
        Stores.fill(source);
        export("");
        importAll("");
        Stores.append(target, "counter/3", "later", 2, 10);
        importAll("");
        assertThat(Stores.contents(target).get("counter/3"))
                .extracting(contents -> contents.extent().head())
                .isEqualTo(6L);
    }

    @Test
    void an_entity_that_differs_is_named_and_not_touched() {
        Stores.append(source, "a/1", "w", 3, 10);
        Stores.append(target, "a/1", "another", 2, 10);
        requireRefusedAndUntouched();
    }

    @Test
    void an_entity_that_differs_and_goes_further_is_named_and_not_touched() {
        Stores.append(source, "a/1", "w", 3, 10);
        Stores.append(target, "a/1", "another", 5, 10);
        requireRefusedAndUntouched();
    }

    @Test
    void an_entity_that_differs_keeps_the_events_that_were_deleted_in_the_export() {
        Stores.append(source, "a/1", "w", 30, 10);
        get(source.deleteTo("a/1", 12));
        Stores.append(target, "a/1", "another", 20, 10);
        requireRefusedAndUntouched();
    }

    @Test
    void an_entity_whose_events_were_all_deleted_in_the_export_keeps_those_of_the_target() {
        for (var events : new int[] {7, 12, 20}) Stores.append(target, "a/" + events, "another", events, 10);
        for (var events : new int[] {7, 12, 20}) {
            Stores.append(source, "a/" + events, "w", 12, 10);
            get(source.deleteTo("a/" + events, 12));
        }
        requireRefusedAndUntouched();
    }

    @Test
    void what_was_deleted_since_an_earlier_import_is_deleted_in_the_target_too() throws Exception {
        Stores.fill(source);
        export("");
        importAll("");
        get(source.deleteTo("long/1", 2_000));
        Stores.append(source, "long/1", "third", 40, 10);
        Files.delete(file());
        export("");
        importAll("");
        assertThat(Stores.differences(source, target)).isEmpty();
    }

    @Test
    void an_import_that_was_interrupted_among_deleted_events_goes_on() {
        Stores.fill(source);
        export("");
        var fillers = Collections.nCopies(5, new Record(ByteString.EMPTY, ""));
        get(target.append(new Append("deleted/some", 0, "parvi-import", fillers)));
        get(target.append(new Append("deleted/all", 0, "parvi-import", fillers)));
        get(target.deleteTo("deleted/all", 5));
        importAll("");
        assertThat(Stores.differences(source, target)).isEmpty();
    }

    @Test
    void one_type_can_be_exported_and_one_imported() {
        Stores.fill(source);
        assertThat(export("deleted/").entities()).isEqualTo(2);
        assertThat(importAll("deleted/s").entities()).isEqualTo(1);
        assertThat(Stores.contents(target)).containsOnlyKeys("deleted/some");
    }

    @Test
    void a_file_that_is_there_is_not_overwritten() throws Exception {
        Files.writeString(file(), "precious");
        assertThatThrownBy(() -> export(""))
                .isInstanceOf(TransferFailure.class)
                .hasMessageContaining("is there already");
        assertThat(file()).hasContent("precious");
    }

    @Test
    void an_export_under_load_holds_a_whole_beginning_of_each_history() {
        var acknowledged = new ConcurrentHashMap<String, Long>();
        var isOver = new AtomicBoolean();
        var writers = IntStream.range(0, 4)
                .mapToObj(writer -> CompletableFuture.runAsync(() -> write(writer, acknowledged, isOver)))
                .toList();
        while (acknowledged.size() < 400) Thread.onSpinWait();
        var before = new ConcurrentHashMap<>(acknowledged);
        export("");
        isOver.set(true);
        writers.forEach(CompletableFuture::join);
        importAll("");

        var there = Stores.contents(target);
        assertThat(there).containsKeys(before.keySet().toArray(String[]::new));
        there.forEach((entity, contents) -> {
            var head = contents.extent().head();
            assertThat(head).as(entity).isBetween(before.getOrDefault(entity, 0L), acknowledged.get(entity));
            assertThat(contents.events()).as(entity).isEqualTo((int) head);
        });
    }

    private void write(int writer, ConcurrentHashMap<String, Long> acknowledged, AtomicBoolean isOver) {
        for (var n = 0; !isOver.get(); n++) {
            var entity = "counter/" + writer + "-" + n % 200;
            Stores.append(source, entity, "w", 1, 30);
            acknowledged.merge(entity, 1L, Long::sum);
        }
    }

    private void requireRefusedAndUntouched() {
        export("");
        var before = Stores.contents(target);
        assertThatThrownBy(() -> importAll(""))
                .isInstanceOf(TransferFailure.class)
                .hasMessageContaining("another a/");
        assertThat(Stores.contents(target)).isEqualTo(before);
    }

    private Path file() {
        return folder.resolve("store.export");
    }

    private Totals export(String prefix) {
        return new Export(source, prefix, Progress.silent()).toFile(file());
    }

    private Totals importAll(String prefix) {
        return new Import(target, prefix, Progress.silent()).from(file());
    }
}
