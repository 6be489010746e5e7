package dev.parvi.protobuf;

import static dev.parvi.protobuf.EntityModel.methodOf;

import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorResponse;

/** Writes the typed client: one method for each rpc, and copies of the client that carry another option. */
final class ClientWriter {
    private static final String ENTITY_PACKAGE = "dev.parvi.entity";

    private final EntityModel entity;
    private final Sources sources = new Sources();
    private final JavaSource java;
    private final String client;
    private final String string;
    private final String duration;
    private final String entityClient;
    private final String entityCommand;
    private final String method;

    ClientWriter(EntityModel entity, ProtoFiles files) {
        this.entity = entity;
        this.client = entity.clientClass();
        this.java = new JavaSource(new JavaType(entity.javaPackage(), client), files.classesIn(entity.javaPackage()));
        this.string = java.name("java.lang", "String");
        this.duration = java.name("java.time", "Duration");
        this.entityClient = java.name(ENTITY_PACKAGE, "EntityClient");
        this.entityCommand = java.name(ENTITY_PACKAGE, "EntityCommand");
        this.method = java.name(ENTITY_PACKAGE, "EntityType") + ".Method";
    }

    CodeGeneratorResponse.File write() {
        java.line("/**");
        java.line(" * Sends commands and queries to entities of the type {@code " + entity.typeName() + "}.");
        java.line(" *");
        java.line(" * <p>A future fails with the {@link " + java.name(ENTITY_PACKAGE, "Rejection") + "}, {@link "
                + java.name(ENTITY_PACKAGE, "NotServing") + "} or {@link "
                + java.name(ENTITY_PACKAGE, "OutcomeUnknown") + "}");
        java.line(" * that the command came to; {@code OutcomeUnknown} may be sent again with the same key.");
        java.line(" */");
        java.line("@" + java.name("javax.annotation.processing", "Generated") + "(\"" + EntityGenerator.class.getName()
                + "\")");
        java.open("public final class " + client);
        writeConstruction();
        writeOptions();
        entity.service().getMethods().forEach(this::writeRpc);
        if (entity.isDeletable()) writeDelete();
        writeSend();
        java.close();
        return java.toFile(entity.service().getFile().getName());
    }

    private void writeConstruction() {
        java.line("private static final " + java.name("java.util", "List") + "<" + method + "> METHODS = "
                        + entity.entityClass() + ".TYPE.methods();")
                .line("")
                .line("private final " + entityClient + " client;")
                .line("private final " + string + " key;")
                .line("private final long revision;")
                .line("private final " + duration + " timeout;")
                .line("private final " + string + " principal;")
                .line("")
                .open("private " + client + "(" + entityClient + " client, " + string + " key, long revision, "
                        + duration + " timeout, " + string + " principal)");
        java.line("this.client = client;")
                .line("this.key = key;")
                .line("this.revision = revision;")
                .line("this.timeout = timeout;")
                .line("this.principal = principal;")
                .close()
                .line("");
        java.javadoc("", "A client that waits 10 seconds, accepts any revision and gives each command a random key.");
        java.open("public static " + client + " of(" + entityClient + " client)")
                .line("return new " + client + "(client, \"\", " + entityCommand + ".ANY_REVISION, " + duration
                        + ".ofSeconds(10), \"\");")
                .close();
    }

    private void writeOptions() {
        writeOption(
                "Sends commands with this idempotency key: one key for one command, and the same for its retries.",
                "withKey(" + string + " key)");
        writeOption("Insists that the entity is at this revision.", "ifRevision(long revision)");
        writeOption("Stops waiting after this time.", "within(" + duration + " timeout)");
        writeOption("Sends on behalf of this principal.", "as(" + string + " principal)");
    }

    /** Each option's parameter hides the field of the same name; the others are taken over. */
    private void writeOption(String words, String signature) {
        java.line("").javadoc("", words);
        java.open("public " + client + " " + signature)
                .line("return new " + client + "(client, key, revision, timeout, principal);")
                .close();
    }

    private void writeRpc(MethodDescriptor method) {
        var reply = java.name(JavaType.of(method.getOutputType()));
        java.line("").javadoc(sources.commentOf(method), "Sends {@code " + method.getName() + "}.");
        java.open("public " + java.name("java.util.concurrent", "CompletableFuture") + "<" + reply + "> "
                + methodOf(method) + "(" + string + " id, " + java.name(JavaType.of(method.getInputType()))
                + " request)");
        java.line("return send(id, METHODS.get(" + method.getIndex() + "), request, " + reply + ".class);");
        java.close();
    }

    /** Beside an rpc of that name, which takes its request too. */
    private void writeDelete() {
        var empty = java.name("com.google.protobuf", "Empty");
        java.line("").javadoc("", "Deletes the entity for good, with everything that is stored of it.");
        java.open("public " + java.name("java.util.concurrent", "CompletableFuture") + "<" + empty + "> delete("
                + string + " id)");
        java.line("var deletion = " + entity.entityClass() + ".TYPE.deletion().orElseThrow();");
        java.line("return send(id, deletion, " + empty + ".getDefaultInstance(), " + empty + ".class);");
        java.close();
    }

    private void writeSend() {
        var future = java.name("java.util.concurrent", "CompletableFuture");
        var message = java.name("com.google.protobuf", "Message");
        java.line("")
                .open("private <R extends " + message + "> " + future + "<R> send(" + string + " id, "
                        + method + " method, " + message + " request, "
                        + java.name("java.lang", "Class") + "<R> reply)");
        java.line("var ownKey = method.isQuery() ? \"\" : key.isEmpty() ? " + entityCommand
                + ".MADE_KEY_PREFIX + " + java.name("java.util", "UUID")
                + ".randomUUID().toString() : key;");
        java.line("var deadline = " + java.name("java.time", "Instant") + ".now().plus(timeout);");
        java.line("var command = new " + entityCommand + "(");
        java.continued(entity.entityClass()
                + ".TYPE, id, method, request, ownKey, key.isEmpty(), revision, deadline, principal, \"\");");
        java.line("var answer = new " + future + "<R>();");
        java.line("client.ask(command).thenAccept(outcome -> outcome.fold(");
        java.continued("completed -> answer.complete(reply.cast(completed.reply())),");
        java.continued("answer::completeExceptionally,");
        java.continued("answer::completeExceptionally,");
        java.continued("answer::completeExceptionally));");
        java.line("return answer;").close();
    }
}
