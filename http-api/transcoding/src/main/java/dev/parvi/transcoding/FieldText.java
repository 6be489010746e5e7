package dev.parvi.transcoding;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.Base64;

/** Writes one scalar as it stands in a path. */
final class FieldText {
    private FieldText() {}

    /** Of the field at this path, such as {@code file.name}; what is not set has its default value. */
    static String at(String path, Message message) {
        var dot = path.indexOf('.');
        var name = dot < 0 ? path : path.substring(0, dot);
        var field = message.getDescriptorForType().findFieldByName(name);
        if (field == null)
            throw new IllegalArgumentException(message.getDescriptorForType().getFullName() + " has no field " + name);
        return dot < 0
                ? of(field, message.getField(field))
                : at(path.substring(dot + 1), (Message) message.getField(field));
    }

    private static String of(FieldDescriptor field, Object value) {
        return switch (field.getType()) {
            case UINT32, FIXED32 -> Integer.toUnsignedString((Integer) value);
            case UINT64, FIXED64 -> Long.toUnsignedString((Long) value);
            case BYTES -> Base64.getEncoder().encodeToString(((ByteString) value).toByteArray());
            case ENUM -> of((EnumValueDescriptor) value);
            default -> value.toString();
        };
    }

    /** A number that this release has no name for is written as it is. */
    private static String of(EnumValueDescriptor value) {
        return value.getIndex() < 0 ? Integer.toString(value.getNumber()) : value.getName();
    }
}
