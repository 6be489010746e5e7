package dev.parvi.protobuf;

import com.google.protobuf.DescriptorProtos.Edition;
import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorRequest;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorResponse;
import java.io.IOException;
import java.util.List;

/**
 * The protoc plugin: reads a request from standard input, writes the generated files to standard output. For each service with the
 * entity option these are the class to extend and a typed client.
 */
public final class EntityGenerator {
    private static final int FEATURES = CodeGeneratorResponse.Feature.FEATURE_PROTO3_OPTIONAL_VALUE
            | CodeGeneratorResponse.Feature.FEATURE_SUPPORTS_EDITIONS_VALUE;

    private EntityGenerator() {}

    public static void main(String[] arguments) throws IOException {
        var registry = ExtensionRegistry.newInstance();
        OptionsProto.registerAllExtensions(registry);
        var request = CodeGeneratorRequest.parseFrom(System.in, registry);
        generate(request).writeTo(System.out);
        System.out.flush();
    }

    /** Generates all files or, if anything is wrong, none and an error that lists every mistake. */
    static CodeGeneratorResponse generate(CodeGeneratorRequest request) {
        var response = CodeGeneratorResponse.newBuilder()
                .setSupportedFeatures(FEATURES)
                .setMinimumEdition(Edition.EDITION_PROTO2_VALUE)
                .setMaximumEdition(Edition.EDITION_2023_VALUE);
        var files = ProtoFiles.of(request);
        var reader = new EntityReader(files);
        var entities = reader.read();
        var mistakes = reader.mistakes();
        if (!mistakes.isEmpty()) return response.setError(toError(mistakes)).build();
        for (var entity : entities) {
            response.addFile(new EntityWriter(entity, files).write());
            response.addFile(new ClientWriter(entity, files).write());
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
