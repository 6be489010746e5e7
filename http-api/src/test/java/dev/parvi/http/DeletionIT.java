package dev.parvi.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parvi.entity.EntityType;
import dev.parvi.http.MemoryClient.Fate;
import dev.parvi.http.proto.Balance;
import dev.parvi.http.proto.GetRequest;
import dev.parvi.http.proto.WalletEvent;
import dev.parvi.http.proto.WalletProto;
import dev.parvi.http.proto.WalletState;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code DELETE /{type}/{id}}, as a client sees it. */
final class DeletionIT {
    private static final EntityType<?, ?> PINNED = EntityType.of(
            "pinned",
            WalletProto.getDescriptor().findServiceByName("Pinned"),
            WalletState.getDefaultInstance(),
            WalletEvent.getDefaultInstance(),
            List.of(new EntityType.Method(
                    0, "Get", "get", true, GetRequest.getDefaultInstance(), Balance.getDefaultInstance())));
    private static final EntityType<?, ?> SILENT = EntityType.of(
            "silent",
            WalletEntity.TYPE.service(),
            WalletState.getDefaultInstance(),
            WalletEvent.getDefaultInstance(),
            List.of());
    private static final TestEdge EDGE = new TestEdge(TestEdge.QUICK, List.of(WalletEntity.TYPE, PINNED, SILENT));
    private static int ids;

    private String path = "";

    @BeforeEach
    void another_wallet() {
        path = "/wallet/deleted-" + ids++;
        EDGE.entities.forgetAttempts();
    }

    @AfterAll
    static void stop() {
        EDGE.close();
    }

    @Test
    void a_deletion_is_answered_without_a_body_and_again_with_the_same_key() {
        deposit("k1");
        var first = EDGE.delete(path, "Idempotency-Key", "end");

        assertThat(first.statusCode()).isEqualTo(204);
        assertThat(first.body()).isEmpty();
        assertThat(first.headers().firstValue("etag")).hasValue("\"2\"");
        assertThat(first.headers().firstValue("idempotency-key")).hasValue("end");
        assertThat(first.headers().firstValue("idempotency-replayed")).isEmpty();

        var again = EDGE.delete(path, "Idempotency-Key", "end");
        assertThat(again.statusCode()).isEqualTo(204);
        assertThat(again.headers().firstValue("etag")).hasValue("\"2\"");
        assertThat(again.headers().firstValue("idempotency-replayed")).hasValue("true");
    }

    @Test
    void options_name_it_where_it_fits() {
        assertThat(EDGE.options("/wallet/a").headers().firstValue("allow")).hasValue("GET, HEAD, DELETE, OPTIONS");
        assertThat(EDGE.options("/silent/a").headers().firstValue("allow")).hasValue("DELETE, OPTIONS");
        assertThat(EDGE.options("/pinned/a").headers().firstValue("allow")).hasValue("GET, HEAD, OPTIONS");
        assertThat(EDGE.options("/wallet/a/deposit").headers().firstValue("allow"))
                .hasValue("POST, OPTIONS");
    }

    @Test
    void whatever_comes_after_it_is_gone_and_not_to_be_sent_again() {
        deposit("k1");
        EDGE.delete(path, "Idempotency-Key", "end");
        var stored = EDGE.entities.stored();

        for (var answer : List.of(
                deposit("k1"),
                deposit("k2"),
                EDGE.post(path + "/deposit", "{}"),
                EDGE.get(path),
                EDGE.get(path + "/get"),
                EDGE.post(path + "/get", "{}"),
                EDGE.get(path, "If-None-Match", "\"2\""),
                EDGE.delete(path),
                EDGE.delete(path, "Idempotency-Key", "another"))) {
            assertThat(answer.statusCode()).as(answer.toString()).isEqualTo(410);
            assertThat(answer.body())
                    .contains("\"code\":\"deleted\"", "\"type\":\"urn:parvi:problem:deleted\"", "\"retryable\":false");
        }
        assertThat(EDGE.entities.stored()).isEqualTo(stored);
    }

    @Test
    void what_never_was_is_not_found_and_stores_nothing() {
        var answer = EDGE.delete(path, "Idempotency-Key", "end");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("\"code\":\"not-found\"", "there is nothing to delete");
        assertThat(deposit("k1").statusCode()).isEqualTo(200);
        assertThat(EDGE.delete(path, "Idempotency-Key", "end").statusCode()).isEqualTo(204);
    }

    @Test
    void a_deletion_minds_the_revision_and_the_key() {
        deposit("k1");

        var mismatch = EDGE.delete(path, "If-Match", "\"7\"");
        assertThat(mismatch.statusCode()).isEqualTo(412);
        assertThat(EDGE.delete(path, "Idempotency-Key", "k1").body()).contains("\"code\":\"key-reused\"");
        assertThat(EDGE.get(path).statusCode()).isEqualTo(200);
        assertThat(EDGE.delete(path, "If-Match", "\"1\"").statusCode()).isEqualTo(204);
    }

