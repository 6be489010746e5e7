package dev.parvi.samples.bookings;

import static dev.parvi.entity.Rejection.Code.ALREADY_EXISTS;
import static dev.parvi.entity.Rejection.Code.FAILED_PRECONDITION;
import static dev.parvi.entity.Rejection.Code.INVALID_ARGUMENT;
import static dev.parvi.entity.Rejection.Code.NOT_FOUND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parvi.testkit.EntityScenario;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RoomTest {
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

    private final EntityScenario<RoomState, RoomEvent> room =
            EntityScenario.of(new Room()).at(NOON);

    @Test
    void a_hold_takes_its_nights_for_15_minutes() {
        room.when("Hold", hold("b1", "2026-07-01", 2)).when("Availability", from("2026-06-30", 4));
        assertThat(room.reply(AvailableNights.class).getNightsList()).containsExactly("2026-06-30", "2026-07-03");

        room.after(Room.HOLD).when("Availability", from("2026-06-30", 4));
        assertThat(room.reply(AvailableNights.class).getNightsCount()).isEqualTo(4);
    }

    @Test
    void a_night_is_never_let_twice() {
        room.when("Hold", hold("b1", "2026-07-01", 3))
                .when("Hold", hold("b2", "2026-07-03", 1))
                .thenRejected(FAILED_PRECONDITION, "first_night")
                .when("Confirm", confirm("b1"))
                .after(Duration.ofDays(1))
                .when("Hold", hold("b2", "2026-07-03", 1))
                .thenRejected(FAILED_PRECONDITION, "first_night")
                .when("Hold", hold("b2", "2026-07-04", 1))
                .thenRevision(3);
    }

    @Test
    void a_hold_that_ended_goes_to_the_next_guest_and_cannot_be_confirmed() {
        room.when("Hold", hold("b1", "2026-07-01", 1))
                .after(Room.HOLD)
                .when("Confirm", confirm("b1"))
                .thenRejected(FAILED_PRECONDITION)
                .when("Hold", hold("b2", "2026-07-01", 1))
                .when("Confirm", confirm("b1"))
                .thenRejected(NOT_FOUND, "booking_id");
    }

    @Test
    void a_clock_that_steps_back_does_not_let_a_night_twice() {
        room.when("Hold", hold("b1", "2026-07-01", 1))
                .after(Room.HOLD)
                .when("Hold", hold("b2", "2026-07-01", 1))
                .at(NOON)
                .when("Confirm", confirm("b1"))
                .thenRejected(NOT_FOUND, "booking_id")
                .when("Confirm", confirm("b2"))
                .thenRevision(3);
    }

    @Test
    void confirming_twice_is_confirming_once() {
        room.when("Hold", hold("b1", "2026-07-01", 1))
                .when("Confirm", confirm("b1"))
                .when("Confirm", confirm("b1"))
                .thenNoEvents()
                .thenReply(Booking.newBuilder()
                        .setBookingId("b1")
                        .setFirstNight("2026-07-01")
                        .setNights(1)
                        .build());
    }

    @Test
    void a_cancelled_booking_gives_its_nights_back() {
        room.when("Hold", hold("b1", "2026-07-01", 1))
                .when("Confirm", confirm("b1"))
                .when("Cancel", cancel("b1"))
                .thenState(RoomState.getDefaultInstance())
                .when("Hold", hold("b2", "2026-07-01", 1))
                .thenRevision(4)
                .when("Cancel", cancel("b1"))
                .thenRejected(NOT_FOUND, "booking_id");
    }

    @Test
    void a_booking_id_names_one_booking_of_the_room() {
        room.when("Hold", hold("b1", "2026-07-01", 1))
                .when("Hold", hold("b1", "2026-08-01", 1))
                .thenRejected(ALREADY_EXISTS, "booking_id");
    }

    @ParameterizedTest
    @CsvSource({
        "'', 2026-07-01, 1, booking_id",
        "b1, 2026-02-30, 1, first_night",
        "b1, tomorrow, 1, first_night",
        "b1, +999999999-12-31, 1, first_night",
        "b1, 2026-07-01, 0, nights",
        "b1, 2026-07-01, 31, nights"
    })
    void a_request_that_makes_no_sense_is_refused(String id, String firstNight, int nights, String field) {
        room.when("Hold", hold(id, firstNight, nights)).thenRejected(INVALID_ARGUMENT, field);
        if (!id.isEmpty()) room.when("Availability", from(firstNight, nights)).thenRejected(INVALID_ARGUMENT, field);
    }

    private static HoldRequest hold(String id, String firstNight, int nights) {
        return HoldRequest.newBuilder()
                .setBookingId(id)
                .setFirstNight(firstNight)
                .setNights(nights)
                .build();
    }

    private static ConfirmRequest confirm(String id) {
        return ConfirmRequest.newBuilder().setBookingId(id).build();
    }

    private static CancelRequest cancel(String id) {
        return CancelRequest.newBuilder().setBookingId(id).build();
    }

    private static AvailabilityRequest from(String firstNight, int nights) {
        return AvailabilityRequest.newBuilder()
                .setFirstNight(firstNight)
                .setNights(nights)
                .build();
    }
}
