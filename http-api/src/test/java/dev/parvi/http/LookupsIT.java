package dev.parvi.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parvi.http.MemoryClient.Fate;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code /{type}/{id}/commands/{key}} and {@code /{type}}, as a client sees them. */
final class LookupsIT {
    private static final TestEdge EDGE = new TestEdge(TestEdge.QUICK);
    private static final String DEPOSIT = "{\"amount\":5}";
    private static int ids;

    private String id = "";

    @BeforeEach
    void another_wallet() {
        id = "looked-up-" + ids++;
        EDGE.entities.forgetAttempts();
    }

    @AfterAll
    static void stop() {
        EDGE.close();
    }

    @Test
    void what_became_of_a_command_is_told_by_its_key() {
        deposit("k1");
        deposit("k2");

        var outcome = EDGE.get(path("k1"));

        assertThat(outcome.statusCode()).isEqualTo(200);
        assertThat(outcome.headers().firstValue("etag")).hasValue("\"1\"");
        assertThat(outcome.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(outcome.body())
                .matches("\\{\"outcome\":\"completed\",\"revision\":\"1\",\"method\":\"Deposit\","
                        + "\"time\":\"20[^\"]+Z\",\"reply\":\\{\"balance\":\"5\"}}");
        assertThat(EDGE.get(path("k2")).body()).contains("\"revision\":\"2\"", "{\"balance\":\"10\"}");
        assertThat(EDGE.get("/wallet/someone-else/commands/k1").statusCode()).isEqualTo(404);
    }

    @Test
    void a_key_with_which_nothing_is_stored_is_unknown_whatever_the_reason() {
        EDGE.post("/wallet/" + id + "/refuse", "{\"code\":\"FAILED_PRECONDITION\"}", "Idempotency-Key", "refused");

        for (var key : new String[] {"refused", "never sent"}) {
            var outcome = EDGE.get(path(key));
            assertThat(outcome.statusCode()).isEqualTo(404);
            assertThat(outcome.body())
                    .contains("\"code\":\"unknown-key\"", "\"retryable\":false", "\"key\":\"" + key + "\"")
                    .contains("send it again with the same key");
        }
    }

    @Test
    void an_unknown_outcome_says_where_it_will_be_told() {
        EDGE.entities.from(Fate.CARRIED_OUT_AND_SILENT);
        var unknown = EDGE.post(
                "/wallet/" + id + "/deposit", DEPOSIT, "Idempotency-Key", "a key/of?mine", "Request-Timeout", "0.3");
        EDGE.entities.forgetAttempts();

        assertThat(unknown.statusCode()).isEqualTo(504);
        assertThat(unknown.headers().firstValue("idempotency-key")).hasValue("a key/of?mine");
        var where = ContractCheck.read(unknown.body()).path("outcome").asText();
        assertThat(where).isEqualTo("/wallet/" + id + "/commands/a%20key%2Fof%3Fmine");
        assertThat(EDGE.get(where).body()).contains("\"revision\":\"1\"", "{\"balance\":\"5\"}");
    }

    @Test
    void whatever_a_header_can_hold_is_found_by_its_path() {
        var odd = new ArrayList<String>();
        for (var c = '!'; c <= '~'; c++) odd.add("k" + c);
        odd.add("a b+c%20d");
        odd.add("x".repeat(256));
        for (var key : odd) deposit(key);
        for (var n = 0; n < odd.size(); n++)
            assertThat(EDGE.get(path(odd.get(n))).headers().firstValue("etag"))
                    .as(odd.get(n))
                    .hasValue("\"" + (n + 1) + "\"");
    }

    @Test
    void a_reply_that_this_release_cannot_read_is_left_out() {
        deposit("of an older release");
        assertThat(EDGE.get(path("of an older release")).body())
                .contains("\"method\":\"Deposit\"")
                .doesNotContain("reply");
    }

    @Test
    void a_store_that_does_not_answer_is_no_unknown_key() {
        var broken = EDGE.get("/wallet/broken/commands/k1");
        assertThat(broken.statusCode()).isEqualTo(503);
        assertThat(broken.headers().firstValue("retry-after")).isPresent();
        assertThat(EDGE.get("/wallet/frozen/commands/k1", "Request-Timeout", "0.2")
                        .statusCode())
                .isEqualTo(503);
        assertThat(EDGE.get("/wallet/mistaken/commands/k1").body()).contains("\"code\":\"internal\"");
    }

    @Test
    void an_entity_may_be_called_commands_and_looks_can_only_be_read() {
        EDGE.post("/wallet/commands/deposit", DEPOSIT, "Idempotency-Key", "k1");
        assertThat(EDGE.get("/wallet/commands/get").body()).isEqualTo("{\"balance\":\"5\"}");
        assertThat(EDGE.get("/wallet/commands/commands/k1").statusCode()).isEqualTo(200);
        for (var path : new String[] {path("k1"), "/wallet"}) {
            var posted = EDGE.post(path, "{}");
            assertThat(posted.statusCode()).isEqualTo(405);
            assertThat(posted.headers().firstValue("allow")).hasValue("GET, HEAD, OPTIONS");
            var head = EDGE.send(
                    HttpRequest.newBuilder(EDGE.uri(path)).method("HEAD", HttpRequest.BodyPublishers.noBody()));
            assertThat(head.body()).isEmpty();
        }
    }

    @Test
    void a_type_lists_who_is_there_page_by_page() {
        var names = IntStream.range(0, 25).mapToObj(n -> id + "/é " + n).toList();
        var ids = names.stream().map(name -> name.replace('/', ':')).toList();
        for (var entity : ids) EDGE.post("/wallet/" + encoded(entity) + "/deposit", DEPOSIT);
        EDGE.post("/wallet/" + encoded(ids.get(3)) + "/deposit", DEPOSIT);
        EDGE.get("/wallet/" + id + ":only-asked");

        var found = new ArrayList<String>();
        var next = "";
        var pages = 0;
        do {
            var page = page("?prefix=" + id + ":&limit=10" + (next.isEmpty() ? "" : "&cursor=" + encoded(next)));
            for (var entity : page.path("entities")) {
                found.add(entity.path("id").asText());
                assertThat(entity.path("revision").asText())
                        .isEqualTo(entity.path("id").asText().equals(ids.get(3)) ? "2" : "1");
            }
            next = page.path("next").asText("");
            pages++;
        } while (!next.isEmpty());

        assertThat(found).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(pages).isEqualTo(3);
        assertThat(page("?prefix=" + id + ":").path("entities")).hasSize(25);
        assertThat(page("?prefix=nobody").toString()).isEqualTo("{\"entities\":[]}");
    }

    @Test
    void a_page_holds_a_hundred_unless_asked_and_never_more_than_the_node_allows() {
        for (var n = 0; n < 101; n++) EDGE.post("/wallet/" + id + "." + n + "/deposit", DEPOSIT);
        assertThat(page("?prefix=" + id).path("entities")).hasSize(100);
        try (var small = new TestEdge("parvi.http.streams.page-max = 2")) {
            for (var n = 0; n < 3; n++) small.post("/wallet/w" + n + "/deposit", DEPOSIT);
            var page = ContractCheck.read(small.get("/wallet?limit=50").body());
            assertThat(page.path("entities")).hasSize(2);
            assertThat(page.path("next").asText()).isEqualTo("<w1>");
        }
    }

    private static JsonNode page(String query) {
        var page = EDGE.get("/wallet" + query);
        assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
        return ContractCheck.read(page.body());
    }

    private void deposit(String key) {
        var answer = EDGE.post("/wallet/" + id + "/deposit", DEPOSIT, "Idempotency-Key", key);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private String path(String key) {
        return "/wallet/" + id + "/commands/" + encoded(key);
    }

    private static String encoded(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
