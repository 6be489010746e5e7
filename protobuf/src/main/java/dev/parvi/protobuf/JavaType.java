package dev.parvi.protobuf;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Java class by name. For messages and enums it is the class that protoc's own Java generator writes.
 *
 * @param name with the outer classes before it, such as {@code Outer.Inner}
 */
record JavaType(String packageName, String name) {
    static JavaType of(Descriptor message) {
        return nested(message.getFile(), message.getContainingType(), message.getName());
    }

    static JavaType of(EnumDescriptor type) {
        return nested(type.getFile(), type.getContainingType(), type.getName());
    }

    /** The class that holds the file's descriptor. */
    static JavaType outerClassOf(FileDescriptor file) {
        return new JavaType(packageOf(file), outerClassName(file));
    }

    static String packageOf(FileDescriptor file) {
        return file.getOptions().hasJavaPackage() ? file.getOptions().getJavaPackage() : file.getPackage();
    }

    static Collection<String> topLevelClassesOf(FileDescriptor file) {
        var names = new ArrayList<>(List.of(outerClassName(file)));
        if (file.getOptions().getJavaMultipleFiles()) {
            file.getMessageTypes().forEach(message -> names.add(message.getName()));
            file.getEnumTypes().forEach(type -> names.add(type.getName()));
        }
        return names;
    }

    /** The type that a singular field has in Java, as it is written in {@code source}. */
    static String ofField(FieldDescriptor field, JavaSource source) {
        return switch (field.getJavaType()) {
            case INT -> "int";
            case LONG -> "long";
            case FLOAT -> "float";
            case DOUBLE -> "double";
            case BOOLEAN -> "boolean";
            case STRING -> source.name("java.lang", "String");
            case BYTE_STRING -> source.name("com.google.protobuf", "ByteString");
            case ENUM -> source.name(of(field.getEnumType()));
            case MESSAGE -> source.name(of(field.getMessageType()));
        };
    }

    /** What an import of this type must name. */
    String topLevelName() {
        var dot = name.indexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }

    String qualifiedName() {
        return packageName.isEmpty() ? name : packageName + "." + name;
    }

    private static JavaType nested(FileDescriptor file, @Nullable Descriptor outer, String name) {
        if (outer != null) return new JavaType(packageOf(file), of(outer).name() + "." + name);
        return new JavaType(
                packageOf(file), file.getOptions().getJavaMultipleFiles() ? name : outerClassName(file) + "." + name);
    }

    private static String outerClassName(FileDescriptor file) {
        if (file.getOptions().hasJavaOuterClassname()) return file.getOptions().getJavaOuterClassname();
        var path = file.getName();
        var base = path.substring(path.lastIndexOf('/') + 1).replaceFirst("\\.proto$", "");
        var name = Names.toAccessor(base);
        return isDeclaredIn(file, name) ? name + "OuterClass" : name;
    }

    private static boolean isDeclaredIn(FileDescriptor file, String name) {
        return Stream.concat(
                                file.getServices().stream().map(service -> service.getName()),
                                file.getEnumTypes().stream().map(EnumDescriptor::getName))
                        .anyMatch(name::equals)
                || file.getMessageTypes().stream().anyMatch(message -> isDeclaredIn(message, name));
    }

    private static boolean isDeclaredIn(Descriptor message, String name) {
        return message.getName().equals(name)
                || message.getEnumTypes().stream()
                        .anyMatch(type -> type.getName().equals(name))
                || message.getNestedTypes().stream().anyMatch(nested -> isDeclaredIn(nested, name));
    }
}
