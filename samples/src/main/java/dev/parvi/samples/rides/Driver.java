package dev.parvi.samples.rides;

import static dev.parvi.entity.Rejection.Code.FAILED_PRECONDITION;
import static dev.parvi.entity.Rejection.Code.INVALID_ARGUMENT;

import com.google.protobuf.Timestamp;
import dev.parvi.entity.CommandContext;
import dev.parvi.entity.Effect;
import dev.parvi.entity.ReadEffect;
import java.time.Duration;
import java.time.Instant;

/** A driver on the road. Positions arrive often and may overtake each other; an offer lapses by the time of the next command. */
public final class Driver extends DriverEntity {
    static final Duration OFFER = Duration.ofSeconds(20);

    @Override
    protected Effect<DriverStatus> move(DriverState state, MoveRequest command, CommandContext context) {
        var position = command.getPosition();
        if (!(Math.abs(position.getLatitude()) <= 90))
            return reject(INVALID_ARGUMENT, "position.latitude", "latitude must be -90 to 90");
        if (!(Math.abs(position.getLongitude()) <= 180))
            return reject(INVALID_ARGUMENT, "position.longitude", "longitude must be -180 to 180");
        if (position.getSequence() < 1) return reject(INVALID_ARGUMENT, "position.sequence", "sequence starts at 1");
        if (position.getSequence() <= state.getPosition().getSequence()) return reply(status(state, context));
        return persist(moved(position)).thenReply(after -> status(after, context));
    }

    @Override
    protected Effect<DriverStatus> offer(DriverState state, OfferRequest command, CommandContext context) {
        if (command.getRideId().isEmpty()) return reject(INVALID_ARGUMENT, "ride_id", "which ride?");
        if (!state.getCurrentRideId().isEmpty()) return reject(FAILED_PRECONDITION, "the driver is on a ride");
        if (isOffered(state, context.time())) return reject(FAILED_PRECONDITION, "another ride is offered");
        var until = context.time().plus(OFFER);
        return persist(offered(command.getRideId(), toTimestamp(until))).thenReply(after -> status(after, context));
    }

    @Override
    protected Effect<DriverStatus> accept(DriverState state, AcceptRequest command, CommandContext context) {
        if (!isOffered(state, command.getRideId(), context))
            return reject(FAILED_PRECONDITION, "ride_id", "not on offer");
        return persist(accepted(command.getRideId())).thenReply(after -> status(after, context));
    }

    @Override
    protected Effect<DriverStatus> decline(DriverState state, DeclineRequest command, CommandContext context) {
        if (!isOffered(state, command.getRideId(), context))
            return reject(FAILED_PRECONDITION, "ride_id", "not on offer");
        return persist(declined(command.getRideId())).thenReply(after -> status(after, context));
    }

    @Override
    protected Effect<DriverStatus> finish(DriverState state, FinishRequest command, CommandContext context) {
        if (command.getRideId().isEmpty() || !command.getRideId().equals(state.getCurrentRideId()))
            return reject(FAILED_PRECONDITION, "ride_id", "this ride is not under way");
        return persist(finished(command.getRideId())).thenReply(after -> status(after, context));
    }

    @Override
    protected ReadEffect<DriverStatus> get(DriverState state, GetRequest query, CommandContext context) {
        return reply(status(state, context));
    }

    @Override
    protected DriverState moved(DriverState state, Moved event) {
        return state.toBuilder().setPosition(event.getPosition()).build();
    }

    @Override
    protected DriverState offered(DriverState state, Offered event) {
        return state.toBuilder()
                .setOfferedRideId(event.getRideId())
                .setOfferedUntil(event.getUntil())
                .build();
    }

    @Override
    protected DriverState accepted(DriverState state, Accepted event) {
        return withoutOffer(state).setCurrentRideId(event.getRideId()).build();
    }

    @Override
    protected DriverState declined(DriverState state, Declined event) {
        return withoutOffer(state).build();
    }

    @Override
    protected DriverState finished(DriverState state, Finished event) {
        return state.toBuilder().clearCurrentRideId().build();
    }

    private static DriverState.Builder withoutOffer(DriverState state) {
        return state.toBuilder().clearOfferedRideId().clearOfferedUntil();
    }

    private static boolean isOffered(DriverState state, String rideId, CommandContext context) {
        return isOffered(state, context.time()) && state.getOfferedRideId().equals(rideId);
    }

    private static boolean isOffered(DriverState state, Instant now) {
        var until = state.getOfferedUntil();
        return state.hasOfferedUntil()
                && Instant.ofEpochSecond(until.getSeconds(), until.getNanos()).isAfter(now);
    }

    private static DriverStatus status(DriverState state, CommandContext context) {
        var status = DriverStatus.newBuilder().setCurrentRideId(state.getCurrentRideId());
        if (state.hasPosition()) status.setPosition(state.getPosition());
        if (isOffered(state, context.time())) status.setOfferedRideId(state.getOfferedRideId());
        return status.build();
    }

    private static Timestamp toTimestamp(Instant time) {
        return Timestamp.newBuilder()
                .setSeconds(time.getEpochSecond())
                .setNanos(time.getNano())
                .build();
    }
}
