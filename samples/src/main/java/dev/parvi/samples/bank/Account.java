package dev.parvi.samples.bank;

import static dev.parvi.entity.Rejection.Code.FAILED_PRECONDITION;
import static dev.parvi.entity.Rejection.Code.INVALID_ARGUMENT;
import static dev.parvi.entity.Rejection.Code.OUT_OF_RANGE;

import dev.parvi.entity.CommandContext;
import dev.parvi.entity.Effect;
import dev.parvi.entity.ReadEffect;

/** An account that never goes below zero. */
public final class Account extends AccountEntity {
    @Override
    protected Effect<Balance> deposit(AccountState state, DepositRequest command, CommandContext context) {
        if (command.getAmount() <= 0) return reject(INVALID_ARGUMENT, "amount", "amount must be positive");
        if (command.getAmount() > Long.MAX_VALUE - state.getBalance())
            return reject(OUT_OF_RANGE, "amount", "the balance would be too large");
        return persist(deposited(command.getAmount())).thenReply(Account::balance);
    }

    @Override
    protected Effect<Balance> withdraw(AccountState state, WithdrawRequest command, CommandContext context) {
        if (command.getAmount() <= 0) return reject(INVALID_ARGUMENT, "amount", "amount must be positive");
        if (command.getAmount() > state.getBalance()) return reject(FAILED_PRECONDITION, "balance is too low");
        return persist(withdrawn(command.getAmount())).thenReply(Account::balance);
    }

    @Override
    protected ReadEffect<Balance> get(AccountState state, GetRequest query, CommandContext context) {
        return reply(balance(state));
    }

    @Override
    protected AccountState deposited(AccountState state, Deposited event) {
        return state.toBuilder()
                .setBalance(state.getBalance() + event.getAmount())
                .build();
    }

    @Override
    protected AccountState withdrawn(AccountState state, Withdrawn event) {
        return state.toBuilder()
                .setBalance(state.getBalance() - event.getAmount())
                .build();
    }

    private static Balance balance(AccountState state) {
        return Balance.newBuilder().setBalance(state.getBalance()).build();
    }
}
