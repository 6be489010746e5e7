package dev.parvi.protobuf;

import com.google.api.AnnotationsProto;
import com.google.protobuf.DescriptorProtos.Edition;
import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorRequest;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorResponse;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * The protoc plugin: reads a request from standard input, writes the generated files to standard output. For each service with the
 * entity option these are the class to extend and a typed client or, if the plugin's option says so, a client that calls over HTTP.
 */
public final class EntityGenerator {
    private static final int FEATURES = CodeGeneratorResponse.Feature.FEATURE_PROTO3_OPTIONAL_VALUE
            | CodeGeneratorResponse.Feature.FEATURE_SUPPORTS_EDITIONS_VALUE;

    private EntityGenerator() {}

    public static void main(String[] arguments) throws IOException {
        var request = CodeGeneratorRequest.parseFrom(System.in, options());
        generate(request).writeTo(System.out);
        System.out.flush();
    }

    /** The options that are read. */
    static ExtensionRegistry options() {
        var registry = ExtensionRegistry.newInstance();
        OptionsProto.registerAllExtensions(registry);
        AnnotationsProto.registerAllExtensions(registry);
        return registry;
    }

    /** Generates all files or, if anything is wrong, none and an error that lists every mistake. */
    static CodeGeneratorResponse generate(CodeGeneratorRequest request) {
        var response = CodeGeneratorResponse.newBuilder()
                .setSupportedFeatures(FEATURES)
                .setMinimumEdition(Edition.EDITION_PROTO2_VALUE)
                .setMaximumEdition(Edition.EDITION_2023_VALUE);
        Set<Part> parts;
        try {
            parts = Part.parse(request.getParameter());
        } catch (IllegalArgumentException unknown) {
            return response.setError(String.valueOf(unknown.getMessage())).build();
        }
        var files = ProtoFiles.of(request);
        var reader = new EntityReader(files, parts);
        var entities = reader.read();
        var mistakes = reader.mistakes();
        if (!mistakes.isEmpty()) return response.setError(toError(mistakes)).build();
        for (var entity : entities) {
            if (parts.contains(Part.ENTITY)) {
                response.addFile(new EntityWriter(entity, files).write());
                response.addFile(new ClientWriter(entity, files).write());
            }
            if (parts.contains(Part.HTTP_CLIENT)) response.addFile(new HttpClientWriter(entity, files).write());
        }
        return response.build();
    }

    /** The first line shares its row with protoc's name for the plugin, so the places start on the second. */
    private static String toError(List<Mistake> mistakes) {
        var error = new StringBuilder(mistakes.size() == 1 ? "1 mistake" : mistakes.size() + " mistakes");
        for (var mistake : mistakes) error.append('\n').append(mistake);
        return error.toString();
    }
}
