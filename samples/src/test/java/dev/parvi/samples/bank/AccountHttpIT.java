package dev.parvi.samples.bank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parvi.client.Event;
import dev.parvi.client.OutcomeUnknownException;
import dev.parvi.client.ParviClient;
import dev.parvi.client.RejectedException;
import dev.parvi.testkit.TestNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An account as another program sees it: a real node, and the generated client. */
@Timeout(120)
final class AccountHttpIT {
    @TempDir
    static Path data;

    private static TestNode node;
    private static ParviClient parvi;

    @BeforeAll
    static void start() {
        node = TestNode.start(data).awaitReady();
        node.awaitAnswer("GET", node.url() + "/account/warm", "");
        parvi = ParviClient.connect(URI.create(node.url()));
    }

    @AfterAll
    static void stop() {
        parvi.close();
        node.close();
    }

    @Test
    void a_deposit_is_made_in_three_lines() {
        var url = node.url();
        try (var parvi = ParviClient.connect(URI.create(url))) {
            var alice = AccountHttpClient.of(parvi, "alice");
            var reply = alice.deposit(deposit(100)).send();

            assertThat(reply.value().getBalance()).isEqualTo(100);
            assertThat(reply.revision()).isEqualTo(1);
            assertThat(alice.get(GetRequest.getDefaultInstance()).send().value().getBalance())
                    .isEqualTo(100);
        }
    }

    @Test
    void a_command_that_is_sent_twice_is_carried_out_once() {
        var account = AccountHttpClient.of(parvi, "twice");
        var deposit = account.deposit(deposit(100));

        assertThat(deposit.send().isReplayed()).isFalse();
        assertThat(deposit.send().isReplayed()).isTrue();
        assertThat(account.deposit(deposit(100)).send().value().getBalance()).isEqualTo(200);
    }

    @Test
    void a_deposit_whose_answer_was_lost_counts_once() throws IOException {
        try (var proxy = LosingProxy.before(URI.create(node.url()));
                var behind = ParviClient.connect(proxy.url())) {
            var account = AccountHttpClient.of(behind, "unlucky");
            for (var n = 1; n <= 10; n++) {
                var reply = account.deposit(deposit(1)).send();
                assertThat(reply.isReplayed()).isTrue();
                assertThat(reply.value().getBalance()).isEqualTo(n);
                assertThat(reply.revision()).isEqualTo(n);
            }
        }
    }

    @Test
    void what_is_refused_is_told_with_its_code_and_field() {
        var account = AccountHttpClient.of(parvi, "poor");

        assertThat(failure(() -> account.withdraw(withdraw(1)).send())).isEqualTo("409 failed-precondition []");
        assertThat(failure(() -> account.deposit(deposit(0)).send())).isEqualTo("422 invalid-argument [amount]");
        account.deposit(deposit(1)).ifRevision(0).send();
        assertThat(failure(() -> account.deposit(deposit(1)).ifRevision(0).send()))
                .isEqualTo("412 revision-mismatch []");
    }

    @Test
    void the_outcome_of_a_command_is_found_by_its_key() {
        var account = AccountHttpClient.of(parvi, "asked");
        account.deposit(deposit(100)).withKey("order 17/a").send();

        var outcome = account.outcome("order 17/a").send().value();
        assertThat(outcome.isStored()).isTrue();
        assertThat(outcome.method()).isEqualTo("Deposit");
        assertThat(outcome.revision()).isEqualTo(1);
        assertThat(outcome.reply(Balance.getDefaultInstance())).contains(balance(100));
        assertThat(account.outcome("order 18").send().value().isStored()).isFalse();
    }

    @Test
    void a_command_of_unknown_outcome_is_settled_by_sending_it_again() {
        var account = AccountHttpClient.of(parvi, "settled");
        var deposit = account.deposit(deposit(100)).within(Duration.ofSeconds(30));
        try {
            deposit.send();
        } catch (OutcomeUnknownException unknown) {
            deposit.send();
        }
        assertThat(account.get(GetRequest.getDefaultInstance()).send().value().getBalance())
                .isEqualTo(100);
    }

    @Test
    void events_come_as_they_happen() {
        var account = AccountHttpClient.of(parvi, "watched");
        for (var n = 1; n <= 3; n++) account.deposit(deposit(n)).send();
        var seen = new CopyOnWriteArrayList<Event<AccountEvent>>();

        account.eventsAfter(1).subscribe(collectingInto(seen));
        await().until(() -> seen.size() == 2);
        account.withdraw(withdraw(5)).send();
        await().until(() -> seen.size() == 3);

        assertThat(seen.stream().map(Event::revision)).containsExactly(2L, 3L, 4L);
        assertThat(seen.get(2).value().getWithdrawn().getAmount()).isEqualTo(5);
        assertThat(seen.get(2).method()).isEqualTo("Withdraw");
    }

    @Test
    void what_an_account_is_now_says_where_to_go_on() {
        var account = AccountHttpClient.of(parvi, "shown");
        for (var n = 1; n <= 3; n++) account.deposit(deposit(n)).send();
        var seen = new CopyOnWriteArrayList<Event<AccountEvent>>();

        var now = account.get(GetRequest.getDefaultInstance()).send();
        account.withdraw(withdraw(5)).send();
        account.eventsAfter(now.revision()).subscribe(collectingInto(seen));

        await().until(() -> !seen.isEmpty());
        assertThat(now.value().getBalance()).isEqualTo(6);
        assertThat(seen.get(0).revision()).isEqualTo(4);
        assertThat(seen.get(0).value().getWithdrawn().getAmount()).isEqualTo(5);
    }

    @Test
    void all_accounts_are_watched_from_now_on() {
        var cursor = AccountHttpClient.changesEnd(parvi).send().value();
        AccountHttpClient.of(parvi, "new").deposit(deposit(7)).send();
        var seen = new CopyOnWriteArrayList<Event<AccountEvent>>();

        AccountHttpClient.changes(parvi, cursor).subscribe(collectingInto(seen));

        await().until(() -> seen.stream().anyMatch(event -> event.id().equals("new")));
        assertThat(seen).anyMatch(event -> !event.cursor().isEmpty());
    }

    private static <E> Flow.Subscriber<Event<E>> collectingInto(List<Event<E>> seen) {
        return new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(Event<E> event) {
                seen.add(event);
            }

            @Override
            public void onError(Throwable closed) {}

            @Override
            public void onComplete() {}
        };
    }

    private static String failure(Runnable call) {
        try {
            call.run();
            return "nothing was refused";
        } catch (RejectedException refused) {
            var problem = refused.problem();
            return problem.status() + " " + problem.code() + " "
                    + problem.fields().stream().map(field -> field.name()).toList();
        }
    }

    private static DepositRequest deposit(long amount) {
        return DepositRequest.newBuilder().setAmount(amount).build();
    }

    private static WithdrawRequest withdraw(long amount) {
        return WithdrawRequest.newBuilder().setAmount(amount).build();
    }

    private static Balance balance(long amount) {
        return Balance.newBuilder().setBalance(amount).build();
    }
}
