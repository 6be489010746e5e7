package dev.parvi.http.json;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TypeRegistry;
import java.util.List;
import java.util.function.Predicate;

/** Empties the fields of what is packed in an {@code Any} that may not be shown: the shapes of messages end there, what is private does not. */
final class PackedView {
    private final TypeRegistry packable;
    private final Predicate<FieldDescriptor> isShown;

    PackedView(TypeRegistry packable, Predicate<FieldDescriptor> isShown) {
        this.packable = packable;
        this.isShown = isShown;
    }

    /** The message, or the same with less in it. */
    Message of(Message message) throws InvalidProtocolBufferException {
        var view = message.toBuilder();
        for (var set : message.getAllFields().entrySet()) {
            var field = set.getKey();
            if (!isShown.test(field)) view.clearField(field);
            else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) setView(view, field, set.getValue());
        }
        return isAny(message) ? repacked(message, view) : view.build();
    }

    private void setView(Message.Builder view, FieldDescriptor field, Object value)
            throws InvalidProtocolBufferException {
        if (!field.isRepeated()) {
            view.setField(field, of((Message) value));
            return;
        }
        var elements = (List<?>) value;
        for (var i = 0; i < elements.size(); i++) view.setRepeatedField(field, i, of((Message) elements.get(i)));
    }

    /** What is packed in a type that nobody here knows cannot be written anyway. */
    private Message repacked(Message any, Message.Builder view) throws InvalidProtocolBufferException {
        var type = any.getDescriptorForType();
        var url = (String) any.getField(type.findFieldByNumber(1));
        var packed = url.isEmpty() ? null : packable.getDescriptorForTypeUrl(url);
        if (packed == null) return view.build();
        var value = type.findFieldByNumber(2);
        var shown = of(DynamicMessage.parseFrom(packed, (ByteString) any.getField(value)));
        return view.setField(value, shown.toByteString()).build();
    }

    static boolean isAny(Message message) {
        return message.getDescriptorForType().getFullName().equals("google.protobuf.Any");
    }
}
