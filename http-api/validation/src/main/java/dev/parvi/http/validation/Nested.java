package dev.parvi.http.validation;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.MapEntry;
import com.google.protobuf.Message;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/** Walks over the messages within a message. */
final class Nested {
    private Nested() {}

    /** How many elements the lists and maps of the message hold, those of the messages in it included. */
    static int elements(Message message) {
        var count = new AtomicInteger(ownElements(message));
        visit(message, "", (path, nested) -> count.addAndGet(ownElements(nested)));
        return count.get();
    }

    private static int ownElements(Message message) {
        return message.getAllFields().keySet().stream()
                .filter(FieldDescriptor::isRepeated)
                .mapToInt(message::getRepeatedFieldCount)
                .sum();
    }

    /** Hands over each message that stands in this one, and its path, with the names of JSON. */
    static void visit(Message message, String path, BiConsumer<String, Message> visitor) {
        for (var set : message.getAllFields().entrySet()) {
            var field = set.getKey();
            if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) continue;
            var name = path.isEmpty() ? field.getJsonName() : path + "." + field.getJsonName();
            if (field.isMapField()) visitMap((List<?>) set.getValue(), name, visitor);
            else if (field.isRepeated()) visitList((List<?>) set.getValue(), name, visitor);
            else hand((Message) set.getValue(), name, visitor);
        }
    }

    private static void visitMap(List<?> entries, String name, BiConsumer<String, Message> visitor) {
        for (var each : entries) {
            var entry = (MapEntry<?, ?>) each;
            if (entry.getValue() instanceof Message nested) hand(nested, name + "." + entry.getKey(), visitor);
        }
    }

    private static void visitList(List<?> elements, String name, BiConsumer<String, Message> visitor) {
        for (var i = 0; i < elements.size(); i++) hand((Message) elements.get(i), name + "[" + i + "]", visitor);
    }

    private static void hand(Message nested, String path, BiConsumer<String, Message> visitor) {
        visitor.accept(path, nested);
        visit(nested, path, visitor);
    }
}
