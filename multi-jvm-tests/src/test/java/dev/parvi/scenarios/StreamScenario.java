package dev.parvi.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parvi.testkit.TestNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code {A, B, C}} under load, watched: who follows an entity sees each of its events once and in order, whoever dies. */
class StreamScenario {
    private static final int KILLS = Integer.getInteger("parvi.scenario.kills", 5);
    private static final int ENTITIES = 50;
    private static final int CLIENTS = 4;
    /** Who comes after each kill, when the entity's owner may be dead, and begins with a snapshot. */
    private static final int LATE = 10;

    @TempDir
    Path data;

    private final List<TestNode> nodes = new CopyOnWriteArrayList<>();
    private final History history = new History();

    @AfterEach
    void stop() {
        nodes.forEach(TestNode::close);
    }

    @Test
    void owners_are_killed_and_every_stream_shows_every_event_once() throws IOException, InterruptedException {
        for (var n = 0; n < 3; n++) nodes.add(TestNode.start(data));
        nodes.forEach(TestNode::awaitReady);
        var watchers = IntStream.range(0, ENTITIES)
                .mapToObj(n -> Watcher.start(nodes, "e" + n))
                .toList();
        var driver = Driver.start(nodes, CLIENTS, ENTITIES, history);
        var late = new ArrayList<Watcher>();
        for (var kill = 0; kill < KILLS; kill++) {
            Thread.sleep(1_000);
            var victim = nodes.get(kill % nodes.size());
            victim.kill();
            for (var n = 0; n < LATE; n++) late.add(Watcher.startWithSnapshot(nodes, "e" + late.size() % ENTITIES));
            Thread.sleep(2_000);
            nodes.set(kill % nodes.size(), TestNode.start(data));
            nodes.get(kill % nodes.size()).awaitReady();
        }
        driver.close();

        var heads = driver.revisions(nodes.get(0));
        for (var n = 0; n < ENTITIES; n++) {
            var head = heads.getOrDefault("e" + n, 0L);
            var watcher = watchers.get(n);
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(watcher.seen())
                            .as(watcher.toString())
                            .hasSizeGreaterThanOrEqualTo(head.intValue()));
        }
        for (var n = 0; n < late.size(); n++) requireWhole(late.get(n), heads.getOrDefault("e" + n % ENTITIES, 0L));
        watchers.forEach(Watcher::close);
        late.forEach(Watcher::close);
        var connections = watchers.stream().mapToInt(Watcher::connections).sum();
        System.out.printf(
                "%d kills, %d entities, %d streams opened: %d acknowledged, %d events seen%n",
                KILLS,
                ENTITIES,
                connections,
                history.size(),
                watchers.stream().mapToInt(watcher -> watcher.seen().size()).sum());
        System.out.printf(
                "%d snapshots, %d streams opened for them: %d events seen behind them%n",
                late.size(),
                late.stream().mapToInt(Watcher::connections).sum(),
                late.stream().mapToInt(watcher -> watcher.seen().size() - 1).sum());
        for (var n = 0; n < ENTITIES; n++)
            assertThat(watchers.get(n).seen())
                    .as("e" + n)
                    .containsExactlyElementsOf(LongStream.rangeClosed(1, heads.getOrDefault("e" + n, 0L))
                            .boxed()
                            .toList());
        assertThat(connections).as("streams were opened again").isGreaterThan(ENTITIES);
        assertThat(history.violations(new java.util.HashMap<>(heads))).isEmpty();
        assertThat(new ArrayList<>(heads.keySet())).hasSize(ENTITIES);
    }

    /** One snapshot, which holds every event up to its revision, since each deposits one; and each event behind it. */
    private static void requireWhole(Watcher watcher, long head) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(watcher.seen())
                        .as(watcher.toString())
                        .isNotEmpty()
                        .endsWith(head));
        var seen = watcher.seen();
        var first = seen.get(0);
        assertThat(watcher.snapshots())
                .as(watcher.toString())
                .containsExactly("{\"revision\":\"" + first + "\",\"snapshot\":{\"balance\":\"" + first + "\"}}");
        assertThat(seen)
                .as(watcher.toString())
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(first, head).boxed().toList());
    }
}
