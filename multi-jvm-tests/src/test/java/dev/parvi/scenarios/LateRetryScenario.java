package dev.parvi.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parvi.testkit.TestNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A retry that comes hundreds of commands and a crash after its command: the outcome has long left memory. */
class LateRetryScenario {
    private static final int COMMANDS = 400;

    @TempDir
    Path data;

    @Test
    void a_late_retry_gets_the_first_answer_and_changes_nothing() throws IOException {
        String madeKey;
        try (var node = TestNode.start(data).awaitReady()) {
            madeKey = deposit(node, "").headers().firstValue("Idempotency-Key").orElseThrow();
            for (var n = 1; n < COMMANDS; n++)
                assertThat(deposit(node, "k" + n).statusCode()).isEqualTo(200);
            assertReplayed(node, "k1", 2);
            node.kill();
        }
        try (var node = TestNode.start(data).awaitReady()) {
            for (var n : List.of(1, 150, 399)) assertReplayed(node, "k" + n, n + 1);
            assertReplayed(node, madeKey, 1);
            assertThat(Driver.revision(TestNode.send("GET", node.url() + "/account/a", "")))
                    .isEqualTo(COMMANDS);
        }
    }

    private static void assertReplayed(TestNode node, String key, int revision) throws IOException {
        var answer = deposit(node, key);
        assertThat(answer.headers().firstValue("Idempotency-Replayed")).contains("true");
        assertThat(Driver.revision(answer)).isEqualTo(revision);
        assertThat(answer.body()).isEqualTo("{\"balance\":\"" + revision + "\"}");
    }

    private static HttpResponse<String> deposit(TestNode node, String key) throws IOException {
        var url = node.url() + "/account/a/deposit";
        return key.isEmpty()
                ? TestNode.send("POST", url, "{\"amount\":1}")
                : TestNode.send("POST", url, "{\"amount\":1}", "Idempotency-Key", key);
    }
}
