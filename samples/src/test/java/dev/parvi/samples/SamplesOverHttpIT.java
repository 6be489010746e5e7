package dev.parvi.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parvi.client.Event;
import dev.parvi.client.ParviClient;
import dev.parvi.client.RejectedException;
import dev.parvi.samples.bookings.AvailabilityRequest;
import dev.parvi.samples.bookings.Booking;
import dev.parvi.samples.bookings.ConfirmRequest;
import dev.parvi.samples.bookings.HoldRequest;
import dev.parvi.samples.bookings.RoomHttpClient;
import dev.parvi.samples.playback.ForgetRequest;
import dev.parvi.samples.playback.PlaybackEvent;
import dev.parvi.samples.playback.PlaybackHttpClient;
import dev.parvi.samples.playback.Progress;
import dev.parvi.samples.playback.ResumeRequest;
import dev.parvi.samples.playback.WatchRequest;
import dev.parvi.samples.rides.AcceptRequest;
import dev.parvi.samples.rides.DriverEvent;
import dev.parvi.samples.rides.DriverHttpClient;
import dev.parvi.samples.rides.GetRequest;
import dev.parvi.samples.rides.MoveRequest;
import dev.parvi.samples.rides.OfferRequest;
import dev.parvi.samples.rides.Position;
import dev.parvi.testkit.TestNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The samples on a real node, called by the clients that are generated for other programs. */
@Timeout(120)
final class SamplesOverHttpIT {
    @TempDir
    static Path data;

    private static TestNode node;
    private static ParviClient parvi;

    @BeforeAll
    static void start() {
        node = TestNode.start(data).awaitReady();
        parvi = ParviClient.connect(URI.create(node.url()));
    }

    @AfterAll
    static void stop() {
        parvi.close();
        node.close();
    }

