package dev.parvi.http;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import dev.parvi.http.ScalarText.BadValue;

/** Hands the types with a JSON form of their own, such as {@code Timestamp}, to protobuf's own code. */
final class WellKnownJson {
    private final JsonFormat.Parser parser;
    private final JsonFormat.Printer printer;

    /** {@code packable} are the types that may stand in an {@code Any}. */
    WellKnownJson(TypeRegistry packable) {
        this.parser = JsonFormat.parser().usingTypeRegistry(packable);
        this.printer = JsonFormat.printer()
                .usingTypeRegistry(packable)
                .alwaysPrintFieldsWithNoPresence()
                .omittingInsignificantWhitespace();
    }

    /** Throws {@link BadValue}. The library's failures are of many kinds, so all mean the same here. */
    void parse(String json, Message.Builder into) {
        try {
            parser.merge(json, into);
        } catch (InvalidProtocolBufferException | RuntimeException unreadable) {
            throw new BadValue("not a " + into.getDescriptorForType().getFullName() + ": " + unreadable.getMessage());
        }
    }

    String print(MessageOrBuilder message) throws InvalidProtocolBufferException {
        return printer.print(message);
    }
}
