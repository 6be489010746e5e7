package dev.parvi.odd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UnknownFieldSet;
import dev.parvi.client.ParviClient;
import dev.parvi.entity.EntityType.Method;
import dev.parvi.entity.Rejection;
import dev.parvi.odd.types.OddTypes.Things;
import dev.parvi.protobuf.OptionsProto;
import dev.parvi.testkit.EntityScenario;
import dev.parvi.testkit.InMemoryEntities;
import java.net.URI;
import java.time.Clock;
import org.junit.jupiter.api.Test;

/** What the generator makes of a {@code .proto} that is hard to spell in Java; that it compiles is half of the test. */
final class GeneratedCodeTest {
    @Test
    void paths_are_in_kebab_case_and_queries_are_told_apart() {
        assertThat(HTTPThingEntity.TYPE.name()).isEqualTo("http-thing");
        assertThat(HTTPThingEntity.TYPE.methods().stream().map(Method::path))
                .containsExactly("new", "wait", "apply", "type", "get-http2-name");
        assertThat(HTTPThingEntity.TYPE.methods().stream()
                        .filter(Method::isQuery)
                        .map(Method::name))
                .containsExactly("GetHTTP2Name");
    }

    @Test
    void the_options_are_known_at_run_time() {
        var service = HTTPThingEntity.TYPE.service();
        assertThat(service.getOptions().getExtension(OptionsProto.entity).getEvent())
                .isEqualTo("Events.Event");
    }

    @Test
    void comments_are_known_at_run_time() {
        var type = HTTPThingEntity.TYPE;
        assertThat(type.comment("odd.v1.HTTPThing"))
                .isEqualTo("Has a comment with <tags>, an @at, a \\u0022, an & and the end of a comment: */ done.\n\n"
                        + "And a second paragraph.");
        assertThat(type.comment("odd.v1.List")).isEqualTo("Names that the generated code would like to import.");
        assertThat(type.comment("odd.v1.String.text")).isEqualTo("Says \"this\\that\", in größe.");
        assertThat(type.comment("odd.v1.Things.Colour")).isEqualTo("In another file.");
        assertThat(type.comment("odd.v1.Things.Colour.RED")).isEqualTo("Like a rose.");
        assertThat(type.comment("odd.v1.HTTPThing.Wait")).isEmpty();
    }

    @Test
    void every_event_reaches_its_method() {
        var created = HTTPThingEntity.class_();
        var painted = HTTPThingEntity.type_(
                Things.Colour.RED, Timestamp.getDefaultInstance(), 1.5, String.getDefaultInstance(), 3);
        var renamed = HTTPThingEntity.renamed("new", ByteString.copyFromUtf8("token"), true);
        var changed = HTTPThingEntity.listChanged2now(List.getDefaultInstance());

        EntityScenario.of(new HTTPThing())
                .given(created, painted, renamed, changed)
                .thenState(Things.State.newBuilder()
                        .setCount(1_000_011)
                        .setToken(ByteString.copyFromUtf8("token"))
                        .build());
    }

    @Test
    void every_rpc_reaches_its_method() {
        EntityScenario.of(new HTTPThing())
                .when("New", Empty.getDefaultInstance())
                .thenReply(list("new"))
                .when("Wait", String.getDefaultInstance())
                .thenReply(list("wait"))
                .when("Apply", Effect.getDefaultInstance())
                .thenReply(list("apply"))
                .when("Type", list())
                .thenReply(Empty.getDefaultInstance())
                .when("GetHTTP2Name", list())
                .thenReply(String.newBuilder().setText("name").build());
    }

    @Test
    void the_client_has_every_rpc() {
        var things = HTTPThingClient.of(InMemoryEntities.of(Clock.systemUTC(), new HTTPThing()));

        assertThat(things.new_("1", Empty.getDefaultInstance()).join()).isEqualTo(list("new"));
        assertThat(things.getHTTP2Name("1", list()).join().getText()).isEqualTo("name");
    }

    @Test
    void the_client_over_http_has_every_rpc() {
        try (var parvi = ParviClient.connect(URI.create("http://127.0.0.1:1"))) {
            var thing = HTTPThingHttpClient.of(parvi, "1");

            assertThat(thing.new_(Empty.getDefaultInstance())).asString().startsWith("POST /http-thing/1/new with");
            assertThat(thing.getHTTP2Name(list())).hasToString("POST /http-thing/1/get-http2-name");
        }
    }

    @Test
    void the_client_deletes_what_may_be_deleted() {
        var things = HTTPThingClient.of(InMemoryEntities.of(Clock.systemUTC(), new HTTPThing()));

        assertThatThrownBy(() -> things.delete("1").join())
                .hasCauseInstanceOf(Rejection.class)
                .hasMessageContaining("there is nothing to delete");
    }

    @Test
    void an_event_of_a_later_release_is_named() {
        var later = Events.Event.newBuilder()
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                77,
                                UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                        .build())
                .build();

        assertThatThrownBy(() -> EntityScenario.of(new HTTPThing()).given(later))
                .hasMessageContaining("this release does not know the odd.v1.Events.Event with field [77]");
    }

    private static List list(java.lang.String... names) {
        return List.newBuilder().addAllNames(java.util.List.of(names)).build();
    }
}
