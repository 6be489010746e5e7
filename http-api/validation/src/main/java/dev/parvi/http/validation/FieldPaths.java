package dev.parvi.http.validation;

import build.buf.validate.FieldPath;
import build.buf.validate.FieldPathElement;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import org.jspecify.annotations.Nullable;

/** Writes the path of a field as the codec of JSON writes it, so that a client sees one spelling. */
final class FieldPaths {
    private FieldPaths() {}

    /** Of a field of {@code root}, which itself stands at {@code outer}. */
    static String inJson(FieldPath path, Descriptor root, String outer) {
        var text = new StringBuilder(outer);
        @Nullable Descriptor within = root;
        for (var element : path.getElementsList()) {
            var field = within == null ? null : within.findFieldByNumber(element.getFieldNumber());
            if (!text.isEmpty()) text.append('.');
            text.append(field == null ? element.getFieldName() : field.getJsonName());
            appendPlace(element, text);
            within = field == null ? null : behind(field);
        }
        return text.toString();
    }

    private static @Nullable Descriptor behind(FieldDescriptor field) {
        var value = field.isMapField() ? field.getMessageType().findFieldByNumber(2) : field;
        return value.getJavaType() == FieldDescriptor.JavaType.MESSAGE ? value.getMessageType() : null;
    }

    private static void appendPlace(FieldPathElement element, StringBuilder text) {
        switch (element.getSubscriptCase()) {
            case INDEX -> text.append('[').append(element.getIndex()).append(']');
            case STRING_KEY -> text.append('.').append(element.getStringKey());
            case INT_KEY -> text.append('.').append(element.getIntKey());
            case UINT_KEY -> text.append('.').append(Long.toUnsignedString(element.getUintKey()));
            case BOOL_KEY -> text.append('.').append(element.getBoolKey());
            case SUBSCRIPT_NOT_SET -> {}
        }
    }
}
