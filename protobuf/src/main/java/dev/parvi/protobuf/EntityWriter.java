package dev.parvi.protobuf;

import static dev.parvi.protobuf.EntityModel.isQuery;
import static dev.parvi.protobuf.EntityModel.methodOf;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes the class that an author extends: dispatch, and one abstract method for each rpc and each event. */
final class EntityWriter {
    private static final String ENTITY_PACKAGE = "dev.parvi.entity";
    private static final int FACTORY_FIELDS_MAX = 5;

    private final EntityModel entity;
    private final Sources sources = new Sources();
    private final JavaSource java;
    private final String state;
    private final String event;
    private final String context;
    /** Parameter types of what stands in the class, as text, to leave out a factory that Java would refuse. */
    private final Set<String> signatures = new HashSet<>();

    EntityWriter(EntityModel entity, ProtoFiles files) {
        this.entity = entity;
        this.java = new JavaSource(
                new JavaType(entity.javaPackage(), entity.entityClass()), files.classesIn(entity.javaPackage()));
        this.state = java.name(JavaType.of(entity.state()));
        this.event = java.name(JavaType.of(entity.event()));
        this.context = java.name(ENTITY_PACKAGE, "CommandContext");
    }

    CodeGeneratorResponse.File write() {
        java.javadoc(
                sources.commentOf(entity.service()),
                "What {@code " + entity.service().getFullName() + "} does.");
        java.line("@" + java.name("javax.annotation.processing", "Generated") + "(\"" + EntityGenerator.class.getName()
                + "\")");
        java.open("public abstract class " + entity.entityClass() + " extends " + java.name(ENTITY_PACKAGE, "Entity")
                + "<" + state + ", " + event + ">");
        writeType();
        entity.service().getMethods().forEach(this::writeRpc);
        entity.cases().getFields().forEach(this::writeEvent);
        entity.cases().getFields().forEach(this::writeFactories);
        writeDecide();
        writeApply();
        java.close();
        return java.toFile(entity.service().getFile().getName());
    }

    private void writeType() {
        var type = java.name(ENTITY_PACKAGE, "EntityType") + "<" + state + ", " + event + ">";
        var file = entity.service().getFile();
        java.javadoc("", "The entity type {@code " + entity.typeName() + "}.");
        java.line("public static final " + type + " TYPE = " + java.name(ENTITY_PACKAGE, "EntityType") + ".of(");
        java.continued("\"" + entity.typeName() + "\",");
        java.continued(java.name(JavaType.outerClassOf(file)) + ".getDescriptor().findServiceByName(\""
                + entity.service().getName() + "\"),");
        java.continued(state + ".getDefaultInstance(),");
        java.continued(event + ".getDefaultInstance(),");
        var methods = entity.service().getMethods();
        var list = java.name("java.util", "List");
        java.continued(list + ".of(" + (methods.isEmpty() ? "))" : ""));
        for (var method : methods)
            java.continued("        " + toMethod(method) + (method.getIndex() == methods.size() - 1 ? "))" : ","));
        java.continued(".withComments(" + list + ".of("
                + Comments.of(entity, sources).stream()
                        .map(line -> "\n" + " ".repeat(20) + JavaSource.literal(line))
                        .collect(Collectors.joining(","))
                + "));");
        java.line("");
        java.line("@" + java.name("java.lang", "Override"));
        java.open("public final " + type + " type()").line("return TYPE;").close();
    }

    private String toMethod(MethodDescriptor method) {
        return "new " + java.name(ENTITY_PACKAGE, "EntityType") + ".Method("
                + method.getIndex() + ", \""
                + method.getName() + "\", \""
                + Names.toKebabCase(method.getName()) + "\", "
                + isQuery(method) + ", "
                + java.name(JavaType.of(method.getInputType())) + ".getDefaultInstance(), "
                + java.name(JavaType.of(method.getOutputType())) + ".getDefaultInstance())";
    }

    private void writeRpc(MethodDescriptor method) {
        var effect = java.name(ENTITY_PACKAGE, isQuery(method) ? "ReadEffect" : "Effect");
        var request = java.name(JavaType.of(method.getInputType()));
        java.line("").javadoc(sources.commentOf(method), "Decides {@code " + method.getName() + "}.");
        java.line("protected abstract " + effect + "<" + java.name(JavaType.of(method.getOutputType())) + "> "
                + methodOf(method) + "(" + state + " state, " + request + " "
                + (isQuery(method) ? "query" : "command") + ", " + context + " context);");
        signatures.add(methodOf(method) + List.of(state, request, context));
    }

