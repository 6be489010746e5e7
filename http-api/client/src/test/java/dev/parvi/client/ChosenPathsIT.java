package dev.parvi.client;

import static dev.parvi.client.HostileServer.balance;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import dev.parvi.client.bank.Box;
import dev.parvi.client.bank.Colour;
import dev.parvi.client.bank.Label;
import dev.parvi.client.bank.VaultHttpClient;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is sent to the paths that an author has chosen, byte by byte. */
@Timeout(60)
class ChosenPathsIT {
    private static final Box BOX = Box.newBuilder()
            .setPlace("rows/a b")
            .setNumber(-1)
            .setLabel(Label.newBuilder().setText("é/1").setSeal(ByteString.copyFrom(new byte[] {-1})))
            .addTags("x&y")
            .addTags("z")
            .setColour(Colour.RED)
            .setUntil(Timestamp.newBuilder().setSeconds(1))
            .build();

    private static final String QUERY_OF_THE_REST = "tags=x%26y&tags=z";

    @Test
    void all_fields_are_the_body() throws InvalidProtocolBufferException {
        try (var server = HostileServer.playing(balance(1, 1));
                var parvi = ParviClient.connect(server.url())) {
            var reply =
                    VaultHttpClient.of(parvi, "v/1").store(BOX).withKey("k1").send();

            assertThat(reply.value().getBalance()).isEqualTo(1);
            var sent = server.received().get(0);
            assertThat(sent.line()).isEqualTo("POST /v1/vaults/v%2F1:store");
            assertThat(sent.header("Idempotency-key")).isEqualTo("k1");
            assertThat(Box.parseFrom(sent.body())).isEqualTo(BOX);
        }
    }

    @Test
    void a_message_is_the_body_and_the_rest_is_in_path_and_query() throws InvalidProtocolBufferException {
        try (var server = HostileServer.playing(balance(1, 1));
                var parvi = ParviClient.connect(server.url())) {
            VaultHttpClient.of(parvi, "v1").label(BOX).send();

            var sent = server.received().get(0);
            assertThat(sent.line())
                    .isEqualTo("PUT /v1/vaults/v1/rows/a%20b/4294967295?" + QUERY_OF_THE_REST
                            + "&colour=RED&until=1970-01-01T00%3A00%3A01Z");
            assertThat(sent.header("Content-type")).isEqualTo("application/protobuf");
            assertThat(Label.parseFrom(sent.body())).isEqualTo(BOX.getLabel());
        }
    }

    @Test
    void a_list_is_the_body_in_json() {
        try (var server = HostileServer.playing(jsonBalance());
                var parvi = ParviClient.connect(server.url())) {
            var reply = VaultHttpClient.of(parvi, "v1").tag(BOX).send();

            assertThat(reply.value().getBalance()).isEqualTo(7);
            var sent = server.received().get(0);
            assertThat(sent.line())
                    .isEqualTo(
                            "PATCH /v1/vaults/v1/boxes/%C3%A9%2F1?place=rows%2Fa%20b&number=4294967295&label.seal=%2Fw%3D%3D"
                                    + "&colour=RED&until=1970-01-01T00%3A00%3A01Z");
            assertThat(new String(sent.body(), StandardCharsets.UTF_8)).isEqualTo("[\"x&y\",\"z\"]");
        }
    }

    @Test
    void without_a_body_all_is_in_path_and_query() {
        try (var server = HostileServer.playing(balance(1, 1));
                var parvi = ParviClient.connect(server.url())) {
            var box = Box.newBuilder().setColour(Colour.RED).addTags("t").build();
            VaultHttpClient.of(parvi, "v1").empty(box).send();

            assertThat(server.received().get(0).line()).isEqualTo("DELETE /v1/vaults/v1/boxes/RED?tags=t");
            assertThat(server.received().get(0).body()).isEmpty();
        }
    }

    @Test
    void an_answer_that_is_one_field_becomes_a_reply_again() {
        try (var server = HostileServer.playing(json("[{\"number\":3},{\"number\":4}]"));
                var parvi = ParviClient.connect(server.url())) {
            var reply = VaultHttpClient.of(parvi, "v1")
                    .get(Box.newBuilder().setPlace("a/b").build())
                    .send();

            assertThat(server.received().get(0).line()).isEqualTo("GET /v1/vaults/v1/a/b");
            assertThat(reply.value().getBoxesList()).extracting(Box::getNumber).containsExactly(3, 4);
        }
    }

    @Test
    void what_does_not_fit_is_not_sent() {
        try (var server = HostileServer.playing(balance(1, 1));
                var parvi = ParviClient.connect(server.url())) {
            var vault = VaultHttpClient.of(parvi, "v1");
            var many = BOX.toBuilder().addOthers(Label.getDefaultInstance()).build();

            assertThatThrownBy(() -> vault.label(Box.getDefaultInstance()))
                    .hasMessage("place: must look like rows/*, not \"\"");
            assertThatThrownBy(() -> vault.tag(Box.getDefaultInstance()))
                    .hasMessage("label.text: must look like *, not \"\"");
            assertThatThrownBy(() -> vault.label(many)).hasMessage("others: a list of messages has no place in a URL");
            assertThatThrownBy(() -> VaultHttpClient.of(parvi, "").store(BOX)).hasMessage("id: must not be empty");
            assertThat(server.received()).isEmpty();
        }
    }

    private static HostileServer.Act jsonBalance() {
        return json("{\"balance\":\"7\"}");
    }

    private static HostileServer.Act json(String text) {
        return exchange -> {
            var body = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.getResponseHeaders().add("ETag", "\"1\"");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        };
    }
}
