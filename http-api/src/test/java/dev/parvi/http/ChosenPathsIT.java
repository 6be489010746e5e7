package dev.parvi.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Int32Value;
import com.typesafe.config.ConfigFactory;
import dev.parvi.http.proto.Balance;
import dev.parvi.http.proto.DepositRequest;
import dev.parvi.http.proto.Everything;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rpcs at the paths that {@code google.api.http} gives them. */
class ChosenPathsIT {
    private static final TestEdge EDGE = new TestEdge("", Tills.TYPES);

    @AfterAll
    static void stop() {
        EDGE.close();
    }

    @BeforeEach
    void forget() {
        EDGE.entities.forgetAttempts();
    }

    private static HttpResponse<String> send(String method, String path, String body, String... headers) {
        var content = body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body);
        return send(method, path, content, headers);
    }

    private static HttpResponse<String> send(String method, String path, BodyPublisher body, String... headers) {
        var request = HttpRequest.newBuilder(EDGE.uri(path)).method(method, body);
        return EDGE.send(headers.length == 0 ? request : request.headers(headers));
    }

    /** What the entity was asked. */
    private static Object asked() {
        var attempts = EDGE.entities.attempts();
        return attempts.isEmpty()
                ? "nothing"
                : attempts.get(attempts.size() - 1).request();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    POST   | /v1/tills/p1/deposits                     | {"amount":2,"note":"n"} | {"balance":"2"}
                    POST   | /v1/tills/p2/deposits                     | ``                      | {"balance":"0"}
                    PUT    | /v1/tills/p3/deposits/3                   | [{"price":1}]           | "3"
                    PUT    | /v1/tills/p4/deposits/4?note=x            | []                      | "4"
                    PATCH  | /v1/tills/p5/notes/a%2Fb                  | {"amount":5}            | {"balance":"5"}
                    DELETE | /v1/tills/p6/notes/n?amount=6             | ``                      | {"balance":"6"}
                    GET    | /v1/tills/p7                              | ``                      | {"balance":"0"}
                    GET    | /till/p8                                  | ``                      | {"balance":"0"}
                    GET    | /v1/tills/p%C3%A9%20!                     | ``                      | {"balance":"0"}
                    GET    | /v1/tills/p:keep                          | ``                      | {"balance":"0"}
                    PUT    | /v1/tills/a/things/shelves/1/boxes/2      | {"anInt32":7}           | …"anInt32":7
                    PATCH  | /v1/tills/a/words/x                       | ["a","b"]               | ["a","b"]
                    POST   | /v1/tills/a/names                         | {"k":{"price":1}}       | {"k":{"name":"","price":1}}
                    POST   | /v1/tills/a/maybe                         | 5                       | 5
                    POST   | /v1/tills/a/maybe                         | 0                       | 0
                    POST   | /v1/tills/a/maybe                         | ``                      | null
                    POST   | /v1/tills/a/maybe                         | null                    | null
                    POST   | /v1/tills/a/at                            | "2026-01-02T03:04:05Z"  | "2026-01-02T03:04:05Z"
                    POST   | /v1/tills/a/at                            | ``                      | null
                    POST   | /v1/tills/a/nothing?words=a&words=b       | ``                      | …"words":["a","b"]
                    POST   | /v1/tills/a/shown                         | {"anInt32":8}           | …"anInt32":8
                    GET    | /v1/tills/a/shown/x%2Fy/z%20              | ``                      | …"aString":"x%2Fy/z "
                    GET    | /v1/tills/a/shown?nested.anInt32=9        | ``                      | …"anInt32":9
                    GET    | /v1/tills/a/shown?nested.words=a&nested.words=b&an_int32=1 | ``     | …"words":["a","b"]
                    GET    | /v1/tills/a/int/-12                       | ``                      | …"anInt32":-12
                    GET    | /v1/tills/a/uint/18446744073709551615     | ``                      | …"aUint64":"18446744073709551615"
                    GET    | /v1/tills/a/double/1.5e3                  | ``                      | …"aDouble":1500.0
                    GET    | /v1/tills/a/bool/true                     | ``                      | …"aBool":true
                    GET    | /v1/tills/a/bytes/AAE%3D                  | ``                      | …"someBytes":"AAE="
                    GET    | /v1/tills/a/colour/BLUE                   | ``                      | …"colour":"BLUE"
                    GET    | /v1/tills/a/deep/5                        | ``                      | …"anInt32":5
                    GET    | /v1/tills/a/left/x?anInt32=3              | ``                      | …"left":"x"
                    """)
    void path_body_and_query_fill_the_request_and_a_field_may_be_the_answer(
            String method, String path, String body, String answer) {
        var response = send(method, path, body);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(EDGE.contract.describes(method, path)).isTrue();
        if (answer.startsWith("…")) assertThat(response.body()).contains(answer.substring(1));
        else assertThat(response.body()).isEqualTo(answer);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    POST   | /v1/tills/a/deposits?note=x       | {}               | 400 | a POST has no query parameters here
                    POST   | /v1/tills/a/deposits              | {"amount":"x"}   | 400 | amount: expected a number
                    POST   | /v1/tills/a/deposits              | []               | 400 | expected an object, not a list
                    PUT    | /v1/tills/a/deposits/x            | []               | 400 | amount: expected a number
                    PUT    | /v1/tills/a/deposits/1.5          | []               | 400 | amount: 1.5 is not a whole number
                    PUT    | /v1/tills/a/deposits/1            | {}               | 400 | items: expected a list, not an object
                    PUT    | /v1/tills/a/deposits/1            | [{},{"price":""}] | 400 | items[1].price: expected a number
                    PUT    | /v1/tills/a/deposits/1            | [1               | 400 | items
                    PUT    | /v1/tills/a/deposits/1?amount=2   | []               | 400 | amount: stands in the path or the body
                    PUT    | /v1/tills/a/deposits/1?items=2    | []               | 400 | items: stands in the path or the body
                    PUT    | /v1/tills/a/deposits/1?nota=2     | []               | 400 | nota: unknown parameter
                    PUT    | /v1/tills/a/deposits/1?note=a&note=b | []            | 400 | note: given more than once
                    PATCH  | /v1/tills/a/notes/x               | {"note":"y"}     | 400 | note: is x in the path, and not so in the body
                    DELETE | /v1/tills/a/notes/x               | {}               | 400 | a DELETE has no body
                    DELETE | /v1/tills/a/notes/x?note=x        | ``               | 400 | note: stands in the path or the body
                    PATCH  | /v1/tills/a/words/x?nested.aString=y | []            | 400 | nested.aString: stands in the path or the body
                    PATCH  | /v1/tills/a/words/x?nested.a_string=y | []           | 400 | nested.a_string: stands in the path or the body
                    PUT    | /v1/tills/a/things/shelves/1/boxes/2?nested.anInt32=1 | {} | 400 | nested.anInt32: stands in the path
                    POST   | /v1/tills/a/nothing               | {}               | 400 | this path takes no body
                    POST   | /v1/tills/a/nothing?byName=1      | ``               | 400 | byName: a map cannot be a query parameter
                    GET    | /v1/tills/a/shown/x?aString=y     | ``               | 400 | aString: stands in the path or the body
                    GET    | /v1/tills/a/shown/x?right.price=1&left=a | ``        | 400 | left: only one of choice
                    GET    | /v1/tills/a/left/x?right.price=1  | ``               | 400 | left: only one of choice
                    GET    | /v1/tills/a/int/2147483648        | ``               | 400 | an_int32: 2147483648 is out of range
                    GET    | /v1/tills/a/int/0x1               | ``               | 400 | an_int32: expected a number
                    GET    | /v1/tills/a/int/%20               | ``               | 400 | an_int32: expected a number
                    GET    | /v1/tills/a/bool/yes              | ``               | 400 | a_bool: expected true or false
                    GET    | /v1/tills/a/bytes/*               | ``               | 400 | some_bytes: expected a base64
                    GET    | /v1/tills/a/colour/GREEN          | ``               | 400 | colour: GREEN is not one of
                    GET    | /v1/tills/a/limited/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx | `` | 400 | otherName: must be at most 50 characters
                    GET    | /v1/tills/a%2Fb                   | ``               | 400 | id: has a slash or a backslash
                    GET    | /v1/tills/a%5Cb                   | ``               | 400 | id: has a slash or a backslash
                    GET    | /v1/tills/a%00                    | ``               | 400 | id: has a control character
                    POST   | /v1/tills/..:keep                 | {}               | 400 | id: is a dot segment
                    POST   | /v1/tills/%2E:keep                | {}               | 400 | id: is a dot segment
                    GET    | /v1/tills//int/1                  | ``               | 400 | an empty segment
                    GET    | /v1/tills/a/shown/x//y            | ``               | 400 | an empty segment
                    GET    | /v1/tills/a/                      | ``               | 400 | an empty segment
                    GET    | /v1/tills/a/deposits              | ``               | 405 | GET does not fit this path, which takes POST, OPTIONS
                    POST   | /v1/tills/a                       | {}               | 405 | which takes GET, HEAD, OPTIONS
                    POST   | /till/a                           | {}               | 405 | which takes GET, HEAD, DELETE, OPTIONS
                    GET    | /v1/tills/a:keep                  | ``               | 200 | balance
                    PUT    | /v1/tills/a:keep                  | {}               | 405 | which takes GET, HEAD, POST, OPTIONS
                    GET    | /v1/tills                         | ``               | 404 | there is no type v1
                    GET    | /v1/tills/a/nowhere/b             | ``               | 404 | too deep
                    POST   | /till/a/deposit                   | {}               | 404 | Deposit of till is found at POST /v1/tills/{till}/deposits
                    GET    | /till/a/get                       | ``               | 404 | Get of till is found at GET /v1/tills/{till}
                    """)
    void what_does_not_fit_is_refused_by_its_name(String method, String path, String body, int status, String cause) {
        var response = send(method, path, body);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.body()).contains(cause);
        if (status != 200) assertThat(asked()).isEqualTo("nothing");
    }

    @Test
    void escapes_that_are_no_text_are_refused() {
        for (var escape : List.of("%FF", "%C3", "%ED%A0%80", "%C0%AF")) {
            var answer =
                    EDGE.raw("GET /v1/tills/a/left/" + escape + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
            assertThat(answer)
                    .startsWith("HTTP/1.1 400")
                    .contains("invalid-path")
                    .contains("left: has an escape");
        }
        for (var broken : List.of("%", "%4", "%zz"))
            assertThat(EDGE.raw("GET /v1/tills/a/left/" + broken + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 400");
        assertThat(asked()).isEqualTo("nothing");
    }

    @Test
    void dot_segments_are_refused_however_they_are_written() {
        for (var dots : List.of("..", "%2e%2E", ".", "%2e"))
            assertThat(EDGE.raw(
                            "GET /v1/tills/a/shown/x/" + dots + "/y HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 400")
                    .contains("dot segment");
    }

    @Test
    void a_request_as_a_proxy_gets_it_is_found_too() {
        assertThat(EDGE.raw("GET http://h/v1/tills/a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void the_id_fills_the_field_of_its_name() {
        assertThat(send("POST", "/v1/jars/j%C3%A9/deposits", "{\"amount\":1}").statusCode())
                .isEqualTo(200);

        assertThat(asked())
                .isEqualTo(
                        DepositRequest.newBuilder().setAmount(1).setNote("jé").build());
        assertThat(send("POST", "/v1/jars/j/deposits", "{\"note\":\"j\"}").statusCode())
                .isEqualTo(200);
        assertThat(send("POST", "/v1/jars/j/deposits", "{\"note\":\"k\"}").body())
                .contains("note: is j in the path, and not so in the body");
    }

    @Test
    void a_command_keeps_all_that_commands_have() {
        var first = send("PUT", "/v1/tills/keyed/deposits/5", "[]", "Idempotency-Key", "k1");
        var again = send("PUT", "/v1/tills/keyed/deposits/5", "[]", "Idempotency-Key", "k1");
        var other = send("PUT", "/v1/tills/keyed/deposits/6", "[]", "Idempotency-Key", "k1");
        var late = send("PUT", "/v1/tills/keyed/deposits/6", "[]", "If-Match", "\"0\"");

        assertThat(first.headers().firstValue("ETag")).contains("\"1\"");
        assertThat(again.body()).isEqualTo("\"5\"");
        assertThat(again.headers().firstValue("Idempotency-Replayed")).contains("true");
        assertThat(other.statusCode()).isEqualTo(422);
        assertThat(other.body()).contains("key-reused");
        assertThat(late.statusCode()).isEqualTo(412);
        assertThat(EDGE.get("/till/keyed/commands/k1").body()).contains("\"reply\":{\"balance\":\"5\"}");
    }

    @Test
    void a_query_keeps_all_that_queries_have() {
        send("POST", "/v1/tills/read/deposits", "{\"amount\":1}");
        var whole = EDGE.get("/v1/tills/read/int/1");
        var same = EDGE.get("/v1/tills/read/int/1", "If-None-Match", "\"1\"");
        var head = send("HEAD", "/v1/tills/read/int/1", "");

        assertThat(whole.headers().firstValue("Cache-Control")).contains("public, max-age=5");
        assertThat(whole.headers().firstValue("Idempotency-Key")).isEmpty();
        assertThat(same.statusCode()).isEqualTo(304);
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(send("POST", "/v1/tills/read/shown", "{}").headers().firstValue("Cache-Control"))
                .contains("no-store");
    }

    @Test
    void what_has_no_annotation_stays_where_it_was() {
        assertThat(EDGE.post("/till/a/refuse", "{\"code\":\"NOT_FOUND\"}").statusCode())
                .isEqualTo(404);
        assertThat(EDGE.get("/till/a/events").statusCode()).isEqualTo(200);
        assertThat(EDGE.get("/till/events").statusCode()).isEqualTo(200);
        assertThat(EDGE.get("/till").statusCode()).isEqualTo(200);
        assertThat(EDGE.get("/openapi.json").statusCode()).isEqualTo(200);
        assertThat(EDGE.post("/wallet/a/deposit", "{}").statusCode()).isEqualTo(200);
        assertThat(EDGE.get("/till/a/events?snapshot=true").body()).contains("snapshot: is for streams");
        send("POST", "/v1/tills/gone/deposits", "{}");
        assertThat(EDGE.delete("/till/gone").statusCode()).isEqualTo(204);
        assertThat(EDGE.get("/v1/tills/gone").statusCode()).isEqualTo(410);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    /v1/tills/a             | GET, HEAD, OPTIONS
                    /v1/tills/a:keep        | GET, HEAD, POST, OPTIONS
                    /v1/tills/a/notes/n     | PATCH, DELETE, OPTIONS
                    /v1/tills/a/deposits/1  | PUT, OPTIONS
                    /v1/tills/a/shown       | GET, HEAD, POST, OPTIONS
                    /till/a                 | GET, HEAD, DELETE, OPTIONS
                    /till/events            | GET, HEAD, OPTIONS
                    /till/a/refuse          | POST, OPTIONS
                    """)
    void a_path_names_the_methods_that_it_takes(String path, String allow) {
        assertThat(EDGE.options(path).headers().firstValue("Allow")).contains(allow);
    }

    @Test
    void the_server_as_a_whole_names_all_that_it_knows() {
        assertThat(EDGE.raw("OPTIONS * HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"))
                .contains("Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    }

    @Test
    void messages_have_a_binary_form_and_other_values_have_none() throws Exception {
        var whole = binary(
                "POST",
                "/v1/tills/b1/deposits",
                DepositRequest.newBuilder().setAmount(4).build().toByteArray());
        assertThat(Balance.parseFrom(whole.body()).getBalance()).isEqualTo(4);

        var nested = binary(
                "PUT",
                "/v1/tills/b2/things/shelves/1/boxes/2",
                Everything.newBuilder().setAnInt32(6).build().toByteArray());
        assertThat(Everything.parseFrom(nested.body()).getAnInt32()).isEqualTo(6);
        assertThat(nested.headers().firstValue("Content-Type")).contains("application/protobuf");

        var list = binary("PUT", "/v1/tills/b3/deposits/1", Int32Value.of(3).toByteArray());
        assertThat(list.statusCode()).isEqualTo(415);
        assertThat(new String(list.body(), java.nio.charset.StandardCharsets.UTF_8))
                .contains("items alone");
        assertThat(send("PUT", "/v1/tills/b4/deposits/1", "[]", "Accept", "application/protobuf")
                        .statusCode())
                .isEqualTo(406);
        assertThat(send("PUT", "/v1/tills/b4/deposits/1", "[]", "Accept", "application/protobuf, */*;q=0.1")
                        .body())
                .isEqualTo("\"1\"");
    }

    private static HttpResponse<byte[]> binary(String method, String path, byte[] body) throws Exception {
        var request = HttpRequest.newBuilder(EDGE.uri(path))
                .method(method, BodyPublishers.ofByteArray(body))
                .header("Content-Type", "application/protobuf");
        return EDGE.http.send(request.build(), BodyHandlers.ofByteArray());
    }

    @Property(tries = 300)
    void any_path_is_answered(@ForAll @From("paths") String path) {
        assertThat(EDGE.raw("GET /v1/tills/" + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"))
                .matches("(?s)HTTP/1.1 [234].*");
    }

    @Provide
    Arbitrary<String> paths() {
        return Arbitraries.of(
                        "a", "/", "int", "shown", "left", "deep", "%2F", "%", "%zz", "%00", "%C3%A9", "%FF", ":",
                        ":keep", ".", "..", "%2e", "{till}", "*", "?", "=", "&", "1", "-1", "aString", "nested.", "#",
                        "+", "\\\\", "é")
                .list()
                .ofMaxSize(9)
                .map(parts -> String.join("", parts));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    SameShape      | a request may fit two paths, and nobody could say which is meant: sameshape.Deposit: POST /v1/tills/{id}/deposits, and till.Deposit: POST /v1/tills/{till}/deposits; give one of them a segment that the other has not
                    Crossing       | a request may fit two paths, and nobody could say which is meant: crossing.Deposit: POST /v1/{id}/all/deposits, and till.Deposit: POST /v1/tills/{till}/deposits
                    TakesADefault  | takesadefault.Deposit: POST /till/{id}/refuse takes POST /till/{id}/refuse, which is in use; choose another path
                    TakesAPage     | takesapage.Get: GET /docs/{id} takes GET /docs/**, which is in use; choose another path
                    TakesTheEcho   | takestheecho.Deposit: POST /echo/{id} takes POST /echo/**, which is in use; choose another path
                    TakesAHistory  | takesahistory.Get: GET /till/{id}/events takes GET /till/{id}/events, which is in use
                    TakesAnOutcome | takesanoutcome.Get: GET /till/{id}/commands/k1 takes GET /till/{id}/commands/{key}, which is in use
                    TakesADeletion | takesadeletion.Deposit: DELETE /till/{id} takes DELETE /till/{id}, which is in use
                    WithoutId      | entity type withoutid: the path "/v1/deposits" of rpc Deposit does not say which entity is meant; write {id} into it
                    """)
    void paths_that_get_in_each_others_way_end_the_start(String service, String message) {
        var types = Stream.concat(Tills.TYPES.stream(), Stream.of(Tills.of(service)))
                .toList();
        var settings = HttpSettings.from(
                ConfigFactory.parseString("parvi.http.echo-route = on").withFallback(ConfigFactory.load()));

        assertThatThrownBy(() -> HttpEdge.openApi(types, settings))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }
}
