package dev.parvi.http;

import com.google.protobuf.TypeRegistry;
import dev.parvi.entity.EntityType;
import java.util.List;

/** The readers and writers of messages, made once at start. */
record Codecs(JsonDecoder jsonDecoder, JsonEncoder jsonEncoder, QueryDecoder queryDecoder) {

    static Codecs of(List<EntityType<?, ?>> types, int depthMax) {
        var packable = TypeRegistry.newBuilder();
        for (var type : types) type.service().getFile().getMessageTypes().forEach(packable::add);
        var wellKnown = new WellKnownJson(packable.build());
        return new Codecs(
                new JsonDecoder(wellKnown, depthMax),
                new JsonEncoder(wellKnown),
                new QueryDecoder(wellKnown, depthMax));
    }
}
