package dev.parvi.http;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The tests of this module trust the check with every answer, so it must be able to fail. */
class ContractCheckTest {
    private static final Map<String, List<String>> JSON = headers("application/json", "no-cache");
    private static final Map<String, List<String>> PROBLEM = headers("application/problem+json", "no-store");
    private static final String REFUSED =
            "{\"type\":\"urn:x\",\"title\":\"t\",\"status\":504,\"code\":\"outcome-unknown\","
                    + "\"detail\":\"d\",\"retryable\":true}";

    private final ContractCheck check = new ContractCheck(
            HttpEdge.openApi(List.of(WalletEntity.TYPE), HttpSettings.from(ConfigFactory.defaultReference())));

    @Test
    void an_answer_as_described_passes() {
        require("GET", "/wallet/a?x=1", 200, JSON, "{\"balance\":\"1\"}");
        require("POST", "/wallet/a/deposit", 504, PROBLEM, REFUSED);
        require("GET", "/nothing/a", 404, PROBLEM, REFUSED);
        require("GET", "/docs", 200, Map.of(), "anything");
    }

    @Test
    void any_other_answer_fails() {
        requireRefused("GET", "/wallet/a", 200, JSON, "{\"balance\":1}");
        requireRefused("GET", "/wallet/a", 200, JSON, "{}");
        requireRefused("GET", "/wallet/a/get", 200, JSON, "{\"balance\":\"1\",\"more\":1}");
        requireRefused("GET", "/wallet/a", 201, JSON, "{\"balance\":\"1\"}");
        requireRefused("GET", "/wallet/a", 200, headers("text/plain", "no-cache"), "{\"balance\":\"1\"}");
        requireRefused("GET", "/wallet/a", 504, PROBLEM, REFUSED);
        requireRefused("POST", "/wallet/a/deposit", 504, PROBLEM, REFUSED.replace("outcome-unknown", "other"));
        requireRefused("GET", "/nothing/a", 404, PROBLEM, "{}");
        requireRefused("GET", "/wallet/a", 200, headers("application/json", "no-store"), "{\"balance\":\"1\"}");
        requireRefused("GET", "/wallet/a/show", 304, Map.of("cache-control", List.of("public")), "");
        var headers = Map.of(
                "content-type", List.of("application/json"),
                "cache-control", List.of("no-cache"),
                "Retry-After", List.of("1"));
        requireRefused("GET", "/wallet/a", 200, headers, "{\"balance\":\"1\"}");
    }

    @Test
    void an_event_with_a_wrong_field_fails() {
        require("GET", "/wallet/a/events", 200, JSON, page("{\"deposited\":{\"amount\":\"1\"}}"));
        requireRefused("GET", "/wallet/a/events", 200, JSON, page("{\"deposited\":{\"amount\":1}}"));
        requireRefused("GET", "/wallet/a/events", 200, JSON, page("{\"deposited\":{}}"));
        requireRefused("GET", "/wallet/a/events", 200, JSON, page("{\"searched\":{\"by\":\"x\"}}"));
        requireRefused(
                "GET", "/wallet/a/events", 200, JSON, page("{\"deposited\":{\"amount\":\"1\",\"card\":\"4929\"}}"));
        requireRefused("GET", "/wallet/events", 200, JSON, page("{}"));
    }

    private static String page(String event) {
        return "{\"events\":[{\"revision\":\"1\",\"time\":\"1970-01-01T00:00:00Z\",\"method\":\"Deposit\",\"event\":"
                + event + "}],\"next\":\"1\"}";
    }

    private static Map<String, List<String>> headers(String mediaType, String caching) {
        return Map.of("content-type", List.of(mediaType), "cache-control", List.of(caching));
    }

    private void require(String method, String path, int status, Map<String, List<String>> headers, String body) {
        assertThatCode(() -> check.require(method, path, status, headers, body)).doesNotThrowAnyException();
    }

    private void requireRefused(
            String method, String path, int status, Map<String, List<String>> headers, String body) {
        assertThatThrownBy(() -> check.require(method, path, status, headers, body))
                .isInstanceOf(AssertionError.class);
    }
}
