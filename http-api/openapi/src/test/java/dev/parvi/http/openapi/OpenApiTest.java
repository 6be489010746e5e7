package dev.parvi.http.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.Empty;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.NullValue;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.parvi.http.openapi.proto.Everything;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenApiTest {
    private static final String HERE = "https://example.org/openapi";
    private static final String SCHEMA = "/components/schemas/" + Shop.PACKAGE;
    private static final String EVERYTHING = SCHEMA + "Everything";
    private static final JsonNode DOCUMENT = Shop.document();
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(Map.of(HERE, Shop.text())));

    @Test
    void a_reader_of_openapi_3_1_finds_nothing_to_complain_about() {
        var read = new OpenAPIV3Parser().readContents(Shop.text(), null, new ParseOptions());

        assertThat(read.getMessages()).isEmpty();
        assertThat(read.getOpenAPI().getSpecVersion()).hasToString("V31");
        assertThat(read.getOpenAPI().getPaths()).hasSize(8);
    }

    @Test
    void the_same_reader_complains_about_a_document_that_is_wrong() {
        var wrong =
                Shop.text().replace("\"in\":\"query\"", "\"in\":\"nowhere\"").replace("\"summary\"", "\"sumary\"");

        assertThat(new OpenAPIV3Parser()
                        .readContents(wrong, null, new ParseOptions())
                        .getMessages())
                .hasSizeGreaterThan(2);
    }

    @Test
    void every_schema_is_one() {
        var dialect = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
        var schemas = DOCUMENT.findParents("type");

        assertThat(schemas).hasSizeGreaterThan(50);
        DOCUMENT.at("/components/schemas")
                .forEach(schema -> assertThat(dialect.validate(schema)).isEmpty());
    }

    @Test
    void every_reference_leads_somewhere() {
        var references = DOCUMENT.findValuesAsText("$ref");

        assertThat(references).hasSizeGreaterThan(20);
        assertThat(references)
                .allSatisfy(reference -> assertThat(
                                DOCUMENT.at(reference.substring(1)).isMissingNode())
                        .as(reference)
                        .isFalse());
    }

    @Test
    void every_part_is_referred_to() {
        var references = DOCUMENT.findValuesAsText("$ref");

        for (var section : DOCUMENT.at("/components").properties())
            section.getValue()
                    .fieldNames()
                    .forEachRemaining(
                            name -> assertThat(references).contains("#/components/" + section.getKey() + "/" + name));
    }

    @Test
    void every_example_fits_its_schema() {
        var count = 0;
        for (var media : DOCUMENT.findParents("example")) {
            var reference = media.at("/schema/$ref").asText();
            if (reference.isEmpty()) continue;
            assertThat(errors(reference.substring(1), media.path("example").toString()))
                    .as(media.toString())
                    .isEmpty();
            count++;
        }
        assertThat(count).isGreaterThan(10);
    }

    @Test
    void an_example_is_canonical_json_and_holds_nearly_every_field() throws InvalidProtocolBufferException {
        var example = DOCUMENT.at("/paths/~1shop~1{id}~1search/get/responses/200/content/application~1json/example");
        var message = Everything.newBuilder();
        JsonFormat.parser().merge(example.toString(), message);

        assertThat(message.getAllFields()).hasSizeGreaterThan(28);
        assertThat(errors(EVERYTHING, canonical(message.build()))).isEmpty();
    }

    @Test
    void a_default_message_and_one_of_extremes_are_canonical_json_too() throws InvalidProtocolBufferException {
        var extremes = Everything.newBuilder()
                .setAnInt64(Long.MIN_VALUE)
                .setAUint64(-1)
                .setAUint32(-1)
                .setAFloat(Float.NaN)
                .setADouble(Double.NEGATIVE_INFINITY)
                .setNeither(NullValue.NULL_VALUE)
                .putByTruth(false, 3)
                .putByUnsigned(-1, Double.POSITIVE_INFINITY)
                .putByNumber(-7, "x")
                .setLasting(Duration.newBuilder().setSeconds(-3).setNanos(-1))
                .setAnyJson(Value.newBuilder().setBoolValue(true))
                .setPacked(Any.pack(Empty.getDefaultInstance()));

        assertThat(errors(EVERYTHING, canonical(Everything.getDefaultInstance())))
                .isEmpty();
        assertThat(errors(EVERYTHING, canonical(extremes.build()))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            anInt32        | "1"
            anInt32        | 1.5
            aUint32        | -1
            anInt64        | 1
            anInt64        | "x"
            aUint64        | "-1"
            aDouble        | "1.5"
            aBool          | "true"
            aString        | 1
            colour         | "PINK"
            nested         | {"anInt32": "1"}
            byNumber       | {"x": "y"}
            byTruth        | {"yes": "1"}
            byUnsigned     | {"-1": 1}
            byName         | {"a": {"price": 1}}
            lasting        | "1"
            lasting        | "1h"
            at             | 1
            anyList        | {}
            tree           | []
            packed         | {}
            wrappedNumber  | 1
            wrappedBytes   | 1
            neither        | 0
            """)
    void what_is_no_canonical_json_does_not_fit(String field, String value) {
        assertThat(errors(EVERYTHING + "/properties/" + field, value)).isNotEmpty();
    }

    @Test
    void only_one_field_of_a_oneof_fits() throws InvalidProtocolBufferException {
        assertThat(errors(EVERYTHING, with("\"left\": \"x\""))).isEmpty();
        assertThat(errors(EVERYTHING, with("\"left\": \"x\", \"neither\": null")))
                .isNotEmpty();
        assertThat(errors(EVERYTHING, with("\"right\": {}, \"neither\": null"))).isNotEmpty();
        assertThat(DOCUMENT.at(EVERYTHING + "/properties/left/description").asText())
                .isEqualTo("Only one of left, right, neither can be set.");
    }

    @Test
    void replies_hold_every_field_that_cannot_be_absent_and_requests_need_not() {
        assertThat(DOCUMENT.at(SCHEMA + "Receipt/required").toString()).isEqualTo("[\"total\",\"items\"]");
        assertThat(DOCUMENT.at(SCHEMA + "Order").has("required")).isFalse();
        assertThat(DOCUMENT.at(SCHEMA + "Item").has("required")).isFalse();
    }

    @Test
    void paths_and_operation_ids_come_from_types_and_methods() {
        var ids = DOCUMENT.path("paths")
                .propertyStream()
                .flatMap(path -> path.getValue()
                        .propertyStream()
                        .map(call -> call.getKey() + " " + path.getKey() + " "
                                + call.getValue().path("operationId").asText()));

        assertThat(ids)
                .containsExactly(
                        "post /shop/{id}/place-order shop_place-order",
                        "post /shop/{id}/close shop_close",
                        "get /shop/{id}/search shop_search",
                        "post /shop/{id}/search shop_search_post",
                        "get /shop/{id}/browse shop_browse",
                        "post /shop/{id}/browse shop_browse_post",
                        "get /shop/{id}/events shop_events",
                        "get /shop/events shop_all_events",
                        "get /shop/{id}/commands/{key} shop_commands_key",
                        "get /shop shop_list_ids");
    }

    @Test
    void each_way_to_call_has_its_headers() {
        assertThat(parameters("place-order", "post"))
                .containsExactly("id", "Idempotency-Key", "If-Match", "Request-Timeout", "traceparent");
        assertThat(parameters("browse", "get"))
                .containsExactly("id", "If-Match", "If-None-Match", "Request-Timeout", "traceparent", "page");
        assertThat(parameters("browse", "post")).containsExactly("id", "If-Match", "Request-Timeout", "traceparent");
        assertThat(parameters("events", "get"))
                .containsExactly("id", "after", "limit", "Last-Event-ID", "Request-Timeout");
        assertThat(parameters("commands/{key}", "get")).containsExactly("id", "key", "Request-Timeout");
    }

    @Test
    void a_query_has_a_parameter_for_each_field_that_fits_into_a_url() {
        assertThat(parameters("search", "get"))
                .contains(
                        "text",
                        "sizes",
                        "range.from",
                        "range.to",
                        "folder.name",
                        "since",
                        "lengths",
                        "atMost",
                        "colour")
                .contains("strange")
                .doesNotContain("labels", "items", "tree", "range", "folder.inner.name");
        assertThat(operation("search", "get").path("description").asText()).contains("POST the query");
        assertThat(operation("browse", "get").has("description")).isFalse();
    }

    @Test
    void each_way_to_call_has_its_answers() {
        assertThat(names(operation("place-order", "post").path("responses")))
                .containsExactly("200", "400", "413", "422", "503", "504");
        assertThat(names(operation("browse", "get").path("responses")))
                .containsExactly("200", "304", "400", "422", "503");
        assertThat(names(operation("browse", "post").path("responses")))
                .containsExactly("200", "400", "413", "422", "503");
        assertThat(names(operation("browse", "get").at("/responses/200/content")))
                .containsExactly("application/json", "application/protobuf");
        assertThat(names(DOCUMENT.at("/components/responses/Problem503/headers")))
                .containsExactly("Cache-Control", "Idempotency-Key", "Retry-After");
        assertThat(DOCUMENT.at("/components/responses/Problem422/description").asText())
                .isEqualTo("- `refused`: It is refused.\n- `reused`: It is reused.");
        assertThat(DOCUMENT.at("/components/schemas/parvi.http.Problem/properties/code/enum"))
                .hasSize(7);
    }

    @Test
    void what_caches_may_do_stands_with_each_answer() {
        assertThat(caching("browse", "get", "200")).isEqualTo("public, max-age=5, stale-while-revalidate=30");
        assertThat(caching("browse", "get", "304")).isEqualTo("public, max-age=5, stale-while-revalidate=30");
        assertThat(caching("browse", "post", "200")).isEqualTo("no-store");
        assertThat(caching("search", "get", "200")).isEqualTo("no-cache");
        assertThat(caching("place-order", "post", "200")).isEqualTo("no-store");
        assertThat(caching("place-order", "post", "400")).isEqualTo("no-store");
        assertThat(caching("events", "get", "200")).isEqualTo("no-cache");
    }

    private static String caching(String path, String method, String status) {
        var response = resolved(operation(path, method).path("responses").path(status));
        return resolved(response.path("headers").path("Cache-Control"))
                .at("/schema/const")
                .asText();
    }

    private static JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? DOCUMENT.at(node.path("$ref").asText().substring(1)) : node;
    }

    @Test
    void the_reply_of_an_outcome_is_one_of_those_that_commands_have() {
        var start =
                "{\"outcome\":\"completed\",\"revision\":\"3\",\"method\":\"Close\",\"time\":\"2026-01-02T03:04:05Z\"";
        var outcome = "/components/schemas/shop.Outcome";

        assertThat(errors(outcome, start + "}")).isEmpty();
        assertThat(DOCUMENT.at(outcome + "/properties/reply/anyOf")).isNotEmpty();
        assertThat(errors(outcome, start + ",\"reply\":7}")).isNotEmpty();
        assertThat(errors(outcome, start.replace("completed", "rejected") + "}"))
                .isNotEmpty();
        assertThat(errors("/components/schemas/parvi.http.Entities", "{\"entities\":[{\"id\":\"a\"}]}"))
                .isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"closed": {}}                                                                  | fits
            {"ordered": {"withCash": true}}                                                 | fits
            {"ordered": {"by": {"name": "a", "friend": {"name": "b"}}}}                     | fits
            {"ordered": {"terms": {"labels": [], "count": 1, "price": "0", "email": "", "customer": "", "share": 1, "marks": {}}}} | fits
            {"ordered": {"terms": {"labels": []}}}                                          | count
            {"ordered": {"by": {}}}                                                         | name
            {"ordered": {"by": {"name": 1}}}                                                | name
            {"ordered": {"by": {"name": "a"}, "withCash": true}}                            | withCash
            {"ordered": {}, "closed": {}}                                                   | closed
            {"ordered": 1}                                                                  | ordered
            {}                                                                              | at least 1
            """)
    void an_event_is_one_of_its_cases_without_rules(String event, String fault) {
        var page = "{\"next\": \"1\", \"events\": [{\"revision\": \"1\", \"time\": \"2026-01-02T03:04:05Z\", "
                + "\"method\": \"PlaceOrder\", \"event\": " + event + "}]}";
        var errors = errors("/components/schemas/shop.History", page);

        if (fault.equals("fits")) assertThat(errors).isEmpty();
        else assertThat(errors.toString()).contains(fault);
    }

    @Test
    void what_is_private_has_no_name_in_the_document() {
        assertThat(names(DOCUMENT.at(SCHEMA + "ShopEvent-public/properties"))).containsExactly("ordered", "closed");
        assertThat(names(DOCUMENT.at(SCHEMA + "Ordered-public/properties"))).containsExactly("terms", "by", "withCash");
        assertThat(DOCUMENT.at(SCHEMA + "Ordered-public/description").asText()).isEqualTo("Somebody has ordered.");
        assertThat(DOCUMENT.at(SCHEMA + "Ordered-public/properties/by/description")
                        .asText())
                .isEqualTo("Only one of by, withCash can be set.");
        assertThat(Shop.text()).doesNotContainIgnoringCase("audit", "voucher", "phone", "\"card\"");
    }

    @Test
    void an_event_is_told_with_its_method_or_hidden() {
        var start = "{\"revision\": \"1\", \"time\": \"2026-01-02T03:04:05Z\"";
        var event = "/components/schemas/shop.History.Event";

        assertThat(errors(event, start + ", \"hidden\": true}")).isEmpty();
        assertThat(errors(event, start + ", \"method\": \"Close\", \"event\": {\"closed\": {}}}"))
                .isEmpty();
        assertThat(errors(event, start + ", \"method\": \"Close\"}")).isNotEmpty();
        assertThat(errors(event, start + ", \"event\": {\"closed\": {}}}")).isNotEmpty();
        assertThat(errors(event, start + ", \"hidden\": true, \"method\": \"Close\", \"event\": {\"closed\": {}}}"))
                .isNotEmpty();
    }

    @Test
    void comments_of_the_proto_are_summaries_and_descriptions() {
        assertThat(DOCUMENT.at("/tags/0/description").asText()).isEqualTo("A shop on the corner.");
        assertThat(operation("place-order", "post").path("summary").asText()).isEqualTo("Takes an order");
        assertThat(operation("place-order", "post").path("description").asText())
                .isEqualTo("Takes an order. It is paid\nwhen it comes.");
        assertThat(operation("close", "post").path("summary").asText()).isEqualTo("Close");
        assertThat(operation("browse", "get").at("/responses/200/description").asText())
                .isEqualTo("What was bought");
        assertThat(DOCUMENT.at(SCHEMA + "Colour/description").asText())
                .isEqualTo("How it looks.\n- `RED`: Like a rose.\n- `GREY`: Deprecated.");
        assertThat(operation("place-order", "post")
                        .at("/requestBody/content/application~1json/example/items/0/name")
                        .asText())
                .isEqualTo("soap");
    }

    @Test
    void what_is_deprecated_is_marked() {
        assertThat(operation("close", "post").path("deprecated").asBoolean()).isTrue();
        assertThat(operation("browse", "get").has("deprecated")).isFalse();
        assertThat(DOCUMENT.at(SCHEMA + "Receipt/deprecated").asBoolean()).isTrue();
        assertThat(DOCUMENT.at(SCHEMA + "Order/properties/note/deprecated").asBoolean())
                .isTrue();
    }

    @Test
    void the_bounds_are_those_of_the_edge() {
        assertThat(DOCUMENT.at("/components/parameters/id/schema/maxLength").asInt())
                .isEqualTo(100);
        assertThat(errors("/components/parameters/id/schema", "\"café 🐝@home:1\""))
                .isEmpty();
        assertThat(errors("/components/parameters/id/schema", "\"a/b\"")).isNotEmpty();
        assertThat(errors("/components/parameters/id/schema", "\"a\\u0007\"")).isNotEmpty();
        assertThat(errors("/components/parameters/id/schema", "\"\"")).isNotEmpty();
        assertThat(errors("/components/parameters/If-Match/schema", "\"\\\"12\\\"\""))
                .isEmpty();
        assertThat(errors("/components/parameters/If-Match/schema", "\"12\"")).isNotEmpty();
        assertThat(errors("/components/parameters/Request-Timeout/schema", "60"))
                .isEmpty();
        assertThat(errors("/components/parameters/Request-Timeout/schema", "60.5"))
                .isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"labels": ["ab"], "count": 2, "email": "a@b.c", "customer": "twelve-chars"}       | fits
            {"labels": ["ab"], "count": 1, "email": "a@b.c", "customer": "twelve-chars"}       | count
            {"labels": ["ab"], "count": 10, "email": "a@b.c", "customer": "twelve-chars"}      | count
            {"labels": [], "email": "a@b.c", "customer": "twelve-chars"}                       | labels
            {"labels": ["ab", "ab"], "email": "a@b.c", "customer": "twelve-chars"}             | labels
            {"labels": ["a"], "email": "a@b.c", "customer": "twelve-chars"}                    | labels
            {"labels": ["ab"], "customer": "twelve-chars"}                                     | email
            {"labels": ["ab"], "email": "a@b.c"}                                               | customer
            {"labels": ["ab"], "email": "a@b.c", "customer": "short"}                          | customer
            {"labels": ["ab"], "email": "a@b.c", "customer": "twelve-chars", "share": 0.6}     | share
            {"labels": ["ab"], "email": "a@b.c", "customer": "twelve-chars", "marks": {"a": "so-so"}} | marks
            """)
    void a_request_that_breaks_a_rule_does_not_fit(String terms, String fault) {
        var errors = errors(SCHEMA + "Terms", terms);
        if (fault.equals("fits")) assertThat(errors).isEmpty();
        else assertThat(errors.toString()).contains(fault);
    }

    @Test
    void rules_without_a_keyword_are_said_in_words() {
        assertThat(DOCUMENT.at(SCHEMA + "Terms/properties/price/description").asText())
                .isEqualTo("More than 5.");
        assertThat(DOCUMENT.at(SCHEMA + "Terms/description").asText())
                .isEqualTo("What costs nothing cannot be ordered.");
    }

    @Test
    void the_version_changes_with_the_content_and_only_then() {
        var version = DOCUMENT.at("/info/version").asText();
        var others = OpenApi.document(List.of(), Shop.CONTRACT);

        assertThat(version)
                .hasSize(12)
                .isEqualTo(Shop.document().at("/info/version").asText());
        assertThat(new String(others, StandardCharsets.UTF_8)).doesNotContain(version);
    }

    /** The default message, with more fields. */
    private static String with(String fields) throws InvalidProtocolBufferException {
        return canonical(Everything.getDefaultInstance()).replaceFirst("\\{", "{" + fields + ",");
    }

    private static JsonNode operation(String method, String verb) {
        return DOCUMENT.path("paths").path("/shop/{id}/" + method).path(verb);
    }

    private static List<String> parameters(String method, String verb) {
        return StreamSupport.stream(operation(method, verb).path("parameters").spliterator(), false)
                .map(parameter -> parameter.has("$ref")
                        ? DOCUMENT.at(parameter.path("$ref").asText().substring(1))
                        : parameter)
                .map(parameter -> parameter.path("name").asText())
                .toList();
    }

    private static List<String> names(JsonNode object) {
        return object.propertyStream().map(Map.Entry::getKey).toList();
    }

    private static String canonical(Everything message) throws InvalidProtocolBufferException {
        return JsonFormat.printer()
                .usingTypeRegistry(
                        TypeRegistry.newBuilder().add(Empty.getDescriptor()).build())
                .alwaysPrintFieldsWithNoPresence()
                .print(message);
    }

    private static List<Error> errors(String pointer, String json) {
        return SCHEMAS.getSchema(SchemaLocation.of(HERE + "#" + pointer)).validate(json, InputFormat.JSON);
    }
}
