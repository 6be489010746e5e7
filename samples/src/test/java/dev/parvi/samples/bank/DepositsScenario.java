package dev.parvi.samples.bank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parvi.client.ClientOptions;
import dev.parvi.client.Event;
import dev.parvi.client.ParviClient;
import dev.parvi.client.Reply;
import dev.parvi.testkit.TestNode;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes die with {@code kill -9} under deposits of the client; no caller notices, and each deposit counts once. */
@Timeout(300)
final class DepositsScenario {
    private static final int CALLERS = 16;

    @TempDir
    Path data;

    private final List<TestNode> nodes = new ArrayList<>();
    private final ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
    private final Queue<Reply<Balance>> replies = new ConcurrentLinkedQueue<>();
    private volatile boolean isOver;

    @AfterEach
    void stop() {
        callers.shutdownNow();
        nodes.forEach(TestNode::close);
    }

    @Test
    void each_deposit_counts_once_though_nodes_are_killed() throws InterruptedException, ExecutionException {
        for (var n = 0; n < 2; n++) nodes.add(TestNode.start(data));
        nodes.forEach(TestNode::awaitReady);
        var options = ClientOptions.of(
                        nodes.stream().map(node -> URI.create(node.url())).toArray(URI[]::new))
                .withTimeout(Duration.ofSeconds(90));
        try (var parvi = ParviClient.connect(options)) {
            var account = AccountHttpClient.of(parvi, "alice");
            var seen = new ConcurrentLinkedQueue<Long>();
            account.eventsAfter(0).subscribe(revisionsInto(seen));
            var work = new ArrayList<Future<?>>();
            for (var n = 0; n < CALLERS; n++) work.add(callers.submit(() -> depositUntilOver(account)));

            killEachAndThenAll();
            isOver = true;
            for (var caller : work) caller.get();

            var total = account.get(GetRequest.getDefaultInstance()).send();
            var replayed = replies.stream().filter(Reply::isReplayed).count();
            System.out.printf(
                    "4 kills of 2 nodes: %d deposits answered, %d of them by a replay, balance %d at revision %d%n",
                    replies.size(), replayed, total.value().getBalance(), total.revision());
            assertThat(total.value().getBalance()).isEqualTo(replies.size());
            assertThat(total.revision()).isEqualTo(replies.size());
            assertThat(replies.stream().map(Reply::revision)).doesNotHaveDuplicates();
            await().atMost(Duration.ofSeconds(30)).until(() -> seen.size() >= replies.size());
            assertThat(seen)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, replies.size()).boxed().toList());
        }
    }

    private void killEachAndThenAll() throws InterruptedException {
        for (var n = 0; n < 2; n++) {
            Thread.sleep(1_500);
            nodes.set(n, nodes.get(n).restart());
            nodes.get(n).awaitReady();
        }
        Thread.sleep(1_500);
        nodes.forEach(TestNode::kill);
        nodes.replaceAll(TestNode::restart);
        nodes.forEach(TestNode::awaitReady);
        Thread.sleep(1_500);
    }

    private void depositUntilOver(AccountHttpClient account) {
        var one = DepositRequest.newBuilder().setAmount(1).build();
        while (!isOver) replies.add(account.deposit(one).send());
    }

    private static Flow.Subscriber<Event<AccountEvent>> revisionsInto(Queue<Long> seen) {
        return new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(Event<AccountEvent> event) {
                seen.add(event.revision());
            }

            @Override
            public void onError(Throwable failure) {
                seen.add(-1L);
            }

            @Override
            public void onComplete() {}
        };
    }
}
