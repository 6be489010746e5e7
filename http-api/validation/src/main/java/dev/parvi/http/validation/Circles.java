package dev.parvi.http.validation;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.HashSet;
import java.util.Set;

/**
 * Messages that can contain themselves. Protovalidate 1.3.0 compiles the rules of such a message field by field, and where it meets the
 * message in itself it keeps only those that it has compiled by then: what stands deeper must be held against the rules one by one.
 */
final class Circles {
    private Circles() {}

    /** The messages in the fields of this one, itself included, that can contain themselves. */
    static Set<Descriptor> in(Descriptor message) {
        var within = new HashSet<Descriptor>();
        addAll(message, within);
        within.add(message);
        within.removeIf(each -> !containsItself(each));
        return within;
    }

    private static boolean containsItself(Descriptor message) {
        var within = new HashSet<Descriptor>();
        addAll(message, within);
        return within.contains(message);
    }

    private static void addAll(Descriptor message, Set<Descriptor> all) {
        for (var field : message.getFields())
            if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && all.add(field.getMessageType()))
                addAll(field.getMessageType(), all);
    }
}
