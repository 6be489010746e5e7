package dev.parvi.samples.bank;

import static dev.parvi.entity.Rejection.Code.FAILED_PRECONDITION;
import static dev.parvi.entity.Rejection.Code.INVALID_ARGUMENT;
import static dev.parvi.entity.Rejection.Code.OUT_OF_RANGE;
import static dev.parvi.samples.bank.AccountEntity.deposited;
import static dev.parvi.samples.bank.AccountEntity.withdrawn;

import dev.parvi.testkit.EntityScenario;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AccountTest {
    private final EntityScenario<AccountState, AccountEvent> account = EntityScenario.of(new Account());

    @Test
    void a_deposit_adds_to_the_balance() {
        account.when("Deposit", deposit(100)).thenEvents(deposited(100)).thenReply(balance(100));
    }

    @Test
    void a_withdrawal_takes_from_the_balance() {
        account.given(deposited(100))
                .when("Withdraw", withdraw(30))
                .thenEvents(withdrawn(30))
                .thenReply(balance(70));
    }

    @Test
    void the_balance_never_goes_below_zero() {
        account.given(deposited(100))
                .when("Withdraw", withdraw(101))
                .thenRejected(FAILED_PRECONDITION)
                .thenNoEvents()
                .when("Withdraw", withdraw(100))
                .thenReply(balance(0));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void an_amount_must_be_positive(long amount) {
        account.given(deposited(100))
                .when("Deposit", deposit(amount))
                .thenRejected(INVALID_ARGUMENT, "amount")
                .when("Withdraw", withdraw(amount))
                .thenRejected(INVALID_ARGUMENT, "amount");
    }

    @Test
    void the_balance_never_overflows() {
        account.given(deposited(Long.MAX_VALUE)).when("Deposit", deposit(1)).thenRejected(OUT_OF_RANGE, "amount");
    }

    @Test
    void a_retry_with_the_same_key_takes_nothing_again() {
        account.given(deposited(100))
                .withKey("k1")
                .when("Withdraw", withdraw(30))
                .withKey("k1")
                .when("Withdraw", withdraw(30))
                .thenReply(balance(70))
                .thenNoEvents();
    }

    @Test
    void a_query_tells_the_balance() {
        account.given(deposited(100), withdrawn(30))
                .when("Get", GetRequest.getDefaultInstance())
                .thenReply(balance(70));
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
