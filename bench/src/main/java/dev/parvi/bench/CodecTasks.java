package dev.parvi.bench;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.JsonFormat;
import dev.parvi.http.json.Codecs;
import dev.parvi.http.json.MessageShape;
import dev.parvi.http.validation.Rules;
import dev.parvi.http.validation.Violation;
import dev.parvi.samples.bookings.Booking;
import dev.parvi.samples.bookings.HoldRequest;
import dev.parvi.samples.bookings.RoomEntity;
import dev.parvi.samples.bookings.RoomState;
import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What the edge does with one message, each beside protobuf's own way. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CodecTasks {
    private static final int BOOKINGS = 20;
    private static final JsonFormat.Printer PRINTER =
            JsonFormat.printer().alwaysPrintFieldsWithNoPresence().omittingInsignificantWhitespace();

    /** {@code small} is a command with three fields, {@code large} a map of twenty bookings with times. */
    @Param({"small", "large"})
    public String size = "small";

    private final Codecs codecs = Codecs.of(List.of(RoomEntity.TYPE), 64, field -> true);
    private final Rules rules = Rules.of(List.of(HoldRequest.getDescriptor()), 1_000);
    private Message message = HoldRequest.getDefaultInstance();
    private MessageShape shape = MessageShape.of(HoldRequest.getDescriptor(), new IdentityHashMap<>());
    private byte[] json = {};

    @Setup
    public void prepare() throws InvalidProtocolBufferException {
        message = size.equals("small") ? hold() : room();
        shape = MessageShape.of(message.getDescriptorForType(), new IdentityHashMap<>());
        json = PRINTER.print(message).getBytes(StandardCharsets.UTF_8);
    }

    int bytes() throws InvalidProtocolBufferException {
        prepare();
        return json.length;
    }

    private static HoldRequest hold() {
        return HoldRequest.newBuilder()
                .setBookingId("booking-4711")
                .setFirstNight("2026-07-01")
                .setNights(3)
                .build();
    }

    private static RoomState room() {
        var state = RoomState.newBuilder();
        for (var n = 0; n < BOOKINGS; n++)
            state.putAllBookings(Map.of(
                    "booking-" + n,
                    Booking.newBuilder()
                            .setBookingId("booking-" + n)
                            .setFirstNight("2026-07-" + (n + 10))
                            .setNights(n)
                            .setHeldUntil(Timestamp.newBuilder().setSeconds(1_800_000_000L + n))
                            .build()));
        return state.build();
    }

    @Benchmark
    public Message read() {
        var builder = message.newBuilderForType();
        codecs.readJson(json, shape, builder);
        return builder.build();
    }

    /** From bytes, as they come from a socket. */
    @Benchmark
    public Message readWithJsonFormat() throws InvalidProtocolBufferException {
        var builder = message.newBuilderForType();
        JsonFormat.parser().merge(new String(json, StandardCharsets.UTF_8), builder);
        return builder.build();
    }

    @Benchmark
    public byte[] write() {
        return codecs.toJson(message, shape);
    }

    /** To bytes, as a socket takes them. */
    @Benchmark
    public byte[] writeWithJsonFormat() throws InvalidProtocolBufferException {
        return PRINTER.print(message).getBytes(StandardCharsets.UTF_8);
    }

    /** The small one has four rules; the large one is no request and has none. */
    @Benchmark
    public List<Violation> check() {
        return rules.check(message);
    }
}
