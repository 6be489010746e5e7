package dev.parvi.runtime.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.EventStore.Append;
import dev.parvi.persistence.EventStore.Appended;
import dev.parvi.persistence.EventStore.Record;
import dev.parvi.persistence.EventStore.Snapshot;
import dev.parvi.persistence.EventStore.SnapshotRange;
import dev.parvi.persistence.EventStore.StoredEvent;
import dev.parvi.protobuf.EventRecord;
import dev.parvi.protobuf.JournalRecord;
import dev.parvi.protobuf.OutcomeRecord;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A deleted entity on a real node and its SQLite store, from the acknowledgement to a backup and back. */
class DeletionIT {
    private static final String[] SNAPSHOT_OFTEN = {"--set", "parvi.sharding.snapshot-every=3"};
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int EVENTS = 7;
    private static final long TOMBSTONE = EVENTS + 1;

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();

    /** How far the removal was when the process died. */
    enum Cut {
        NOTHING_REMOVED,
        SNAPSHOTS_LEFT,
        ALL_REMOVED,
        A_SNAPSHOT_CAME_LATE
    }

    @Test
    void an_acknowledged_deletion_leaves_a_tombstone_and_nothing_else() throws InterruptedException {
        try (var child = RunningNode.start(folder, SNAPSHOT_OFTEN)) {
            var node = RunningNode.awaitReady(folder, child);
            add(node, "a");
            add(node, "b");
            assertThat(deletion(node, "a", "end").statusCode()).isEqualTo(204);
            child.killHard();
        }
        requireOnlyTombstone("data", "counter/a");
        try (var child = RunningNode.start(folder, SNAPSHOT_OFTEN)) {
            var node = RunningNode.awaitReady(folder, child);
            requireDeleted(node, "a");
            assertThat(node.get("b")).contains("\"" + EVENTS + "\"");
        }
    }

    @Test
    void lists_histories_feeds_and_outcomes_tell_of_it() {
        try (var child = RunningNode.start(folder, SNAPSHOT_OFTEN)) {
            var node = RunningNode.awaitReady(folder, child);
            add(node, "a");
            add(node, "b");
            node.add("once", 1);
            assertThat(deletion(node, "a", "end").statusCode()).isEqualTo(204);
            assertThat(deletion(node, "once", "end").statusCode()).isEqualTo(204);

            assertThat(node.ask("/counter").body()).isEqualTo("{\"entities\":[{\"id\":\"b\",\"revision\":\"7\"}]}");
            assertThat(node.ask("/counter/a/events").body())
                    .matches(
                            "\\{\"events\":\\[\\{\"revision\":\"8\",\"time\":\"20[^\"]+\",\"method\":\"\\.Delete\",\"deleted\":true}],"
                                    + "\"next\":\"8\"}");
            var feed = node.ask("/counter/events").body();
            assertThat(feed)
                    .containsPattern("\"id\":\"a\",\"revision\":\"8\",[^}]+\"deleted\":true")
                    .doesNotContainPattern("\"id\":\"a\",\"revision\":\"[1-7]\"");
            assertThat(node.ask("/counter/a/commands/end").body())
                    .contains("\"outcome\":\"completed\",\"revision\":\"8\",\"method\":\".Delete\"");
            assertThat(node.ask("/counter/a/commands/key-1").statusCode()).isEqualTo(404);
        }
        assertThat(parvi("history", "counter/a", "--store", store("data"))).isZero();
        assertThat(out.toString()).contains("     8  ", ".Delete", "\"deleted\"", "key end", "is at revision 8.");
    }

    @ParameterizedTest
    @EnumSource
    void whatever_a_crash_left_the_entity_stays_deleted_and_the_rest_is_removed(Cut cut) throws InterruptedException {
        try (var child = RunningNode.start(folder, SNAPSHOT_OFTEN)) {
            var node = RunningNode.awaitReady(folder, child);
            add(node, "a");
            await().atMost(SOON).until(() -> node.status().contains("\"appends\":"));
            child.killHard();
        }
        try (var store = open("data")) {
            var snapshot = await().atMost(SOON)
                    .until(() -> store.load("counter/a", SnapshotRange.ALL).join(), found -> found.isPresent())
                    .orElseThrow();
            assertThat(snapshot.revision()).isEqualTo(6);
            cut(store, cut, snapshot);
        }
        try (var child = RunningNode.start(folder, SNAPSHOT_OFTEN)) {
            var node = RunningNode.awaitReady(folder, child);
            assertThat(node.add("a", 5, "key-1").statusCode()).isEqualTo(410);
            requireDeleted(node, "a");
            // Now everything is removed: the answer to the retry has waited for it.
            child.killHard();
        }
        requireOnlyTombstone("data", "counter/a");
    }

