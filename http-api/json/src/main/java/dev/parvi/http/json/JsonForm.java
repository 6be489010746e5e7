package dev.parvi.http.json;

import com.google.protobuf.Descriptors.Descriptor;
import java.util.Set;

/** What a message looks like in protobuf's canonical JSON. Some of protobuf's own have a form of their own. */
public enum JsonForm {
    /** An object of its fields. */
    FIELDS,
    /** The value inside, as with {@code Int64Value}. */
    WRAPPER,
    /** A string, as with {@code Timestamp}. */
    TEXT,
    /** Any JSON, as with {@code Struct}. */
    TREE;

    private static final String PACKAGE = "google.protobuf.";
    private static final Set<String> WRAPPERS = Set.of(
            "DoubleValue",
            "FloatValue",
            "Int64Value",
            "UInt64Value",
            "Int32Value",
            "UInt32Value",
            "BoolValue",
            "StringValue",
            "BytesValue");
    private static final Set<String> AS_TEXT = Set.of("Timestamp", "Duration", "FieldMask");
    private static final Set<String> AS_TREE = Set.of("Any", "Struct", "Value", "ListValue");

    /** The form of a message. */
    public static JsonForm of(Descriptor message) {
        if (!message.getFullName().startsWith(PACKAGE)) return FIELDS;
        var name = message.getFullName().substring(PACKAGE.length());
        if (WRAPPERS.contains(name)) return WRAPPER;
        if (AS_TEXT.contains(name)) return TEXT;
        return AS_TREE.contains(name) ? TREE : FIELDS;
    }
}