    @Test
    void of_ten_guests_who_want_a_night_at_once_one_gets_it() throws InterruptedException {
        var room = RoomHttpClient.of(parvi, "lakeview-2");
        var guests = Executors.newFixedThreadPool(10);
        try {
            var holds = IntStream.range(0, 10)
                    .mapToObj(guest -> CompletableFuture.supplyAsync(() -> isHeld(room, "b" + guest), guests))
                    .toList();
            assertThat(holds.stream().filter(CompletableFuture::join)).hasSize(1);
        } finally {
            guests.shutdown();
            assertThat(guests.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
        var free = room.availability(AvailabilityRequest.newBuilder()
                        .setFirstNight("2026-06-30")
                        .setNights(3)
                        .build())
                .send();
        assertThat(free.value().getNightsList()).containsExactly("2026-06-30", "2026-07-02");
    }

    @Test
    void a_hold_is_confirmed_at_the_revision_that_was_seen() {
        var room = RoomHttpClient.of(parvi, "lakeview-3");
        var held = room.hold(hold("b1")).send();
        assertThat(held.value().hasHeldUntil()).isTrue();

        var confirmed = room.confirm(
                        ConfirmRequest.newBuilder().setBookingId("b1").build())
                .ifRevision(held.revision())
                .send();

        assertThat(confirmed.value())
                .isEqualTo(Booking.newBuilder()
                        .setBookingId("b1")
                        .setFirstNight("2026-07-01")
                        .setNights(1)
                        .build());
        assertThatThrownBy(() -> room.hold(hold("b1")).send())
                .isInstanceOfSatisfying(
                        RejectedException.class,
                        refused -> assertThat(refused.problem().fields().get(0).name())
                                .isEqualTo("booking_id"));
    }

    @Test
    void a_driver_is_offered_a_ride_as_an_event() {
        var driver = DriverHttpClient.of(parvi, "d1");
        var here = Position.newBuilder()
                .setLatitude(61.5)
                .setLongitude(-23.8)
                .setSequence(1)
                .build();
        var app = new NextEvent<DriverEvent>();
        driver.eventsAfter(1).subscribe(app);

        driver.move(MoveRequest.newBuilder().setPosition(here).build()).send();
        driver.offer(OfferRequest.newBuilder().setRideId("r1").build()).send();
        var offered = app.event().value().getOffered();
        driver.accept(AcceptRequest.newBuilder().setRideId(offered.getRideId()).build())
                .send();

        var status = driver.get(GetRequest.getDefaultInstance()).send();
        assertThat(status.value().getCurrentRideId()).isEqualTo("r1");
        assertThat(status.value().getPosition()).isEqualTo(here);
        assertThat(status.revision()).isEqualTo(3);
    }

    @Test
    void a_viewer_goes_on_where_the_player_was() {
        var viewer = PlaybackHttpClient.of(parvi, "v1");
        for (var at : List.of(60, 61, 600))
            viewer.watch(WatchRequest.newBuilder()
                            .setTitleId("t1")
                            .setPositionSeconds(at)
                            .setLengthSeconds(3600)
                            .build())
                    .sendAsync()
                    .join();

        var progress = viewer.resume(ResumeRequest.newBuilder().setTitleId("t1").build())
                .send();
        assertThat(progress.value().getPositionSeconds()).isEqualTo(600);
        assertThat(progress.revision()).as("a step of a second is not stored").isEqualTo(2);
    }

    @Test
    void a_title_has_a_path_of_its_own() throws IOException {
        var viewer = PlaybackHttpClient.of(parvi, "v3");
        for (var title : List.of("t/1", "t2"))
            viewer.watch(WatchRequest.newBuilder()
                            .setTitleId(title)
                            .setPositionSeconds(60)
                            .setLengthSeconds(3600)
                            .build())
                    .send();

        var seen = TestNode.send("GET", node.url() + "/v1/viewers/v3/titles/t%2F1", "");
        assertThat(seen.body()).contains("\"titleId\":\"t/1\",\"positionSeconds\":60");
        var forget = viewer.forget(ForgetRequest.newBuilder().setTitleId("t/1").build());
        assertThat(forget.send().value().getTitlesList())
                .extracting(Progress::getTitleId)
                .containsExactly("t2");
        assertThat(forget.send().isReplayed()).isTrue();
        assertThat(TestNode.send("POST", node.url() + "/playback/v3/forget", "{}")
                        .body())
                .contains("Forget of playback is found at DELETE /v1/viewers/{id}/titles/{title_id}");
    }

    @Test
    void a_viewer_who_leaves_is_forgotten() {
        var viewer = PlaybackHttpClient.of(parvi, "v2");
        var watch = WatchRequest.newBuilder().setTitleId("t1").setLengthSeconds(3600);
        viewer.watch(watch.setPositionSeconds(60).build()).send();

        var deletion = viewer.delete();
        assertThat(deletion.send().revision()).isEqualTo(2);
        assertThat(deletion.send().isReplayed()).isTrue();

        assertThatThrownBy(
                        () -> viewer.watch(watch.setPositionSeconds(90).build()).send())
                .isInstanceOfSatisfying(
                        RejectedException.class,
                        refused -> assertThat(refused.problem().code()).isEqualTo("deleted"));
        var left = new NextEvent<PlaybackEvent>();
        viewer.eventsAfter(0).subscribe(left);
        assertThat(left.event().isDeleted()).isTrue();
    }

    private static boolean isHeld(RoomHttpClient room, String booking) {
        try {
            room.hold(hold(booking)).send();
            return true;
        } catch (RejectedException taken) {
            assertThat(taken.problem().code()).isEqualTo("failed-precondition");
            return false;
        }
    }

    private static HoldRequest hold(String booking) {
        return HoldRequest.newBuilder()
                .setBookingId(booking)
                .setFirstNight("2026-07-01")
                .setNights(1)
                .build();
    }

    /** Waits for one event, and wants no more. */
    private static final class NextEvent<E> implements Flow.Subscriber<Event<E>> {
        private final CompletableFuture<Event<E>> next = new CompletableFuture<>();

        Event<E> event() {
            return next.orTimeout(20, TimeUnit.SECONDS).join();
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(1);
        }

        @Override
        public void onNext(Event<E> event) {
            next.complete(event);
        }

        @Override
        public void onError(Throwable failure) {
            next.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {}
    }
}
