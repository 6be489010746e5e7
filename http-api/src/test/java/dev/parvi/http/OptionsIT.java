package dev.parvi.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a path says that it takes is what it takes. */
class OptionsIT {
    private static final TestEdge EDGE = TestEdge.start();

    @AfterAll
    static void stop() {
        EDGE.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/wallet/a",
                "/wallet/a/get",
                "/wallet/a/deposit",
                "/wallet/a/events",
                "/wallet/events",
                "/wallet/a/commands/k1",
                "/wallet",
                "/openapi.json",
                "/docs"
            })
    void a_path_takes_the_methods_that_it_names_and_no_other(String path) {
        EDGE.post("/wallet/a/deposit", "{}", "Idempotency-Key", "k1");
        EDGE.entities.forgetAttempts();
        var options = EDGE.options(path);

        assertThat(options.statusCode()).isEqualTo(204);
        assertThat(options.body()).isEmpty();
        assertThat(EDGE.entities.attempts()).isEmpty();
        var allow = options.headers().firstValue("Allow").orElseThrow();
        var taken = new TreeSet<>(Set.of("OPTIONS"));
        for (var method : List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")) {
            var answer = EDGE.send(HttpRequest.newBuilder(EDGE.uri(path)).method(method, BodyPublishers.noBody()));
            if (answer.statusCode() != 405) taken.add(method);
            else assertThat(answer.headers().firstValue("Allow")).contains(allow);
        }
        assertThat(allow.split(", ")).containsExactlyInAnyOrderElementsOf(taken);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/purse/a", "/wallet/a/fly", "/wallet/a/b/c", "/docs/other.js", "/"})
    void a_path_that_is_not_there_takes_nothing(String path) {
        var answer = EDGE.options(path);

        assertThat(answer.statusCode()).isBetween(400, 404);
        assertThat(answer.headers().firstValue("Allow")).isEmpty();
    }

    @Test
    void a_body_beside_the_question_is_read_over_and_the_connection_goes_on() {
        var answers =
                EDGE.raw("OPTIONS /wallet/a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"
                        + "0\r\n\r\nGET /wallet/a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

        assertThat(answers).startsWith("HTTP/1.1 204").contains("HTTP/1.1 200");
    }

    @Test
    void the_server_as_a_whole_names_all_that_it_knows() {
        assertThat(EDGE.raw("OPTIONS * HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 204")
                .contains("Allow: GET, HEAD, POST, DELETE, OPTIONS");
    }
}
