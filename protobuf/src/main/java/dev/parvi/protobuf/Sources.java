package dev.parvi.protobuf;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.DescriptorProtos.SourceCodeInfo.Location;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import dev.parvi.protobuf.Mistake.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where things stand in the source, and what their comments say. A place is found by the path that protoc gives it: field numbers
 * and indexes from the file's descriptor down.
 */
final class Sources {
    private final Map<FileDescriptor, Map<List<Integer>, Location>> locations = new HashMap<>();

    /** Where the service stands, or the part of it that {@code inside} leads to. */
    Place of(ServiceDescriptor service, int... inside) {
        return place(service.getFile(), path(service), inside);
    }

    Place of(MethodDescriptor method, int... inside) {
        return place(method.getService().getFile(), path(method), inside);
    }

    Place of(Descriptor message) {
        return place(message.getFile(), path(message));
    }

    Place of(FieldDescriptor field) {
        return place(field.getFile(), path(field));
    }

    /** The comment above the service, or an empty string. */
    String commentOf(ServiceDescriptor service) {
        return comment(service.getFile(), path(service));
    }

    String commentOf(MethodDescriptor method) {
        return comment(method.getService().getFile(), path(method));
    }

    String commentOf(Descriptor message) {
        return comment(message.getFile(), path(message));
    }

    String commentOf(FieldDescriptor field) {
        return comment(field.getFile(), path(field));
    }

    String commentOf(EnumDescriptor type) {
        return comment(type.getFile(), path(type));
    }

    String commentOf(EnumValueDescriptor value) {
        return comment(
                value.getFile(), join(path(value.getType()), EnumDescriptorProto.VALUE_FIELD_NUMBER, value.getIndex()));
    }

    private static List<Integer> path(ServiceDescriptor service) {
        return List.of(FileDescriptorProto.SERVICE_FIELD_NUMBER, service.getIndex());
    }

    private static List<Integer> path(MethodDescriptor method) {
        return join(path(method.getService()), ServiceDescriptorProto.METHOD_FIELD_NUMBER, method.getIndex());
    }

    private static List<Integer> path(Descriptor message) {
        var outer = message.getContainingType();
        return outer == null
                ? List.of(FileDescriptorProto.MESSAGE_TYPE_FIELD_NUMBER, message.getIndex())
                : join(path(outer), DescriptorProto.NESTED_TYPE_FIELD_NUMBER, message.getIndex());
    }

    private static List<Integer> path(EnumDescriptor type) {
        var outer = type.getContainingType();
        return outer == null
                ? List.of(FileDescriptorProto.ENUM_TYPE_FIELD_NUMBER, type.getIndex())
                : join(path(outer), DescriptorProto.ENUM_TYPE_FIELD_NUMBER, type.getIndex());
    }

    private static List<Integer> path(FieldDescriptor field) {
        return join(path(field.getContainingType()), DescriptorProto.FIELD_FIELD_NUMBER, field.getIndex());
    }

    private static List<Integer> join(List<Integer> path, int... more) {
        var joined = new ArrayList<>(path);
        for (var step : more) joined.add(step);
        return joined;
    }

    /** The nearest place that is known on the way down. */
    private Place place(FileDescriptor file, List<Integer> path, int... inside) {
        var location = location(file, join(path, inside));
        if (location == null) location = location(file, path);
        return new Place(file.getName(), location == null ? 1 : location.getSpan(0) + 1);
    }

    private String comment(FileDescriptor file, List<Integer> path) {
        var location = location(file, path);
        if (location == null) return "";
        var above = location.getLeadingComments().strip();
        return above.isEmpty() ? location.getTrailingComments().strip() : above;
    }

    private @Nullable Location location(FileDescriptor file, List<Integer> path) {
        return locations.computeIfAbsent(file, Sources::index).get(path);
    }

    private static Map<List<Integer>, Location> index(FileDescriptor file) {
        var index = new HashMap<List<Integer>, Location>();
        for (var location : file.toProto().getSourceCodeInfo().getLocationList())
            index.putIfAbsent(location.getPathList(), location);
        return index;
    }
}
