package dev.parvi.fuzz;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.parvi.http.json.Codecs;
import dev.parvi.http.json.MessageShape;
import dev.parvi.http.json.UnreadableMessage;
import dev.parvi.http.validation.Rules;
import dev.parvi.samples.bookings.HoldRequest;
import dev.parvi.samples.bookings.RoomEntity;
import dev.parvi.samples.bookings.RoomState;
import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import java.util.List;

/** The codecs beside protobuf's own: what ours reads, theirs reads as the same. Jazzer knows it by its method's name. */
public final class CodecTarget {
    private static final Codecs CODECS = Codecs.of(List.of(RoomEntity.TYPE), 64, field -> true);
    private static final Rules RULES = Rules.of(List.of(HoldRequest.getDescriptor()), 1_000);
    private static final MessageShape HOLD = MessageShape.of(HoldRequest.getDescriptor(), new IdentityHashMap<>());
    private static final MessageShape ROOM = MessageShape.of(RoomState.getDescriptor(), new IdentityHashMap<>());

    private CodecTarget() {}

    /** Takes the bytes for JSON, for the parameters of a query or for protobuf's binary form. */
    public static void fuzzerTestOneInput(FuzzedDataProvider data) throws InvalidProtocolBufferException {
        switch (data.consumeInt(0, 4)) {
            case 0 -> readQuery(data.consumeRemainingAsString());
            case 1 -> readBinary(data.consumeRemainingAsBytes());
            case 2 -> readJson(data.consumeRemainingAsBytes(), HOLD, HoldRequest.getDefaultInstance());
            default -> readJson(data.consumeRemainingAsBytes(), ROOM, RoomState.getDefaultInstance());
        }
    }

    private static void readQuery(String query) {
        var message = HoldRequest.newBuilder();
        try {
            CODECS.readQuery(query, HOLD, message);
        } catch (UnreadableMessage refused) {
            return;
        }
        RULES.check(message.build());
    }

    private static void readBinary(byte[] bytes) throws InvalidProtocolBufferException {
        RoomState message;
        try {
            message = RoomState.parseFrom(bytes);
        } catch (InvalidProtocolBufferException refused) {
            return;
        }
        requireSame(message, ROOM);
    }

    private static void readJson(byte[] json, MessageShape shape, Message type) throws InvalidProtocolBufferException {
        var ours = type.newBuilderForType();
        try {
            CODECS.readJson(json, shape, ours);
        } catch (UnreadableMessage refused) {
            return;
        }
        var theirs = type.newBuilderForType();
        JsonFormat.parser().merge(new String(json, StandardCharsets.UTF_8), theirs);
        if (!ours.build().equals(theirs.build())) throw new AssertionError("read as " + ours + " and as " + theirs);
        requireSame(ours.build(), shape);
    }

    /** Written and read again, by ours and by theirs, it is what it was. Times out of bounds have no JSON. */
    private static void requireSame(Message message, MessageShape shape) throws InvalidProtocolBufferException {
        byte[] json;
        try {
            json = CODECS.toJson(message, shape);
        } catch (IllegalArgumentException noJson) {
            return;
        }
        var ours = message.newBuilderForType();
        CODECS.readJson(json, shape, ours);
        var theirs = message.newBuilderForType();
        JsonFormat.parser().merge(new String(json, StandardCharsets.UTF_8), theirs);
        if (!ours.build().equals(theirs.build())) throw new AssertionError("written as what is read differently");
    }
}
