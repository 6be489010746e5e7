package dev.parvi.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.parvi.entity.EntityType;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the port shows beside entities: the document, and the explorer. */
class PagesIT {
    private static final TestEdge EDGE = TestEdge.start();
    private static final Pattern LINK = Pattern.compile("(?:src|href)=\"([^\"]+)\"");

    @AfterAll
    static void stop() {
        EDGE.close();
    }

    @Test
    void the_document_is_served_and_kept_by_clients_until_it_changes() {
        var first = EDGE.get("/openapi.json");
        var tag = first.headers().firstValue("ETag").orElseThrow();

        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(first.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(ContractCheck.read(first.body()).path("openapi").asText()).isEqualTo("3.1.0");
        assertThat(EDGE.get("/openapi.json").body()).isEqualTo(first.body());

        var again = EDGE.get("/openapi.json", "If-None-Match", "\"x\", W/" + tag);
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(again.headers().firstValue("ETag")).contains(tag);
        assertThat(EDGE.get("/openapi.json", "If-None-Match", "\"x\"").statusCode())
                .isEqualTo(200);
    }

    @Test
    void head_tells_the_length() {
        var page = EDGE.get("/openapi.json");
        var head = EDGE.send(HttpRequest.newBuilder(EDGE.uri("/openapi.json")).method("HEAD", BodyPublishers.noBody()));

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValueAsLong("Content-Length"))
                .hasValue(page.body().length());
        assertThat(head.headers().firstValue("ETag")).isEqualTo(page.headers().firstValue("ETag"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/openapi.json", "/docs", "/docs/start.js"})
    void a_page_cannot_be_written(String path) {
        var answer = EDGE.post(path, "{}");

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).contains("GET, HEAD, OPTIONS");
    }

    @Test
    void the_explorer_loads_nothing_but_what_this_node_serves() {
        var page = EDGE.get("/docs");
        var policy = page.headers().firstValue("Content-Security-Policy").orElseThrow();

        assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=UTF-8");
        assertThat(policy).startsWith("default-src 'none'").doesNotContain("unsafe", "http", "*");
        var links =
                LINK.matcher(page.body()).results().map(link -> link.group(1)).toList();
        assertThat(links).hasSize(5).noneMatch(link -> link.contains("//"));
        for (var link : links) {
            var asset = EDGE.get("/" + link);
            assertThat(asset.statusCode()).as(link).isEqualTo(200);
            assertThat(asset.body()).as(link).isNotEmpty();
            assertThat(asset.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        }
        assertThat(page.body()).doesNotContain("<style", "onload=").containsPattern("<script src=");
        assertThat(EDGE.get("/docs/start.js").body()).contains("url: 'openapi.json'", "validatorUrl: null");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/docs/other.js", "/docs/..%2fstart.js", "/openapi.yaml", "/openapi.json/x", "/Docs"})
    void there_is_no_other_page(String path) {
        assertThat(EDGE.get(path).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"docs", "openapi.json"})
    void no_type_can_take_the_path_of_a_page(String name) {
        var type = EntityType.of(
                name,
                WalletEntity.TYPE.service(),
                WalletEntity.TYPE.initialState(),
                WalletEntity.TYPE.event(),
                WalletEntity.TYPE.methods());
        var settings = HttpSettings.from(ConfigFactory.load());

        assertThatThrownBy(() -> HttpEdge.openApi(List.of(type), settings))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("entity type " + name + " takes a reserved path; name it otherwise");
    }
}
