package dev.parvi.protobuf;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorRequest;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The files of one request, linked with each other. */
final class ProtoFiles {
    private final Map<String, FileDescriptor> byName;
    private final Set<String> toGenerate;

    private ProtoFiles(Map<String, FileDescriptor> byName, Set<String> toGenerate) {
        this.byName = byName;
        this.toGenerate = toGenerate;
    }

    /** Links the files; protoc sends each after those that it imports, and has checked them. */
    static ProtoFiles of(CodeGeneratorRequest request) {
        var byName = new LinkedHashMap<String, FileDescriptor>();
        for (var file : request.getProtoFileList()) {
            var imports = file.getDependencyList().stream().map(byName::get).toArray(FileDescriptor[]::new);
            try {
                byName.put(file.getName(), FileDescriptor.buildFrom(file, imports));
            } catch (DescriptorValidationException refused) {
                throw new IllegalArgumentException(file.getName() + " is not what protoc would send", refused);
            }
        }
        return new ProtoFiles(byName, new HashSet<>(request.getFileToGenerateList()));
    }

    /** All services with the entity option: those of imported files too, imports first. */
    List<ServiceDescriptor> entities() {
        return byName.values().stream()
                .flatMap(file -> file.getServices().stream())
                .filter(service -> service.getOptions().hasExtension(OptionsProto.entity))
                .toList();
    }

    /** True if the request asks for the code of this file, not only for what it needs to know of it. */
    boolean isToGenerate(FileDescriptor file) {
        return toGenerate.contains(file.getName());
    }

    /** The message with this name in {@code protoPackage}, else with this full name, or null. */
    @Nullable
    Descriptor message(String protoPackage, String name) {
        var local = protoPackage.isEmpty() ? name : protoPackage + "." + name;
        var found = message(local);
        return found == null ? message(name) : found;
    }

    private @Nullable Descriptor message(String fullName) {
        return messages(byName.values().stream().flatMap(file -> file.getMessageTypes().stream()))
                .filter(message -> message.getFullName().equals(fullName))
                .findFirst()
                .orElse(null);
    }

    private static Stream<Descriptor> messages(Stream<Descriptor> outer) {
        return outer.flatMap(message -> Stream.concat(Stream.of(message), messages(message.getNestedTypes().stream())));
    }

    /** The simple names of all classes that protoc makes for this Java package, as far as the request tells. */
    Set<String> classesIn(String javaPackage) {
        var names = new HashSet<String>();
        byName.values().stream()
                .filter(file -> JavaType.packageOf(file).equals(javaPackage))
                .map(JavaType::topLevelClassesOf)
                .forEach((Collection<String> classes) -> names.addAll(classes));
        return names;
    }
}