    private void writeEvent(FieldDescriptor field) {
        var message = java.name(JavaType.of(field.getMessageType()));
        var comment = sources.commentOf(field);
        java.line("")
                .javadoc(
                        comment.isEmpty() ? sources.commentOf(field.getMessageType()) : comment,
                        "The state after {@code " + field.getName() + "}.");
        java.line("protected abstract " + state + " " + methodOf(field) + "(" + state + " state, " + message
                + " event);");
        signatures.add(methodOf(field) + List.of(state, message));
    }

    private void writeFactories(FieldDescriptor field) {
        var message = java.name(JavaType.of(field.getMessageType()));
        if (signatures.add(methodOf(field) + List.of(message))) {
            java.line("").javadoc("", "The event {@code " + field.getName() + "}, to persist.");
            java.open("protected static " + event + " " + methodOf(field) + "(" + message + " event)")
                    .line("return " + event + ".newBuilder().set" + Names.toAccessor(field) + "(event).build();")
                    .close();
        }
        var parts = field.getMessageType().getFields();
        if (!isPlain(parts)) return;
        var types = parts.stream().map(part -> JavaType.ofField(part, java)).toList();
        if (!signatures.add(methodOf(field) + types)) return;
        var parameters = parts.stream()
                .map(part -> types.get(part.getIndex()) + " " + Names.toVariable(part.getName()))
                .collect(Collectors.joining(", "));
        java.line("").javadoc("", "The event {@code " + field.getName() + "}, to persist.");
        java.open("protected static " + event + " " + methodOf(field) + "(" + parameters + ")");
        java.line("return " + event + ".newBuilder()");
        java.continued(".set" + Names.toAccessor(field) + "(" + message + ".newBuilder()");
        for (var part : parts)
            java.continued("        .set" + Names.toAccessor(part) + "(" + Names.toVariable(part.getName()) + ")");
        java.continued("        .build())").continued(".build();").close();
    }

    /** Few fields that all have a value in every event: what reads well as a list of arguments. */
    private static boolean isPlain(List<FieldDescriptor> fields) {
        return fields.size() <= FACTORY_FIELDS_MAX
                && fields.stream()
                        .noneMatch(field -> field.isRepeated()
                                || field.getContainingOneof() != null
                                || field.getType() == FieldDescriptor.Type.GROUP)
                && fields.stream().map(Names::toAccessor).distinct().count() == fields.size()
                && fields.stream()
                                .map(field -> Names.toVariable(field.getName()))
                                .distinct()
                                .count()
                        == fields.size();
    }

    private void writeDecide() {
        java.line("").line("@" + java.name("java.lang", "Override"));
        java.open("protected final " + java.name(ENTITY_PACKAGE, "Effect") + "<?> decide("
                + java.name(ENTITY_PACKAGE, "EntityType") + ".Method method, " + state + " state, "
                + java.name("com.google.protobuf", "Message") + " request, " + context + " context)");
        java.open("return switch (method.index())");
        for (var method : entity.service().getMethods())
            java.line("case " + method.getIndex() + " -> " + methodOf(method) + "(state, ("
                    + java.name(JavaType.of(method.getInputType())) + ") request, context);");
        java.line("default -> throw new " + java.name("java.lang", "IllegalArgumentException")
                + "(method.name() + \" is no method of " + entity.typeName() + "\");");
        java.close(";").close();
    }

    private void writeApply() {
        java.line("").line("@" + java.name("java.lang", "Override"));
        java.open("protected final " + state + " apply(" + state + " state, " + event + " event)");
        java.open("return switch (event." + Names.toCaseAccessor(entity.cases()) + "())");
        for (var field : entity.cases().getFields())
            java.line("case " + Names.toCaseConstant(field) + " -> " + methodOf(field) + "(state, event.get"
                    + Names.toAccessor(field) + "());");
        java.line("default -> throw new " + java.name("java.lang", "IllegalStateException") + "(");
        java.continued("\"this release does not know the " + entity.event().getFullName() + " with field \"");
        java.continued("        + event.getUnknownFields().asMap().keySet());");
        java.close(";").close();
    }
}
