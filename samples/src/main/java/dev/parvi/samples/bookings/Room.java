package dev.parvi.samples.bookings;

import static dev.parvi.entity.Rejection.Code.ALREADY_EXISTS;
import static dev.parvi.entity.Rejection.Code.FAILED_PRECONDITION;
import static dev.parvi.entity.Rejection.Code.INVALID_ARGUMENT;
import static dev.parvi.entity.Rejection.Code.NOT_FOUND;

import com.google.protobuf.Timestamp;
import dev.parvi.entity.CommandContext;
import dev.parvi.entity.Effect;
import dev.parvi.entity.ReadEffect;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A room that is let by the night. Which nights belong to whom is a matter of events alone: a clock only says when a hold may be
 * given to the next guest, so a clock that steps back never lets a night twice.
 */
public final class Room extends RoomEntity {
    static final Duration HOLD = Duration.ofMinutes(15);
    private static final int NIGHTS_MAX = 30;

    @Override
    protected Effect<Booking> hold(RoomState state, HoldRequest command, CommandContext context) {
        if (command.getBookingId().isEmpty()) return reject(INVALID_ARGUMENT, "booking_id", "a booking needs an id");
        if (!isNightCount(command.getNights())) return reject(INVALID_ARGUMENT, "nights", "nights must be 1 to 30");
        if (!isDate(command.getFirstNight())) return reject(INVALID_ARGUMENT, "first_night", "write 2026-07-01");
        var known = state.getBookingsMap().get(command.getBookingId());
        if (known != null && isTaken(known, context.time()))
            return reject(ALREADY_EXISTS, "booking_id", "this booking exists");
        var wanted = nights(command.getFirstNight(), command.getNights());
        if (!free(state, wanted, context.time()).equals(wanted))
            return reject(FAILED_PRECONDITION, "first_night", "not all of these nights are free");
        var booking = Booking.newBuilder()
                .setBookingId(command.getBookingId())
                .setFirstNight(command.getFirstNight())
                .setNights(command.getNights())
                .setHeldUntil(toTimestamp(context.time().plus(HOLD)))
                .build();
        return persist(held(booking, toTimestamp(context.time()))).thenReply(after -> booking);
    }

    @Override
    protected Effect<Booking> confirm(RoomState state, ConfirmRequest command, CommandContext context) {
        var booking = state.getBookingsMap().get(command.getBookingId());
        if (booking == null) return reject(NOT_FOUND, "booking_id", "there is no such booking");
        if (!booking.hasHeldUntil()) return reply(booking);
        if (!isTaken(booking, context.time())) return reject(FAILED_PRECONDITION, "the hold has ended");
        return persist(confirmed(command.getBookingId()))
                .thenReply(after -> after.getBookingsOrThrow(command.getBookingId()));
    }

    @Override
    protected Effect<Booking> cancel(RoomState state, CancelRequest command, CommandContext context) {
        var booking = state.getBookingsMap().get(command.getBookingId());
        if (booking == null) return reject(NOT_FOUND, "booking_id", "there is no such booking");
        return persist(cancelled(command.getBookingId())).thenReply(after -> booking);
    }

    @Override
    protected ReadEffect<AvailableNights> availability(
            RoomState state, AvailabilityRequest query, CommandContext context) {
        if (!isNightCount(query.getNights())) return reject(INVALID_ARGUMENT, "nights", "nights must be 1 to 30");
        if (!isDate(query.getFirstNight())) return reject(INVALID_ARGUMENT, "first_night", "write 2026-07-01");
        var free = free(state, nights(query.getFirstNight(), query.getNights()), context.time());
        return reply(AvailableNights.newBuilder().addAllNights(free).build());
    }

    @Override
    protected RoomState held(RoomState state, Held event) {
        var next = state.toBuilder();
        var heldAt = toInstant(event.getHeldAt());
        state.getBookingsMap().values().stream()
                .filter(booking -> !isTaken(booking, heldAt))
                .forEach(booking -> next.removeBookings(booking.getBookingId()));
        return next.putBookings(event.getBooking().getBookingId(), event.getBooking())
                .build();
    }

    @Override
    protected RoomState confirmed(RoomState state, Confirmed event) {
        var booking = state.getBookingsOrThrow(event.getBookingId());
        return state.toBuilder()
                .putBookings(
                        event.getBookingId(),
                        booking.toBuilder().clearHeldUntil().build())
                .build();
    }

    @Override
    protected RoomState cancelled(RoomState state, Cancelled event) {
        return state.toBuilder().removeBookings(event.getBookingId()).build();
    }

    private static List<String> free(RoomState state, List<String> wanted, Instant now) {
        var taken = state.getBookingsMap().values().stream()
                .filter(booking -> isTaken(booking, now))
                .flatMap(booking -> nights(booking.getFirstNight(), booking.getNights()).stream())
                .toList();
        return wanted.stream().filter(night -> !taken.contains(night)).toList();
    }

    private static boolean isTaken(Booking booking, Instant now) {
        return !booking.hasHeldUntil() || toInstant(booking.getHeldUntil()).isAfter(now);
    }

    private static List<String> nights(String first, int count) {
        var start = LocalDate.parse(first);
        return IntStream.range(0, count)
                .mapToObj(offset -> start.plusDays(offset).toString())
                .toList();
    }

    private static boolean isNightCount(int nights) {
        return nights >= 1 && nights <= NIGHTS_MAX;
    }

    private static boolean isDate(String text) {
        try {
            return LocalDate.parse(text).getYear() <= 9999;
        } catch (DateTimeException unreadable) {
            return false;
        }
    }

    private static Timestamp toTimestamp(Instant time) {
        return Timestamp.newBuilder()
                .setSeconds(time.getEpochSecond())
                .setNanos(time.getNano())
                .build();
    }

    private static Instant toInstant(Timestamp time) {
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }
}
