package dev.parvi.http.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.parvi.entity.EntityType;
import dev.parvi.protobuf.Tombstone;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class EventStreamsTest {
    private static final Pattern ID = Pattern.compile("^id: (.*)$", Pattern.MULTILINE);
    private static final EntityType<CarState, CarEvent> CAR = EntityType.of(
            "car",
            Garage.getDescriptor().findServiceByName("Car"),
            CarState.getDefaultInstance(),
            CarEvent.getDefaultInstance(),
            List.of());
    private static final StreamSettings SETTINGS =
            new StreamSettings(2, Duration.ofSeconds(30), Duration.ofMillis(5), 100);

    private final ActorSystem system = ActorSystem.create("streams-test");
    private final MemoryHistory history = new MemoryHistory();
    private final EventStreams streams = streams(SETTINGS);

    @AfterEach
    void stop() {
        system.terminate();
    }

    @Test
    void history_comes_first_and_then_what_happens() {
        history.drive("a", 3);
        var stream = open("a", 1);
        assertThat(revisions(stream, 2)).containsExactly(2L, 3L);
        history.drive("a", 2);
        assertThat(revisions(stream, 2)).containsExactly(4L, 5L);
    }

    @Test
    void what_an_entity_is_comes_before_what_happens() {
        history.drive("a", 3);
        var stream = streams.follow(query("a", 0), 2, "{\"meters\":\"1\"}".getBytes(StandardCharsets.UTF_8))
                .runWith(Sink.queue(), system);
        assertThat(pull(stream)).isEqualTo("retry: 1000\n\n");
        assertThat(pull(stream))
                .isEqualTo("event: snapshot\nid: 2\ndata: {\"revision\":\"2\",\"snapshot\":{\"meters\":\"1\"}}\n\n");
        assertThat(revisions(stream, 1)).containsExactly(3L);
        history.drive("a", 2);
        assertThat(revisions(stream, 2)).containsExactly(4L, 5L);
    }

    @Test
    void a_snapshot_may_be_newer_than_what_is_known_here() {
        history.drive("a", 1);
        var first = open("a", 0);
        revisions(first, 1);
        var stream = streams.follow(query("a", 0), 3, "{}".getBytes(StandardCharsets.UTF_8))
                .runWith(Sink.queue(), system);
        assertThat(revisions(stream, 1)).containsExactly(3L);
        history.drive("a", 3);
        assertThat(revisions(stream, 1)).containsExactly(4L);
    }

    @Test
    void what_was_kept_for_those_who_watch_is_not_shown_after_a_deletion() {
        history.drive("a", 3);
        var first = open("a", 0);
        assertThat(revisions(first, 3)).containsExactly(1L, 2L, 3L);
        history.drive("a", 2);
        assertThat(revisions(first, 2)).containsExactly(4L, 5L);
        history.delete("a");
        assertThat(revisions(first, 1)).containsExactly(6L);

        assertThat(revisions(open("a", 3), 1)).containsExactly(6L);
        assertThat(revisions(open("a", 5), 1)).containsExactly(6L);
    }

    @Test
    void a_frame_is_an_event_of_the_html_standard() {
        history.add(
                "a",
                CarEvent.newBuilder()
                        .setDriven(Driven.newBuilder().setMeters(7))
                        .build());
        history.add(
                "a",
                CarEvent.newBuilder()
                        .setSearched(Searched.newBuilder().setBy("x"))
                        .build());
        history.add("a", Tombstone.getDefaultInstance());
        var stream = open("a", 0);
        assertThat(pull(stream)).isEqualTo("retry: 1000\n\n");
        assertThat(pull(stream)).isEqualTo("""
                        id: 1
                        data: {"revision":"1","time":"1970-01-01T00:00:00Z","method":"Drive","event":{"driven":{"meters":"7"}}}

                        id: 2
                        data: {"revision":"2","time":"1970-01-01T00:00:00Z","hidden":true}

                        id: 3
                        data: {"revision":"3","time":"1970-01-01T00:00:00Z","method":"Drive","deleted":true}

                        """);
    }

    @Test
    void a_slow_stream_holds_nothing_and_misses_nothing() {
        var slow = open("a", 0);
        var quick = open("a", 0);
        for (var round = 1; round <= 20; round++) {
            history.drive("a", 100);
            revisions(quick, 100);
        }
        assertThat(revisions(slow, 2_000))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 2_000).boxed().toList());
    }

    @Test
    void every_revision_comes_once_and_in_order_however_the_owner_and_the_store_behave() {
        history.isFlaky = true;
        var stream = open("a", 0);
        var writing = CompletableFuture.runAsync(() -> {
            for (var n = 0; n < 300; n++) history.drive("a", 1);
        });
        assertThat(survivors(stream, 300))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 300).boxed().toList());
        writing.join();
    }

    @Test
    void an_owner_that_says_nothing_is_not_needed() {
        history.knowsNoHeads = true;
        history.drive("a", 2);
        var stream = open("a", 0);
        assertThat(revisions(stream, 2)).containsExactly(1L, 2L);
        history.drive("a", 1);
        assertThat(revisions(stream, 1)).containsExactly(3L);
    }

    @Test
    void many_streams_of_one_entity_ask_its_owner_once() {
        var many = streams(new StreamSettings(1_000, Duration.ofSeconds(30), Duration.ofMillis(5), 100));
        var all = new ArrayList<SinkQueueWithCancel<ByteString>>();
        for (var n = 0; n < 200; n++) all.add(many.follow(query("a", 0)).runWith(Sink.queue(), system));
        all.forEach(this::pull);
        history.drive("a", 1);
        all.forEach(stream -> assertThat(revisions(stream, 1)).containsExactly(1L));
        assertThat(history.asks).hasValueLessThan(200);
        assertThat(history.reads).hasValueLessThan(200);
    }

    @Test
    void streams_are_counted_and_bounded() {
        var first = open("a", 0);
        var second = open("b", 0);
        pull(first);
        pull(second);
        await().until(() -> streams.open() == 2);
        assertThat(streams.hasRoom()).isFalse();
        first.cancel();
        await().until(() -> streams.open() == 1);
        assertThat(streams.hasRoom()).isTrue();
    }

    @Test
    void a_node_that_leaves_ends_its_streams_and_says_when_to_come_back() {
        history.drive("a", 1);
        var stream = open("a", 0);
        var feed = streams.follow(feed("")).runWith(Sink.queue(), system);
        pull(feed);
        revisions(stream, 1);
        streams.end();
        assertThat(pull(stream)).isEqualTo("retry: 200\n\n");
        assertThat(pull(stream)).isEmpty();
        assertThat(pull(feed)).isEqualTo("retry: 200\n\n");
        assertThat(streams.hasRoom()).isFalse();
    }

    @Test
    void silence_is_broken_by_heartbeats() {
        var quiet = streams(new StreamSettings(10, Duration.ofMillis(20), Duration.ofSeconds(1), 100));
        var stream = quiet.follow(query("a", 0)).runWith(Sink.queue(), system);
        pull(stream);
        assertThat(pull(stream)).isEqualTo(":\n\n");
        assertThat(pull(stream)).isEqualTo(":\n\n");
    }

    @Test
    void a_feed_has_cursors_for_ids_and_goes_on() {
        history.drive("feed", 7);
        var feed = streams.follow(feed("")).runWith(Sink.queue(), system);
        assertThat(ids(feed, 3)).containsExactly("3", "6", "7");
        history.drive("feed", 1);
        assertThat(ids(feed, 1)).containsExactly("8");
        var later = streams.follow(feed("6")).runWith(Sink.queue(), system);
        assertThat(ids(later, 1)).containsExactly("8");
    }

    @Test
    void pages_say_what_to_ask_for_next() {
        history.drive("a", 3);
        assertThat(page(streams.page(new HistoryQuery(CAR, "a", 1, "", 1, false))))
                .isEqualTo("{\"events\":[{\"revision\":\"2\",\"time\":\"1970-01-01T00:00:00Z\",\"method\":\"Drive\","
                        + "\"event\":{\"driven\":{\"meters\":\"1\"}}}],\"next\":\"2\"}");
        assertThat(page(streams.page(query("a", 3)))).isEqualTo("{\"events\":[],\"next\":\"3\"}");
        history.drive("feed", 1);
        assertThat(page(streams.page(feed(""))))
                .isEqualTo("{\"events\":[{\"id\":\"feed\",\"revision\":\"1\",\"time\":\"1970-01-01T00:00:00Z\","
                        + "\"method\":\"Drive\",\"event\":{\"driven\":{\"meters\":\"0\"}}}],\"next\":\"1\"}");
    }

    /** A stream that fails is opened again behind what it has shown, as clients do. */
    private List<Long> survivors(SinkQueueWithCancel<ByteString> first, int count) {
        var stream = first;
        var seen = new ArrayList<Long>();
        while (seen.size() < count) {
            try {
                seen.addAll(revisions(stream, 1));
            } catch (RuntimeException broken) {
                stream = open("a", seen.isEmpty() ? 0 : seen.get(seen.size() - 1));
            }
        }
        return seen;
    }

    private SinkQueueWithCancel<ByteString> open(String id, long after) {
        return streams.follow(query(id, after))
                .viaMat(KillSwitches.single(), Keep.left())
                .runWith(Sink.queue(), system);
    }

    private static HistoryQuery query(String id, long after) {
        return new HistoryQuery(CAR, id, after, "", 9, false);
    }

    private static HistoryQuery feed(String cursor) {
        return new HistoryQuery(CAR, "", 0, cursor, 9, false);
    }

    private EventStreams streams(StreamSettings settings) {
        return new EventStreams(
                history, settings, EventStreamsTest::json, EventStreamsTest::quoted, system.dispatcher()::execute);
    }

    private List<Long> revisions(SinkQueueWithCancel<ByteString> stream, int atLeast) {
        return ids(stream, atLeast).stream().map(Long::parseLong).toList();
    }

    private List<String> ids(SinkQueueWithCancel<ByteString> stream, int atLeast) {
        var ids = new ArrayList<String>();
        while (ids.size() < atLeast) {
            var matcher = ID.matcher(pull(stream));
            while (matcher.find()) ids.add(matcher.group(1));
        }
        return ids;
    }

    /** The next piece; empty at the end. */
    private String pull(SinkQueueWithCancel<ByteString> stream) {
        var answer = new CompletableFuture<String>();
        stream.pull().whenCompleteAsync((piece, failure) -> {
            if (failure == null)
                answer.complete(piece.map(ByteString::utf8String).orElse(""));
            else answer.completeExceptionally(failure);
        });
        return answer.orTimeout(20, TimeUnit.SECONDS).join();
    }

    private static String page(CompletableFuture<byte[]> answer) {
        return new String(answer.orTimeout(20, TimeUnit.SECONDS).join(), StandardCharsets.UTF_8);
    }

    private static byte[] json(Message message) {
        try {
            return JsonFormat.printer()
                    .omittingInsignificantWhitespace()
                    .alwaysPrintFieldsWithNoPresence()
                    .print(message)
                    .getBytes(StandardCharsets.UTF_8);
        } catch (InvalidProtocolBufferException unprintable) {
            throw new UncheckedIOException(unprintable);
        }
    }

    private static byte[] quoted(String text) {
        return ("\"" + text + "\"").getBytes(StandardCharsets.UTF_8);
    }
}
