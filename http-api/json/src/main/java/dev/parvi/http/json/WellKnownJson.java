package dev.parvi.http.json;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import dev.parvi.http.json.ScalarText.BadValue;
import java.util.function.Predicate;

/** Hands the types with a JSON form of their own, such as {@code Timestamp}, to protobuf's own code. */
final class WellKnownJson {
    private final JsonFormat.Parser parser;
    private final JsonFormat.Printer printer;
    private final PackedView view;

    /**
     * @param packable the types that may stand in an {@code Any}
     * @param isShown which of their fields are written
     */
    WellKnownJson(TypeRegistry packable, Predicate<FieldDescriptor> isShown) {
        this.view = new PackedView(packable, isShown);
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

    String print(Message message) throws InvalidProtocolBufferException {
        var time = TimestampText.print(message);
        if (time != null) return '"' + time + '"';
        return printer.print(PackedView.isAny(message) ? view.of(message) : message);
    }
}
