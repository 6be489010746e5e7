package dev.parvi.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.parvi.entity.EntityType;
import dev.parvi.http.proto.Balance;
import dev.parvi.http.proto.DepositRequest;
import dev.parvi.http.proto.GetRequest;
import dev.parvi.http.proto.WalletProto;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a cache between the entities and their clients is told. */
class CachingIT {
    private static final TestEdge EDGE = TestEdge.start();

    @AfterAll
    static void stop() {
        EDGE.close();
    }

    private static HttpResponse<String> head(String path, String... headers) {
        return EDGE.send(HttpRequest.newBuilder(EDGE.uri(path))
                .method("HEAD", BodyPublishers.noBody())
                .headers(headers));
    }

    private static EntityType<?, ?> type(String service, EntityType.Method method) {
        return EntityType.of(
                "mistaken",
                WalletProto.getDescriptor().findServiceByName(service),
                WalletEntity.TYPE.initialState(),
                WalletEntity.TYPE.event(),
                List.of(method));
    }

    private static List<String> caching(HttpResponse<?> answer) {
        return answer.headers().allValues("Cache-Control");
    }

    @Test
    void a_query_may_be_kept_and_is_asked_for_each_time() {
        assertThat(caching(EDGE.get("/wallet/a"))).containsExactly("no-cache");
        assertThat(caching(EDGE.get("/wallet/a/get"))).containsExactly("no-cache");
        assertThat(caching(EDGE.get("/wallet/a/events"))).containsExactly("no-cache");
        assertThat(caching(EDGE.get("/wallet"))).containsExactly("no-cache");
    }

    @Test
    void an_author_lets_caches_answer_a_query_for_a_while() {
        assertThat(caching(EDGE.get("/wallet/a/show"))).containsExactly("public, max-age=5");
        assertThat(caching(EDGE.post("/wallet/a/show", "{}"))).containsExactly("no-store");
    }

    @Test
    void what_a_command_or_a_problem_says_is_not_kept() {
        assertThat(caching(EDGE.post("/wallet/a/deposit", "{}"))).containsExactly("no-store");
        assertThat(caching(EDGE.post("/wallet/a/deposit", "{"))).containsExactly("no-store");
        assertThat(caching(EDGE.get("/wallet/a/fly"))).containsExactly("no-store");
        assertThat(caching(EDGE.get("/wallet/a/show?x=1"))).containsExactly("no-store");
        assertThat(caching(EDGE.get("/wallet/a/commands/none"))).containsExactly("no-store");
        assertThat(EDGE.raw("GET /wallet/" + "i".repeat(9_000) + " HTTP/1.1\r\nHost: h\r\n\r\n"))
                .startsWith("HTTP/1.1 414")
                .contains("Cache-Control: no-store");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"2\"", "W/\"2\"", "\"1\", \"2\"", "\"1\",\"2\" , W/\"3\"", "*"})
    void a_client_that_has_it_gets_a_304_that_says_how_long_it_holds(String tags) {
        EDGE.post("/wallet/known/deposit", "{}", "Idempotency-Key", "k1");
        EDGE.post("/wallet/known/deposit", "{}", "Idempotency-Key", "k2");

        for (var answer : List.of(
                EDGE.get("/wallet/known/show", "If-None-Match", tags),
                head("/wallet/known/show", "If-None-Match", tags))) {
            assertThat(answer.statusCode()).isEqualTo(304);
            assertThat(answer.body()).isEmpty();
            assertThat(answer.headers().firstValue("ETag")).contains("\"2\"");
            assertThat(caching(answer)).containsExactly("public, max-age=5");
            assertThat(answer.headers().allValues("Vary")).contains("Accept", "Accept-Encoding");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"1\"", "2", "W/2", "\"22\"", "\"\"", "none"})
    void a_client_that_has_something_else_gets_the_reply(String tags) {
        EDGE.post("/wallet/other/deposit", "{}", "Idempotency-Key", "k1");
        EDGE.post("/wallet/other/deposit", "{}", "Idempotency-Key", "k2");

        assertThat(EDGE.get("/wallet/other", "If-None-Match", tags).statusCode())
                .isEqualTo(200);
        assertThat(head("/wallet/other", "If-None-Match", tags).statusCode()).isEqualTo(200);
    }

    @Test
    void a_tag_on_several_lines_is_one_list() {
        assertThat(EDGE.raw("GET /wallet/lines HTTP/1.1\r\nHost: h\r\nConnection: close\r\nIf-None-Match: \"7\"\r\n"
                        + "If-None-Match: \"0\"\r\n\r\n"))
                .startsWith("HTTP/1.1 304");
    }

    /** One path has JSON and binary replies, and pages and streams: a cache must keep them apart. */
    @Test
    void a_cache_is_told_that_a_reply_depends_on_accept() {
        assertThat(EDGE.get("/wallet/a", "Accept", "application/protobuf")
                        .headers()
                        .allValues("Vary"))
                .contains("Accept");
        assertThat(EDGE.get("/wallet/a/events").headers().allValues("Vary")).contains("Accept");
    }

    @Test
    void an_edge_does_not_start_with_an_option_that_no_cache_understands() {
        var get = new EntityType.Method(
                0, "Get", "get", true, GetRequest.getDefaultInstance(), Balance.getDefaultInstance());
        var deposit = new EntityType.Method(
                0, "Deposit", "deposit", false, DepositRequest.getDefaultInstance(), Balance.getDefaultInstance());

        requireRefused(
                type("Hasty", get),
                "entity type mistaken: the cache_control \"public, maxage=5\" of rpc Get has \"maxage=5\"; write");
        requireRefused(type("Forgetful", deposit), "entity type mistaken: rpc Deposit is a command, and no cache may");
    }

    private static void requireRefused(EntityType<?, ?> type, String message) {
        var settings = HttpSettings.from(ConfigFactory.load());
        assertThatThrownBy(() -> HttpEdge.openApi(List.of(type), settings))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }
}
