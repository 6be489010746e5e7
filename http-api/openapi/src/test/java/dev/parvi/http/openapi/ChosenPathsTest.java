package dev.parvi.http.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parvi.entity.EntityType;
import dev.parvi.http.openapi.proto.Sale;
import dev.parvi.http.openapi.proto.ShopEvent;
import dev.parvi.http.openapi.proto.ShopState;
import dev.parvi.http.openapi.proto.Sold;
import dev.parvi.http.openapi.proto.StallProto;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rpcs that have paths of their author's. */
class ChosenPathsTest {
    private static final EntityType<ShopState, ShopEvent> STALL = EntityType.of(
            "stall",
            StallProto.getDescriptor().findServiceByName("Stall"),
            ShopState.getDefaultInstance(),
            ShopEvent.getDefaultInstance(),
            List.of(
                    new EntityType.Method(
                            0, "Sell", "sell", false, Sale.getDefaultInstance(), Sold.getDefaultInstance()),
                    new EntityType.Method(
                            1, "Look", "look", true, Sale.getDefaultInstance(), Sold.getDefaultInstance())));
    private static final String TEXT =
            new String(OpenApi.document(List.of(STALL, Shop.TYPE), Shop.CONTRACT), StandardCharsets.UTF_8);
    private static final JsonNode PATHS = read().path("paths");

    private static JsonNode read() {
        try {
            return new ObjectMapper().readTree(TEXT);
        } catch (IOException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }

    @Test
    void a_reader_of_openapi_3_1_finds_nothing_to_complain_about() {
        var read = new OpenAPIV3Parser().readContents(TEXT, null, new ParseOptions());

        assertThat(read.getMessages()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
                    /v1/stalls/{id}/sales/{label}                             | post   | stall_sell   | id label             | -
                    /v1/stalls/{id}/sales/{label}/rows/{good.place_1}/{good.place_2} | patch | stall_sell_2 | id label good.place_1 good.place_2 | good.name
                    /v1/stalls/{id}/sales/{label}/good                        | put    | stall_sell_3 | id label             | prices
                    /v1/{segment_2}/sales/{id}/{good.name}:all                | delete | stall_sell_4 | segment_2 id good.name | label good.place prices
                    /v1/stalls/{id}/sales/{label}                             | get    | stall_look   | id label             | label good.place prices
                    """)
    void each_binding_is_an_operation_with_what_stands_in_its_path_and_query(
            String path, String method, String operation, String inPath, String inQuery) {
        var described = PATHS.path(path).path(method);

        assertThat(described.path("operationId").asText()).isEqualTo(operation);
        assertThat(names(described, "path")).isEqualTo(inPath);
        assertThat(names(described, "query")).isEqualTo(inQuery == null ? "" : inQuery);
    }

    private static String names(JsonNode operation, String place) {
        return String.join(
                " ",
                parameters(operation)
                        .filter(parameter -> parameter.path("in").asText().equals(place))
                        .map(parameter -> parameter.path("name").asText())
                        .toList());
    }

    private static Stream<JsonNode> parameters(JsonNode operation) {
        return StreamSupport.stream(operation.path("parameters").spliterator(), false)
                .map(each ->
                        each.has("$ref") ? read().at(each.path("$ref").asText().substring(1)) : each);
    }

    @Test
    void there_is_no_default_path_beside_them() {
        assertThat(PATHS.has("/stall/{id}/sell")).isFalse();
        assertThat(PATHS.has("/stall/{id}/look")).isFalse();
        assertThat(PATHS.has("/stall/{id}")).isFalse();
        assertThat(PATHS.has("/shop/{id}/search")).isTrue();
        assertThat(PATHS.has("/stall/{id}/events")).isTrue();
    }

    @Test
    void a_body_is_what_the_path_does_not_say() {
        var whole = PATHS.path("/v1/stalls/{id}/sales/{label}").path("post").path("requestBody");
        var schema = read().at(whole.at("/content/application~1json/schema/$ref")
                .asText()
                .substring(1));
        var list = PATHS.path("/v1/stalls/{id}/sales/{label}/rows/{good.place_1}/{good.place_2}")
                .path("patch");

        assertThat(schema.path("properties").propertyStream().map(java.util.Map.Entry::getKey))
                .containsExactly("good", "prices");
        assertThat(whole.at("/content/application~1json/example").has("label")).isFalse();
        assertThat(list.at("/requestBody/content/application~1json/schema/type").asText())
                .isEqualTo("array");
        assertThat(list.at("/requestBody/content").has("application/protobuf")).isFalse();
        assertThat(PATHS.path("/v1/{segment_2}/sales/{id}/{good.name}:all")
                        .path("delete")
                        .has("requestBody"))
                .isFalse();
    }

    @Test
    void an_answer_may_be_one_field_which_may_be_absent() {
        var change = PATHS.path("/v1/stalls/{id}/sales/{label}/rows/{good.place_1}/{good.place_2}")
                .at("/patch/responses/200/content");
        var good = PATHS.path("/v1/stalls/{id}/sales/{label}/good").at("/put/responses/200/content");

        assertThat(change.at("/application~1json/schema/$ref").asText())
                .isEqualTo("#/components/schemas/parvi.openapi.test.Sold.change-alone");
        assertThat(read().at("/components/schemas/parvi.openapi.test.Sold.change-alone/anyOf/1/type")
                        .asText())
                .isEqualTo("null");
        assertThat(change.has("application/protobuf")).isFalse();
        assertThat(good.has("application/protobuf")).isTrue();
    }
}
