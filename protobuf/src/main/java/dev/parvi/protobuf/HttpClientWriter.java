package dev.parvi.protobuf;

import static dev.parvi.protobuf.EntityModel.isQuery;
import static dev.parvi.protobuf.EntityModel.methodOf;

import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorResponse;
import dev.parvi.transcoding.Binding;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes the typed client that calls over HTTP: one method for each rpc, and the streams of the entity and of its type. */
final class HttpClientWriter {
    private static final String CLIENT_PACKAGE = "dev.parvi.client";

    private final EntityModel entity;
    private final Sources sources = new Sources();
    private final JavaSource java;
    private final String client;
    private final String parvi;
    private final String string;
    private final String type;
    private final String events;
    private final String event;

    HttpClientWriter(EntityModel entity, ProtoFiles files) {
        this.entity = entity;
        this.client = entity.httpClientClass();
        this.java = new JavaSource(new JavaType(entity.javaPackage(), client), files.classesIn(entity.javaPackage()));
        this.parvi = java.name(CLIENT_PACKAGE, "ParviClient");
        this.string = java.name("java.lang", "String");
        this.type = "\"" + entity.typeName() + "\"";
        this.event = java.name(JavaType.of(entity.event()));
        this.events = java.name("java.util.concurrent", "Flow") + ".Publisher<" + java.name(CLIENT_PACKAGE, "Event")
                + "<" + event + ">>";
    }

    CodeGeneratorResponse.File write() {
        java.javadoc(sources.commentOf(entity.service()), "One entity of the type {@code " + entity.typeName() + "}.");
        java.line("@" + java.name("javax.annotation.processing", "Generated") + "(\"" + EntityGenerator.class.getName()
                + "\")");
        java.open("public final class " + client);
        writeConstruction();
        writeFeed();
        entity.service().getMethods().forEach(this::writeRpc);
        if (entity.isDeletable()) writeDelete();
        writeEvents();
        writeOutcome();
        java.close();
        return java.toFile(entity.service().getFile().getName());
    }

    private void writeConstruction() {
        java.line("private final " + parvi + " parvi;")
                .line("private final " + string + " id;")
                .line("")
                .open("private " + client + "(" + parvi + " parvi, " + string + " id)")
                .line("this.parvi = parvi;")
                .line("this.id = id;")
                .close()
                .line("");
        java.javadoc("", "The entity with this id, whether anything has happened to it yet or not. Sends nothing.");
        java.open("public static " + client + " of(" + parvi + " parvi, " + string + " id)")
                .line("return new " + client + "(parvi, id);")
                .close();
    }

    private void writeFeed() {
        java.line("")
                .javadoc(
                        "",
                        "What happens to all entities of the type, at least once, behind {@code cursor}; empty for all"
                                + " that ever did.");
        java.open("public static " + events + " changes(" + parvi + " parvi, " + string + " cursor)")
                .line("return parvi.changes(" + type + ", cursor, " + event + ".getDefaultInstance());")
                .close()
                .line("");
        java.javadoc("", "The cursor behind all that has happened so far.");
        java.open("public static " + java.name(CLIENT_PACKAGE, "Query") + "<" + string + "> changesEnd(" + parvi
                        + " parvi)")
                .line("return parvi.changesEnd(" + type + ");")
                .close();
    }

    private void writeRpc(MethodDescriptor method) {
        var request = isQuery(method) ? "query" : "command";
        var reply = java.name(JavaType.of(method.getOutputType()));
        java.line("").javadoc(sources.commentOf(method), "Makes the " + request + " {@code " + method.getName() + "}.");
        java.open("public " + java.name(CLIENT_PACKAGE, isQuery(method) ? "Query" : "Command") + "<" + reply + "> "
                + methodOf(method) + "(" + java.name(JavaType.of(method.getInputType())) + " " + request + ")");
        var bindings = EntityModel.rulesOf(method).bindings();
        var place = bindings.isEmpty()
                ? type + ", id, \"" + Names.toKebabCase(method.getName()) + "\""
                : path(bindings.get(0)) + ", id";
        java.line("return parvi." + request + "(" + place + ", " + request + ", " + reply + ".getDefaultInstance());");
        java.close();
    }

    /** The first of those that the author has chosen. */
    private String path(Binding binding) {
        return Stream.of(
                        binding.method(),
                        binding.template().toString(),
                        binding.body(),
                        binding.responseBody(),
                        binding.idVariable())
                .map(JavaSource::literal)
                .collect(Collectors.joining(", ", "new " + parvi + ".Path(", ")"));
    }

    /** Beside an rpc of that name, which takes its request. */
    private void writeDelete() {
        java.line("")
                .javadoc(
                        "",
                        "Makes the command that deletes the entity for good, with everything that is stored of it.");
        java.open("public " + java.name(CLIENT_PACKAGE, "Command") + "<" + java.name("com.google.protobuf", "Empty")
                        + "> delete()")
                .line("return parvi.deletion(" + type + ", id);")
                .close();
    }

    private void writeEvents() {
        java.line("").javadoc("", "The events behind {@code revision}, and those to come: each once and in order.");
        java.open("public " + events + " eventsAfter(long revision)")
                .line("return parvi.events(" + type + ", id, revision, " + event + ".getDefaultInstance());")
                .close();
    }

    private void writeOutcome() {
        java.line("").javadoc("", "What became of the command with this idempotency key.");
        java.open("public " + java.name(CLIENT_PACKAGE, "Query") + "<" + java.name(CLIENT_PACKAGE, "Outcome")
                        + "> outcome(" + string + " key)")
                .line("return parvi.outcome(" + type + ", id, key);")
                .close();
    }
}
