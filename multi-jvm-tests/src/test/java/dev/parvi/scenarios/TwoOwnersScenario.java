package dev.parvi.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parvi.testkit.TestNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code {A} | {B}}: two clusters that share nothing but the store, so both own every entity. */
class TwoOwnersScenario {
    private static final int ROUNDS = 100;

    @TempDir
    Path folder;

    private final List<TestNode> owners = new ArrayList<>();

    @AfterEach
    void stop() {
        owners.forEach(TestNode::close);
    }

    @Test
    void of_two_owners_exactly_one_acknowledges_a_revision() throws IOException {
        var store = "sqlite:" + folder.resolve("shared.db");
        for (var name : List.of("a", "b"))
            owners.add(TestNode.start(
                    folder.resolve(name), "--store", store, "--set", "parvi.node.cluster=by force the same"));

        assertThat(acknowledgedTwice()).isEmpty();
        for (var owner : owners) assertThat(revision(owner)).isEqualTo(ROUNDS);
    }

    /** The negative control: where no common store fences, the same rounds must see every revision acknowledged twice. */
    @Test
    void without_a_fence_both_acknowledge() throws IOException {
        for (var name : List.of("a", "b")) owners.add(TestNode.start(folder.resolve(name), "--store", "memory:"));

        assertThat(acknowledgedTwice()).hasSize(ROUNDS);
    }

    /** In each round both owners are told to go from revision n to n + 1, at the same time; the revisions that both granted. */
    private List<Integer> acknowledgedTwice() {
        owners.forEach(TestNode::awaitReady);
        var twice = new ArrayList<Integer>();
        for (var round = 0; round < ROUNDS; round++) {
            var revision = round;
            var answers = owners.stream()
                    .map(owner -> CompletableFuture.supplyAsync(() -> deposit(owner, revision)))
                    .toList();
            var granted =
                    answers.stream().filter(answer -> answer.join() == 200).count();
            assertThat(granted).as("somebody must serve round " + round).isPositive();
            if (granted > 1) twice.add(round);
            for (var answer : answers) assertThat(answer.join()).isIn(200, 412);
        }
        return twice;
    }

    private static int deposit(TestNode owner, int revision) {
        try {
            return TestNode.send(
                            "POST",
                            owner.url() + "/account/a/deposit",
                            "{\"amount\":1}",
                            "If-Match",
                            "\"" + revision + "\"")
                    .statusCode();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static long revision(TestNode owner) throws IOException {
        return Driver.revision(TestNode.send("GET", owner.url() + "/account/a", ""));
    }
}
