package dev.parvi.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parvi.entity.EntityCommand;
import dev.parvi.http.MemoryClient.Fate;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the edge does when answers are lost. The entities are real pipelines: a second application would be seen. */
class RetryIT {
    private static final TestEdge EDGE = new TestEdge(TestEdge.QUICK);
    private static int ids;

    private String wallet = "";

    @BeforeEach
    void freshWallet() {
        wallet = "/wallet/r" + ids++;
        EDGE.entities.forgetAttempts();
    }

    @AfterAll
    static void stop() {
        EDGE.close();
    }

    private HttpResponse<String> deposit(String... headers) {
        return EDGE.post(wallet + "/deposit", "{\"amount\": 1}", headers);
    }

    private String balance() {
        EDGE.entities.forgetAttempts();
        return EDGE.get(wallet).body();
    }

    @Test
    void an_entity_that_moves_is_found_again() {
        EDGE.entities.nextFates(Fate.NOT_SERVED, Fate.NOT_SERVED);

        var answer = deposit();

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Idempotency-Replayed")).isEmpty();
        assertThat(EDGE.entities.attempts()).hasSize(3);
    }

    @Test
    void a_lost_answer_is_asked_for_with_the_same_key_and_nothing_is_applied_twice() {
        EDGE.entities.nextFates(Fate.CARRIED_OUT_AND_UNKNOWN, Fate.CARRIED_OUT_AND_SILENT, Fate.NOT_SERVED);

        var answer = deposit();

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"balance\":\"1\"}");
        assertThat(answer.headers().firstValue("Idempotency-Replayed")).contains("true");
        assertThat(EDGE.entities.attempts().stream()
                        .map(EntityCommand::idempotencyKey)
                        .distinct())
                .hasSize(1);
        assertThat(balance()).isEqualTo("{\"balance\":\"1\"}");
    }

    /** The control: without its key, the same retries are applied three times. This is what the key is for. */
    @Test
    void without_a_key_the_same_loss_would_be_applied_again() {
        EDGE.entities.nextFates(Fate.ANSWERED, Fate.ANSWERED);
        deposit();
        var sent = EDGE.entities.attempts().get(0);
        var keyless = new EntityCommand(
                sent.type(), sent.id(), sent.method(), sent.request(), "", false, -1, sent.deadline(), "", "");
        EDGE.entities.ask(keyless);
        EDGE.entities.ask(keyless);

        assertThat(balance()).isEqualTo("{\"balance\":\"3\"}");
    }

    @Test
    void a_late_answer_of_an_abandoned_attempt_still_counts() {
        EDGE.entities.nextFates(Fate.LATE);
        EDGE.entities.from(Fate.SILENT);

        var answer = deposit();

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(EDGE.entities.attempts()).hasSizeGreaterThan(1);
    }

    @Test
    void nobody_serving_until_the_end_is_a_503_that_may_be_sent_again() {
        EDGE.entities.from(Fate.NOT_SERVED);

        var answer = deposit("Request-Timeout", "2", "Idempotency-Key", "k");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).contains("1");
        assertThat(answer.body()).contains("\"code\":\"not-serving\"", "\"retryable\":true", "\"key\":\"k\"");
        // Pauses of 5, 10 and 20 ms at least, and then of 25.
        assertThat(EDGE.entities.attempts()).hasSizeBetween(5, 85);
        assertThat(balance()).isEqualTo("{\"balance\":\"0\"}");
    }

    @Test
    void one_lost_answer_makes_the_outcome_unknown_and_a_retry_with_the_key_tells_it() {
        EDGE.entities.nextFates(Fate.CARRIED_OUT_AND_SILENT);
        EDGE.entities.from(Fate.NOT_SERVED);

        var answer = deposit("Request-Timeout", "0.5");
        var key = answer.headers().firstValue("Idempotency-Key").orElseThrow();

        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(answer.body()).contains("\"code\":\"outcome-unknown\"", "\"retryable\":true", "\"key\":\"" + key);
        EDGE.entities.forgetAttempts();
        assertThat(deposit("Idempotency-Key", key).headers().firstValue("Idempotency-Replayed"))
                .contains("true");
        assertThat(balance()).isEqualTo("{\"balance\":\"1\"}");
    }

    @Test
    void silence_is_cut_at_the_deadline() {
        EDGE.entities.from(Fate.SILENT);
        var before = System.nanoTime();

        var answer = deposit("Request-Timeout", "0.4");

        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(Duration.ofNanos(System.nanoTime() - before))
                .isBetween(Duration.ofMillis(390), Duration.ofSeconds(8));
    }

    @Test
    void a_query_is_never_of_unknown_outcome() {
        EDGE.entities.from(Fate.SILENT);

        var answer = EDGE.get(wallet, "Request-Timeout", "1.5");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(EDGE.entities.attempts()).hasSizeGreaterThan(1);
        assertThat(EDGE.entities.attempts().get(0).idempotencyKey()).isEmpty();
    }

    @Test
    void a_client_that_breaks_its_promise_is_an_unknown_outcome() {
        EDGE.entities.nextFates(Fate.CLIENT_THROWS, Fate.CLIENT_FAILS);
        EDGE.entities.from(Fate.NOT_SERVED);

        assertThat(deposit("Request-Timeout", "0.3").statusCode()).isEqualTo(504);
    }

    @Test
    void a_rejection_is_not_tried_again() {
        EDGE.post(wallet + "/refuse", "{\"code\":\"NOT_FOUND\"}");

        assertThat(EDGE.entities.attempts()).hasSize(1);
    }
}
