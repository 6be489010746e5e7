package dev.parvi.samples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import dev.parvi.http.HttpEdge;
import dev.parvi.http.HttpSettings;
import dev.parvi.samples.bank.AccountEntity;
import dev.parvi.samples.bookings.RoomEntity;
import dev.parvi.samples.playback.PlaybackEntity;
import dev.parvi.samples.rides.DriverEntity;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** What a client developer reads of the samples: generated classes, comments of the {@code .proto} and the edge, all real. */
class OpenApiTest {
    private static final JsonNode DOCUMENT = document();

    @Test
    void a_command_is_told_in_the_words_of_its_proto() {
        var deposit = DOCUMENT.at("/paths/~1account~1{id}~1deposit/post");

        assertThat(deposit.path("operationId").asText()).isEqualTo("account_deposit");
        assertThat(deposit.path("summary").asText()).isEqualTo("Puts money in");
        assertThat(deposit.path("tags").toString()).isEqualTo("[\"account\"]");
        assertThat(DOCUMENT.at("/components/schemas/bank.v1.DepositRequest/properties/amount/description")
                        .asText())
                .startsWith("In the smallest unit of the currency");
        assertThat(deposit.path("responses").propertyStream().map(answer -> answer.getKey()))
                .containsExactly(
                        "200", "400", "403", "404", "406", "408", "409", "410", "412", "413", "414", "415", "422",
                        "429", "431", "500", "501", "503", "504");
        assertThat(DOCUMENT.at("/tags/0").toString())
                .isEqualTo("{\"name\":\"account\",\"description\":\"An account that never goes below zero.\"}");
    }

    @Test
    void what_can_be_deleted_says_so_and_nothing_else_does() {
        assertThat(DOCUMENT.at("/paths/~1playback~1{id}/delete/operationId").asText())
                .isEqualTo("playback_delete_entity");
        assertThat(DOCUMENT.at("/paths/~1account~1{id}").properties())
                .extracting(java.util.Map.Entry::getKey)
                .containsExactly("get");
    }

    @Test
    void a_query_by_get_never_ends_in_an_unknown_outcome() {
        var answers = DOCUMENT.at("/paths/~1account~1{id}/get/responses")
                .propertyStream()
                .map(answer -> answer.getKey());

        assertThat(answers)
                .containsExactly(
                        "200", "304", "400", "403", "404", "406", "409", "410", "412", "414", "415", "422", "429",
                        "431", "500", "501", "503");
    }

    @Test
    void the_fields_of_a_query_are_parameters_with_the_examples_of_their_comments() {
        var parameters = DOCUMENT.at("/paths/~1room~1{id}~1availability/get/parameters");
        var first = StreamSupport.stream(parameters.spliterator(), false)
                .filter(parameter -> parameter.path("name").asText().equals("firstNight"))
                .toList();

        assertThat(first).hasSize(1);
        assertThat(first.get(0).path("example").asText()).isEqualTo("2026-07-01");
        assertThat(DOCUMENT.at("/paths/~1room~1{id}~1hold/post/requestBody/content/application~1json/example")
                        .toString())
                .isEqualTo("{\"bookingId\":\"booking-id\",\"firstNight\":\"2026-07-01\",\"nights\":1}");
    }

    @Test
    void what_happened_is_told_in_the_words_of_the_proto() {
        assertThat(DOCUMENT.at("/components/schemas/bank.v1.Deposited-public/description")
                        .asText())
                .isEqualTo("Money was put in.");
        assertThat(DOCUMENT.at("/components/schemas/account.History.Event/properties/event/$ref")
                        .asText())
                .isEqualTo("#/components/schemas/bank.v1.AccountEvent-public");
    }

    @Test
    void every_method_of_every_type_is_there() {
        assertThat(DOCUMENT.path("paths").propertyStream().map(path -> path.getKey()))
                .hasSize(36)
                .contains(
                        "/driver",
                        "/driver/{id}",
                        "/driver/{id}/commands/{key}",
                        "/driver/{id}/move",
                        "/v1/viewers/{id}/titles/{title_id}",
                        "/room/{id}",
                        "/room/{id}/hold");
    }

    private static JsonNode document() {
        var settings = HttpSettings.from(ConfigFactory.load());
        var types = List.of(AccountEntity.TYPE, DriverEntity.TYPE, PlaybackEntity.TYPE, RoomEntity.TYPE);
        try {
            return new ObjectMapper().readTree(HttpEdge.openApi(List.copyOf(types), settings));
        } catch (JsonProcessingException malformed) {
            throw new AssertionError(malformed);
        }
    }
}
