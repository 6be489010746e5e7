package dev.parvi.persistence;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.parvi.protobuf.EventRecord;
import dev.parvi.protobuf.SnapshotRecord;
import java.io.NotSerializableException;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/** Parvi's records for Pekko, by the full name of the protobuf message: a Java class may be moved or renamed. */
final class RecordSerializer extends SerializerWithStringManifest {
    /** Stored by Pekko beside what it serializes: never changed, never given to another serializer. */
    static final int IDENTIFIER = 512_731;

    private static final Map<String, Parser<? extends Message>> PARSERS = Stream.<Message>of(
                    EventRecord.getDefaultInstance(), SnapshotRecord.getDefaultInstance())
            .collect(Collectors.toUnmodifiableMap(RecordSerializer::nameOf, Message::getParserForType));

    @Override
    public int identifier() {
        return IDENTIFIER;
    }

    @Override
    public String manifest(Object record) {
        return nameOf((Message) record);
    }

    @Override
    public byte[] toBinary(Object record) {
        return ((Message) record).toByteArray();
    }

    @Override
    public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
        var parser = PARSERS.get(manifest);
        if (parser == null) throw new NotSerializableException("no record of Parvi is named " + manifest);
        try {
            return parser.parseFrom(bytes);
        } catch (InvalidProtocolBufferException damaged) {
            var failure = new NotSerializableException("the bytes are not a " + manifest);
            failure.initCause(damaged);
            throw failure;
        }
    }

    private static String nameOf(Message record) {
        return record.getDescriptorForType().getFullName();
    }
}
