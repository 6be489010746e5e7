package dev.parvi.protobuf;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorRequest;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Feeds the generator what protoc made of {@code src/test/protobuf} in this build. */
final class EntityGeneratorTest {
    private static final Path DESCRIPTORS = Path.of("target", "test-descriptors.binpb");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    no_state:12              | Thing does not say what its state is; write {state: "ThingState"} and a message of that name
                    no_event:12              | Thing does not say what its event is; write {event: "ThingEvent"} and a message of that name
                    unknown_state:12         | the state "ThingState" is no message of package mistakes.unknown_state and no full name; write message ThingState {} or correct the name; a message of another package needs its import
                    unknown_event:12         | the event "ThingEvent" is no message of package mistakes.unknown_event and no full name; write message ThingEvent {} or correct the name; a message of another package needs its import
                    event_without_oneof:17   | ThingEvent has no oneof; list everything that can happen in one: oneof event { Deposited deposited = 1; }
                    event_with_two_oneofs:17 | ThingEvent has 2 oneofs; list everything that can happen in one: oneof event { Deposited deposited = 1; }
                    event_field_outside:21   | the field reason stands outside of the oneof of ThingEvent; move it into the messages of the events that need it
                    event_of_a_scalar:19     | the event changed is no message; write a message for it, with this value as its first field
                    events_of_one_name:20    | the events new_name and newName are one method in Java, newName; rename one of them
                    streaming:14             | rpc Watch streams, and an entity answers one message with one; remove the word stream
                    unmarked_query:14        | rpc GetName is named like a query and may change the entity; write { option idempotency_level = NO_SIDE_EFFECTS; } behind it, or rename it if it does
                    idempotent:15            | rpc Change is marked IDEMPOTENT, which its idempotency key makes it anyway; remove the mark, or write NO_SIDE_EFFECTS if it changes nothing
                    cached_command:15        | rpc Change is a command, and no cache may answer in its place; remove its cache_control, or mark it NO_SIDE_EFFECTS if it changes nothing
                    unknown_caching:16       | the cache_control "public, maxage=5" of rpc Get has "maxage=5"; write directives such as "public, max-age=5, stale-while-revalidate=30"; known are public, private, no-cache, no-store, no-transform, must-revalidate, proxy-revalidate, immutable, and with whole seconds max-age=, s-maxage=, stale-while-revalidate= and stale-if-error=
                    path_that_is_none:16     | the path "/v1/{id" of rpc Change ends too early; write what is missing, such as }
                    path_without_id:16       | the path "/v1/things" of rpc Change does not say which entity is meant; write {thing} into it, or {id_variable: "..."} into the option (parvi.v1.entity)
                    path_with_unknown_field:16 | the path "/v1/{id}/{colour}" of rpc Change has {colour}, and Request has no field colour; Request has no fields
                    path_of_a_get:16         | the path "/v1/{id}" of rpc Change is a GET, and the rpc is a command; write post, put, patch or delete, or mark the rpc NO_SIDE_EFFECTS if it changes nothing
                    path_with_wrong_body:16  | the path "/v1/{id}" of rpc Change has the body colour, which is no field of Request; write "*" for all fields, or one of them; Request has no fields
                    one_path:15              | rpc Change and rpc CHANGE have one path, change; rename one of them
                    type_not_kebab:12        | the type name "bigThing" is not in kebab-case; write lower-case words with hyphens, such as {type: "big-thing"}
                    no_java_package:10       | the file of an entity needs a Java package; write option java_package = "com.example.mistakes.no_java_package";
                    one_type:18              | the type name "thing" belongs to mistakes.one_type.Thing at mistakes/one_type.proto:12; write another one as {type: "..."}
                    one_class:12             | its class ThingEntity would be that of mistakes.good.Thing at mistakes/good.proto:11; rename the service or change java_package
                    class_taken:11           | the generated class ThingEntity would replace the one that protoc writes; rename the message or the service
                    """)
    void a_mistake_is_named_with_its_place_and_what_to_write_instead(String place, String message) {
        var name = place.substring(0, place.indexOf(':'));
        var line = place.substring(place.indexOf(':'));

        var error = generate("mistakes/" + name + ".proto").getError();

        assertThat(error.lines()).containsExactly("1 mistake", "mistakes/" + name + ".proto" + line + ": " + message);
    }

    @Test
    void all_mistakes_are_told_at_once_and_nothing_is_generated() {
        var response = generate("mistakes/several.proto", "mistakes/own_path.proto");

        assertThat(response.getFileList()).isEmpty();
        assertThat(response.getError().lines())
                .containsExactly(
                        "6 mistakes",
                        "mistakes/own_path.proto:14: the path /place/{id}/events is Parvi's own; rename rpc Events",
                        "mistakes/own_path.proto:18: the path /docs is Parvi's own; write another name as {type: \"...\"}",
                        "mistakes/several.proto:12: Thing does not say what its event is; write {event: \"ThingEvent\"} and"
                                + " a message of that name",
                        "mistakes/several.proto:12: Thing does not say what its state is; write {state: \"ThingState\"} and"
                                + " a message of that name",
                        "mistakes/several.proto:14: rpc Watch streams, and an entity answers one message with one;"
                                + " remove the word stream",
                        "mistakes/several.proto:15: rpc List is named like a query and may change the entity; write {"
                                + " option idempotency_level = NO_SIDE_EFFECTS; } behind it, or rename it if it does");
    }

    @Test
    void a_file_without_entities_becomes_nothing() {
        var response = generate("mistakes/common.proto");

        assertThat(response.getError()).isEmpty();
        assertThat(response.getFileList()).isEmpty();
    }

    @Test
    void an_entity_becomes_a_class_to_extend_and_a_client_in_its_java_package() {
        var response = generate("mistakes/good.proto");

        assertThat(response.getError()).isEmpty();
        assertThat(response.getFileList().stream().map(CodeGeneratorResponse.File::getName))
                .containsExactly("mistakes/good/ThingEntity.java", "mistakes/good/ThingClient.java");
        assertThat(response.getFileList())
                .allSatisfy(file -> assertThat(file.getContent())
                        .startsWith("// Generated by Parvi from mistakes/good.proto. Do not edit: edit that.\n")
                        .contains("@Generated("));
    }

    @Test
    void the_same_request_gives_the_same_files() {
        assertThat(generate("mistakes/good.proto")).isEqualTo(generate("mistakes/good.proto"));
        assertThat(generateParts("http-client", "mistakes/good.proto"))
                .isEqualTo(generateParts("http-client", "mistakes/good.proto"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ''                   | ThingEntity ThingClient
                    entity               | ThingEntity ThingClient
                    http-client          | ThingHttpClient
                    http-client, entity  | ThingEntity ThingClient ThingHttpClient
                    """)
    void the_option_says_what_is_generated(String option, String classes) {
        var response = generateParts(option, "mistakes/good.proto");

        assertThat(response.getFileList().stream().map(CodeGeneratorResponse.File::getName))
                .containsExactly(Arrays.stream(classes.split(" "))
                        .map(name -> "mistakes/good/" + name + ".java")
                        .toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "entity,", "Entity"})
    void an_unknown_option_is_named(String option) {
        var response = generateParts(option, "mistakes/good.proto");

        assertThat(response.getFileList()).isEmpty();
        assertThat(response.getError())
                .isEqualTo("the option \"" + option.replace("entity,", "")
                        + "\" is unknown; write entity, http-client, or both with a comma between them");
    }

    @Test
    void a_client_for_other_programs_needs_nothing_of_a_node() {
        var client =
                generateParts("http-client", "mistakes/good.proto").getFile(0).getContent();

        assertThat(client)
                .contains("public Command<Reply> change(Request command) {")
                .contains("return parvi.command(\"good\", id, \"change\", command, Reply.getDefaultInstance());")
                .contains("public Flow.Publisher<dev.parvi.client.Event<Event>> eventsAfter(long revision)")
                .doesNotContain("dev.parvi.entity");
    }

    @Test
    void a_client_calls_the_first_path_that_the_author_has_chosen() {
        var client = generateParts("http-client", "mistakes/good_paths.proto")
                .getFile(0)
                .getContent();

        assertThat(client)
                .contains(
                        "return parvi.command(new ParviClient.Path(\"POST\", \"/v1/{thing}/changes\", \"*\", \"\", \"thing\"),"
                                + " id, command, Reply.getDefaultInstance());")
                .contains(
                        "return parvi.query(new ParviClient.Path(\"GET\", \"/v1/{thing}\", \"\", \"\", \"thing\"), id, query,"
                                + " Reply.getDefaultInstance());");
    }

    private static CodeGeneratorResponse generate(String... files) {
        return generateParts("", files);
    }

    private static CodeGeneratorResponse generateParts(String option, String... files) {
        var known = descriptors();
        var needed = new LinkedHashSet<String>();
        for (var file : files) addWithImports(file, known, needed);
        var request = CodeGeneratorRequest.newBuilder().setParameter(option);
        for (var file : files) request.addFileToGenerate(file);
        for (var name : needed) request.addProtoFile(requireNonNull(known.get(name)));
        return EntityGenerator.generate(request.build());
    }

    private static void addWithImports(String file, Map<String, FileDescriptorProto> known, Set<String> needed) {
        var descriptor = requireNonNull(known.get(file), file);
        for (var imported : descriptor.getDependencyList()) addWithImports(imported, known, needed);
        needed.add(file);
    }

    private static Map<String, FileDescriptorProto> descriptors() {
        var registry = EntityGenerator.options();
        try (var input = Files.newInputStream(DESCRIPTORS)) {
            return FileDescriptorSet.parseFrom(input, registry).getFileList().stream()
                    .collect(Collectors.toMap(FileDescriptorProto::getName, Function.identity()));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