    private static void cut(EventStore store, Cut cut, Snapshot snapshot) {
        var append = new Append("counter/a", EVENTS, "another-incarnation", List.of(tombstone()));
        assertThat(store.append(append).join()).isEqualTo(new Appended(TOMBSTONE));
        if (cut == Cut.NOTHING_REMOVED) return;
        store.deleteTo("counter/a", EVENTS).join();
        if (cut == Cut.SNAPSHOTS_LEFT) return;
        store.deleteSnapshots("counter/a", SnapshotRange.ALL).join();
        if (cut == Cut.A_SNAPSHOT_CAME_LATE) store.save(snapshot, 2).join();
    }

    private static Record tombstone() {
        var outcome = OutcomeRecord.newBuilder()
                .setIdempotencyKey("end")
                .setMethod(".Delete")
                .setRequestDigest(com.google.protobuf.ByteString.fromHex("e3b0c44298fc1c149afbf4c8996fb924"))
                .setRevision(TOMBSTONE);
        var event = EventRecord.newBuilder()
                .setType("parvi.v1.Tombstone")
                .setMethod(".Delete")
                .setTimeMillis(System.currentTimeMillis())
                .setOutcome(outcome);
        return new Record(JournalRecord.newBuilder().setEvent(event).build().toByteString(), "end");
    }

    @Test
    void a_deleted_entity_stays_deleted_in_a_backup_and_in_an_older_one_that_is_imported_again()
            throws InterruptedException {
        try (var child = RunningNode.start(folder, SNAPSHOT_OFTEN)) {
            var node = RunningNode.awaitReady(folder, child);
            add(node, "a");
            add(node, "b");
            var before = folder.resolve("before.parvi").toString();
            assertThat(parvi("export", before, "--store", store("data"))).isZero();
            assertThat(deletion(node, "a", "end").statusCode()).isEqualTo(204);
            var after = folder.resolve("after.parvi").toString();
            assertThat(parvi("export", after, "--store", store("data"))).isZero();
            child.killHard();

            assertThat(parvi("import", after, "--store", store("restored"))).isZero();
            requireOnlyTombstone("restored", "counter/a");
            assertThat(parvi("import", before, "--store", store("restored"))).isZero();
            requireOnlyTombstone("restored", "counter/a");
            assertThat(parvi("verify", "--keys", "--store", store("restored"))).isZero();
        }
        var restored = folder.resolve("elsewhere");
        try (var child = startOn(restored, "restored")) {
            var node = RunningNode.awaitReady(restored, child);
            requireDeleted(node, "a");
            assertThat(node.get("b")).contains("\"" + EVENTS + "\"");
        }
    }

    private dev.parvi.runtime.ChildJvm startOn(Path place, String data) {
        try {
            Files.createDirectories(place.resolve("data"));
        } catch (java.io.IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
        return RunningNode.start(place, "--store", store(data));
    }

    private static void add(RunningNode node, String id) {
        for (var n = 0; n < EVENTS; n++)
            assertThat(node.add(id, 1, "key-" + n).statusCode()).isEqualTo(200);
    }

    private static HttpResponse<String> deletion(RunningNode node, String id, String key) {
        return RunningNode.ask("DELETE", node.http() + "/counter/" + id, "", "Idempotency-Key", key);
    }

    private static void requireDeleted(RunningNode node, String id) {
        var again = deletion(node, id, "end");
        assertThat(again.statusCode()).as(again.body()).isEqualTo(204);
        assertThat(again.headers().firstValue("idempotency-replayed")).hasValue("true");
        assertThat(again.headers().firstValue("etag")).hasValue("\"" + TOMBSTONE + "\"");
        assertThat(deletion(node, id, "another").statusCode()).isEqualTo(410);
        assertThat(node.ask("/counter/" + id).statusCode()).isEqualTo(410);
        assertThat(node.add(id, 1, "key-1").statusCode()).isEqualTo(410);
    }

    private void requireOnlyTombstone(String data, String entity) {
        try (var store = open(data)) {
            var events = new ArrayList<StoredEvent>();
            store.replay(entity, 1, Long.MAX_VALUE, Long.MAX_VALUE, events::add).join();
            assertThat(events).extracting(StoredEvent::revision).containsExactly(TOMBSTONE);
            assertThat(store.head(entity).join()).isEqualTo(TOMBSTONE);
            assertThat(store.load(entity, SnapshotRange.ALL).join()).isEmpty();
            for (var n = 0; n < EVENTS; n++)
                assertThat(store.find(entity, "key-" + n).join()).isEmpty();
        }
    }

    private EventStore open(String data) {
        return EventStore.open(ConfigFactory.parseMap(Map.of("parvi.persistence.store", store(data)))
                .withFallback(ConfigFactory.load()));
    }

    private String store(String data) {
        return "sqlite:" + folder.resolve(data).resolve("parvi.db");
    }

    private int parvi(String... arguments) {
        out.getBuffer().setLength(0);
        return Parvi.commandLine().setOut(new PrintWriter(out, true)).execute(arguments);
    }
}
