package dev.parvi.protobuf;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.GenericDescriptor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The comments of a service, of all that its methods take and give, and of what can happen, for who reads them at run time: the descriptors in
 * generated code have lost them. Each becomes one constant of the generated class; Java has room for thousands.
 */
final class Comments {
    /** Everybody knows {@code Timestamp}. */
    private static final String WELL_KNOWN = "google.protobuf.";

    private final Sources sources;
    private final List<String> lines = new ArrayList<>();
    private final Set<GenericDescriptor> seen = new HashSet<>();

    private Comments(Sources sources) {
        this.sources = sources;
    }

    /** A line for each commented thing: its full name, a space, the comment. */
    static List<String> of(EntityModel entity, Sources sources) {
        var comments = new Comments(sources);
        var service = entity.service();
        comments.add(service, sources.commentOf(service));
        for (var method : service.getMethods()) {
            comments.add(method, sources.commentOf(method));
            comments.addAll(method.getInputType());
            comments.addAll(method.getOutputType());
        }
        comments.addAll(entity.event());
        return comments.lines;
    }

    private void addAll(Descriptor message) {
        if (message.getFullName().startsWith(WELL_KNOWN) || !seen.add(message)) return;
        add(message, sources.commentOf(message));
        for (var field : message.getFields()) {
            add(field, sources.commentOf(field));
            if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) addAll(field.getMessageType());
            if (field.getJavaType() == FieldDescriptor.JavaType.ENUM) addAll(field.getEnumType());
        }
    }

    private void addAll(EnumDescriptor type) {
        if (type.getFullName().startsWith(WELL_KNOWN) || !seen.add(type)) return;
        add(type, sources.commentOf(type));
        type.getValues().forEach(value -> add(value, sources.commentOf(value)));
    }

    private void add(GenericDescriptor thing, String comment) {
        if (comment.isEmpty()) return;
        lines.add(thing.getFullName() + " " + comment.lines().map(String::strip).collect(Collectors.joining("\n")));
    }
}
