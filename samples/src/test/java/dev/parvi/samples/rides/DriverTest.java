package dev.parvi.samples.rides;

import static dev.parvi.entity.Rejection.Code.FAILED_PRECONDITION;
import static dev.parvi.entity.Rejection.Code.INVALID_ARGUMENT;
import static dev.parvi.samples.rides.DriverEntity.declined;
import static dev.parvi.samples.rides.DriverEntity.finished;
import static dev.parvi.samples.rides.DriverEntity.moved;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parvi.testkit.EntityScenario;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DriverTest {
    private final EntityScenario<DriverState, DriverEvent> driver = EntityScenario.of(new Driver());

    @Test
    void the_latest_position_is_known() {
        driver.when("Move", move(60.1, 24.9, 1)).thenEvents(moved(position(60.1, 24.9, 1)));
        driver.when("Get", GetRequest.getDefaultInstance())
                .thenReply(DriverStatus.newBuilder()
                        .setPosition(position(60.1, 24.9, 1))
                        .build());
    }

    @Test
    void a_position_that_was_overtaken_changes_nothing() {
        driver.when("Move", move(60.1, 24.9, 2))
                .when("Move", move(60.2, 24.8, 1))
                .thenNoEvents();
        assertThat(driver.state().getPosition()).isEqualTo(position(60.1, 24.9, 2));
    }

    @ParameterizedTest
    @CsvSource({
        "90.1, 0, 1, position.latitude",
        "NaN, 0, 1, position.latitude",
        "0, -180.1, 1, position.longitude",
        "0, 0, 0, position.sequence"
    })
    void a_position_lies_on_earth(double latitude, double longitude, long sequence, String field) {
        driver.when("Move", move(latitude, longitude, sequence)).thenRejected(INVALID_ARGUMENT, field);
    }

    @Test
    void a_ride_is_offered_accepted_and_finished() {
        driver.when("Offer", offer("r1"))
                .thenReply(DriverStatus.newBuilder().setOfferedRideId("r1").build())
                .when("Accept", accept("r1"))
                .thenReply(DriverStatus.newBuilder().setCurrentRideId("r1").build())
                .when("Offer", offer("r2"))
                .thenRejected(FAILED_PRECONDITION)
                .when("Finish", finish("r1"))
                .thenEvents(finished("r1"))
                .thenState(DriverState.getDefaultInstance());
    }

    @Test
    void one_ride_is_offered_at_a_time() {
        driver.when("Offer", offer("r1")).when("Offer", offer("r2")).thenRejected(FAILED_PRECONDITION);
    }

    @Test
    void an_offer_lapses_after_20_seconds() {
        driver.when("Offer", offer("r1"))
                .after(Driver.OFFER)
                .when("Accept", accept("r1"))
                .thenRejected(FAILED_PRECONDITION, "ride_id")
                .when("Get", GetRequest.getDefaultInstance())
                .thenReply(DriverStatus.getDefaultInstance())
                .when("Offer", offer("r2"))
                .thenReply(DriverStatus.newBuilder().setOfferedRideId("r2").build());
    }

    @Test
    void a_declined_ride_makes_room_for_the_next() {
        driver.when("Offer", offer("r1"))
                .when("Decline", decline("r2"))
                .thenRejected(FAILED_PRECONDITION, "ride_id")
                .when("Decline", decline("r1"))
                .thenEvents(declined("r1"))
                .when("Offer", offer("r2"))
                .thenRevision(3);
    }

    @Test
    void only_the_ride_under_way_can_be_finished() {
        driver.when("Finish", finish("r1"))
                .thenRejected(FAILED_PRECONDITION, "ride_id")
                .when("Finish", finish(""))
                .thenRejected(FAILED_PRECONDITION, "ride_id")
                .when("Offer", offer(""))
                .thenRejected(INVALID_ARGUMENT, "ride_id");
    }

    private static MoveRequest move(double latitude, double longitude, long sequence) {
        return MoveRequest.newBuilder()
                .setPosition(position(latitude, longitude, sequence))
                .build();
    }

    private static Position position(double latitude, double longitude, long sequence) {
        return Position.newBuilder()
                .setLatitude(latitude)
                .setLongitude(longitude)
                .setSequence(sequence)
                .build();
    }

    private static OfferRequest offer(String ride) {
        return OfferRequest.newBuilder().setRideId(ride).build();
    }

    private static AcceptRequest accept(String ride) {
        return AcceptRequest.newBuilder().setRideId(ride).build();
    }

    private static DeclineRequest decline(String ride) {
        return DeclineRequest.newBuilder().setRideId(ride).build();
    }

    private static FinishRequest finish(String ride) {
        return FinishRequest.newBuilder().setRideId(ride).build();
    }
}
