package dev.parvi.protobuf;

import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import dev.parvi.transcoding.HttpRules;

/** A service that passed every check. */
record EntityModel(
        ServiceDescriptor service, String typeName, Descriptor state, Descriptor event, OneofDescriptor cases) {

    String javaPackage() {
        return JavaType.packageOf(service.getFile());
    }

    String entityClass() {
        return Part.ENTITY.classesOf(service).get(0);
    }

    String clientClass() {
        return Part.ENTITY.classesOf(service).get(1);
    }

    String httpClientClass() {
        return Part.HTTP_CLIENT.classesOf(service).get(0);
    }

    boolean isDeletable() {
        return service.getOptions().getExtension(OptionsProto.entity).getDeletable();
    }

    static boolean isQuery(MethodDescriptor method) {
        return method.getOptions().getIdempotencyLevel() == IdempotencyLevel.NO_SIDE_EFFECTS;
    }

    /** The paths that the author has chosen for a method. */
    static HttpRules rulesOf(MethodDescriptor method) {
        var options = method.getService().getOptions().getExtension(OptionsProto.entity);
        return HttpRules.of(method, options.getIdVariable(), isQuery(method));
    }

    static String methodOf(MethodDescriptor method) {
        return Names.toMethod(method.getName());
    }

    static String methodOf(FieldDescriptor eventCase) {
        return Names.toMethod(eventCase.getName());
    }
}