    @Test
    void the_outcome_of_a_deletion_is_told_by_its_key() {
        deposit("k1");
        EDGE.delete(path, "Idempotency-Key", "end");

        var outcome = EDGE.get(path + "/commands/end");
        assertThat(outcome.statusCode()).isEqualTo(200);
        assertThat(outcome.body())
                .matches(
                        "\\{\"outcome\":\"completed\",\"revision\":\"2\",\"method\":\"\\.Delete\",\"time\":\"20[^\"]+Z\"}");
    }

    @Test
    void a_deletion_whose_answer_is_lost_is_retried_and_its_outcome_may_be_unknown() {
        deposit("k1");
        EDGE.entities.nextFates(Fate.CARRIED_OUT_AND_UNKNOWN);
        var retried = EDGE.delete(path, "Idempotency-Key", "end");
        assertThat(retried.statusCode()).isEqualTo(204);
        assertThat(retried.headers().firstValue("idempotency-replayed")).hasValue("true");
    }

    @Test
    void a_deletion_that_nobody_answers_says_where_its_outcome_is_told() {
        deposit("k1");
        EDGE.entities.from(Fate.CARRIED_OUT_AND_SILENT);
        var unknown = EDGE.delete(path, "Idempotency-Key", "end", "Request-Timeout", "0.4");
        assertThat(unknown.statusCode()).isEqualTo(504);
        assertThat(unknown.body()).contains("\"outcome\":\"" + path + "/commands/end\"");
    }

    @Test
    void a_lost_command_whose_entity_is_deleted_meanwhile_is_gone_and_not_unknown() {
        deposit("k1");
        EDGE.delete(path, "Idempotency-Key", "end");
        EDGE.entities.nextFates(Fate.SILENT);

        assertThat(deposit("k2").statusCode()).isEqualTo(410);
    }

    @Test
    void what_its_author_has_not_made_deletable_is_not_deleted() {
        var refused = EDGE.delete("/pinned/a");

        assertThat(refused.statusCode()).isEqualTo(405);
        assertThat(refused.headers().firstValue("allow")).hasValue("GET, HEAD, OPTIONS");
        assertThat(refused.body()).contains("the .proto of pinned does not say deletable: true");
        assertThat(EDGE.entities.attempts()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    POST   | /wallet/a         | GET, HEAD, DELETE, OPTIONS
                    PUT    | /wallet/a         | GET, HEAD, DELETE, OPTIONS
                    DELETE | /wallet/a/deposit | POST, OPTIONS
                    DELETE | /wallet/a/get     | GET, HEAD, POST, OPTIONS
                    DELETE | /wallet           | GET, HEAD, OPTIONS
                    DELETE | /wallet/events    | GET, HEAD, OPTIONS
                    DELETE | /wallet/a/events  | GET, HEAD, OPTIONS
                    DELETE | /docs             | GET, HEAD, OPTIONS
                    """)
    void what_cannot_be_deleted_says_what_fits(String method, String at, String allow) {
        var answer = EDGE.send(HttpRequest.newBuilder(EDGE.uri(at)).method(method, BodyPublishers.noBody()));

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("allow")).hasValue(allow);
    }

    @Test
    void an_entity_that_cannot_be_read_as_a_whole_can_be_deleted_all_the_same() {
        assertThat(EDGE.get("/silent/a").statusCode()).isEqualTo(404);
        assertThat(EDGE.delete("/silent/a").body()).contains("there is nothing to delete");
    }

    @Test
    void a_deletion_has_no_body_no_parameters_and_no_condition_for_queries() {
        deposit("k1");
        var body = EDGE.send(HttpRequest.newBuilder(EDGE.uri(path)).method("DELETE", BodyPublishers.ofString("{}")));
        assertThat(body.statusCode()).isEqualTo(400);
        assertThat(body.body()).contains("a DELETE has no body");
        assertThat(EDGE.delete(path + "?force=true").body()).contains("a DELETE has no query parameters");
        assertThat(EDGE.delete(path, "If-None-Match", "\"1\"").statusCode()).isEqualTo(400);
        assertThat(EDGE.get(path).statusCode()).isEqualTo(200);
    }

    @Test
    void the_document_describes_it_where_it_is() {
        var document = ContractCheck.read(EDGE.get("/openapi.json").body());

        var deletion = document.at("/paths/~1wallet~1{id}/delete");
        assertThat(deletion.path("responses").properties())
                .extracting(java.util.Map.Entry::getKey)
                .contains("204", "400", "404", "410", "412", "422", "503", "504")
                .doesNotContain("200", "406", "409", "413");
        assertThat(document.at("/paths/~1pinned~1{id}/delete").isMissingNode()).isTrue();
        assertThat(document.at("/paths/~1wallet~1{id}/get/responses/410").isMissingNode())
                .isFalse();
    }

    private HttpResponse<String> deposit(String key) {
        return EDGE.post(path + "/deposit", "{\"amount\":5}", "Idempotency-Key", key);
    }
}
