package dev.parvi.protobuf;

import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;

/** A service that passed every check. */
record EntityModel(
        ServiceDescriptor service, String typeName, Descriptor state, Descriptor event, OneofDescriptor cases) {

    String javaPackage() {
        return JavaType.packageOf(service.getFile());
    }

    String entityClass() {
        return entityClass(service);
    }

    String clientClass() {
        return clientClass(service);
    }

    static String entityClass(ServiceDescriptor service) {
        return service.getName() + "Entity";
    }

    static String clientClass(ServiceDescriptor service) {
        return service.getName() + "Client";
    }

    static boolean isQuery(MethodDescriptor method) {
        return method.getOptions().getIdempotencyLevel() == IdempotencyLevel.NO_SIDE_EFFECTS;
    }

    static String methodOf(MethodDescriptor method) {
        return Names.toMethod(method.getName());
    }

    static String methodOf(FieldDescriptor eventCase) {
        return Names.toMethod(eventCase.getName());
    }
}
