package dev.parvi.http.json;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.TypeRegistry;
import dev.parvi.entity.EntityType;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** The readers and writers of messages, made once at start. */
public final class Codecs {
    private final JsonDecoder jsonDecoder;
    private final JsonEncoder jsonEncoder;
    private final JsonEncoder eventEncoder;
    private final QueryDecoder queryDecoder;
    private final Map<Descriptor, MessageShape> events;

    private Codecs(WellKnownJson wellKnown, WellKnownJson shown, int depthMax, Map<Descriptor, MessageShape> events) {
        this.jsonDecoder = new JsonDecoder(wellKnown, depthMax);
        this.jsonEncoder = new JsonEncoder(wellKnown);
        this.eventEncoder = new JsonEncoder(shown);
        this.queryDecoder = new QueryDecoder(wellKnown, depthMax);
        this.events = events;
    }

    /**
     * For the messages of the types.
     *
     * @param depthMax how deep a message that is read may nest
     * @param isShown which fields of an event may be written
     */
    public static Codecs of(List<EntityType<?, ?>> types, int depthMax, Predicate<FieldDescriptor> isShown) {
        var packable = TypeRegistry.newBuilder();
        for (var type : types) type.service().getFile().getMessageTypes().forEach(packable::add);
        var events = new IdentityHashMap<Descriptor, MessageShape>();
        for (var type : types) MessageShape.of(type.event().getDescriptorForType(), isShown, events);
        var registry = packable.build();
        return new Codecs(
                new WellKnownJson(registry, field -> true), new WellKnownJson(registry, isShown), depthMax, events);
    }

    /** Fills {@code message} from JSON in UTF-8. Throws an {@link UnreadableMessage}. */
    public void readJson(byte[] json, MessageShape shape, Message.Builder message) {
        jsonDecoder.decode(json, shape, message);
    }

    /** Fills one field of {@code message} from its value alone, in JSON in UTF-8. Throws an {@link UnreadableMessage}. */
    public void readJsonField(byte[] json, String field, MessageShape shape, Message.Builder message) {
        jsonDecoder.decodeField(json, shape.knownField(field), message);
    }

    /** Fills {@code message} from what stands behind the question mark of a URI. Throws an {@link UnreadableMessage}. */
    public void readQuery(String rawQuery, MessageShape shape, Message.Builder message) {
        queryDecoder.decode(rawQuery, shape, message, Set.of());
    }

    /**
     * The same, where some fields stand elsewhere in the request and must not stand here.
     *
     * @param elsewhere paths of fields, by their names in the {@code .proto}, such as {@code range.from}; all that is inside is meant too
     */
    public void readQuery(String rawQuery, MessageShape shape, Message.Builder message, Set<String> elsewhere) {
        queryDecoder.decode(rawQuery, shape, message, elsewhere);
    }

    /**
     * Fills one field as a query parameter does. Throws an {@link UnreadableMessage}.
     *
     * @param path such as {@code range.from}
     * @param text decoded
     */
    public void readParameter(String path, String text, MessageShape shape, Message.Builder message) {
        queryDecoder.decodeOne(path, text, shape, message);
    }

    /** The message in canonical JSON, in UTF-8. */
    public byte[] toJson(Message message, MessageShape shape) {
        return jsonEncoder.encode(message, shape);
    }

    /** The value of one field in canonical JSON, in UTF-8; {@code null} if it is absent. */
    public byte[] fieldToJson(Message message, String field, MessageShape shape) {
        return jsonEncoder.encodeField(message, shape.knownField(field));
    }

    /** What may be shown of an event of one of the types. */
    public byte[] eventToJson(Message event) {
        var shape = events.get(event.getDescriptorForType());
        if (shape == null)
            throw new IllegalArgumentException(event.getDescriptorForType().getFullName() + " is nobody's event");
        return eventEncoder.encode(event, shape);
    }
}
